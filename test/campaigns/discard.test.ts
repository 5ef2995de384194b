import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { labloopIn, testFolder } from "../support/labloop.ts";

const MAIN = resolve("dist/src/operator/cli/main.js");

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
  const run = [
    "run",
    "campaign.yaml",
    "--simulate",
    "--real-time",
    "--json",
    "--quiet",
    "--db",
    "labloop.db",
  ];
  const child = spawn(process.execPath, [MAIN, ...run], { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
  const events: Event[] = [];
  const statuses: unknown[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as Event;
    events.push(event);
    // It waits for an hour now.
    if (event.action === "set-setpoint") {
      const { status } = await labloopIn(folder, "discard", "--quiet");
      statuses.push(status);
    }
  }
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
