import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { followed, labloopIn, testFolder } from "../support/labloop.ts";

const CAMPAIGN = `labloop: 1
name: spilled
seed: 1
parameters:
  setpoint: { min: 20 degC, max: 30 degC, step: 1 degC }
procedure:
  - { do: bath.set-setpoint, with: { setpoint: setpoint }, within: 1 min }
  - wait: 1 h
  - { measure: bath.read, as: seen, within: 1 min }
  - { do: bath.stop, within: 1 min, always: true }
measurements:
  temperature: { expression: seen.temperature, unit: degC, noise: 1 K }
goal: { maximise: temperature }
budget: { experiments: 2 }
`;

const LAB = `labloop: 1
name: bench
instruments:
  bath: { driver: julabo/circulator }
`;

interface Event {
  readonly event: string;
  readonly experiment?: number;
  readonly action?: string;
  readonly request?: string;
}

it("a sample that another process discards is cleaned up after, and the next experiment begins", async () => {
  const folder = testFolder();
  writeFileSync(join(folder, "campaign.yaml"), CAMPAIGN);
  writeFileSync(join(folder, "lab.yaml"), LAB);
  const statuses: unknown[] = [];
  const { events } = await followed<Event>(
    folder,
    ["run", "campaign.yaml", "--simulate", "--real-time"],
    async ({ action }) => {
      // It waits for an hour now.
      if (action === "set-setpoint") statuses.push((await labloopIn(folder, "discard", "--quiet")).status);
    },
  );
  expect(statuses).toEqual([0, 0]);
  expect(
    events.map(({ event, experiment, action, request }) => [event, experiment, action ?? request]),
  ).toEqual(
    expect.arrayContaining([
      ["person.requested", undefined, "discard"],
      ["action.finished", 1, "stop"],
      ["action.finished", 2, "set-setpoint"],
      ["action.finished", 2, "stop"],
    ]),
  );
  expect(events.some(({ event }) => event === "measurement.recorded")).toBe(false);
  expect(events.at(-1)).toMatchObject({ event: "campaign.concluded", experiments: 2 });
});
