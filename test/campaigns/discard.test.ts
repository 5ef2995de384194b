import { expect, it } from "vitest";
import { bathBench } from "../support/bath-bench.ts";
import { followed, labloopIn } from "../support/labloop.ts";

interface Event {
  readonly event: string;
  readonly experiment?: number;
  readonly action?: string;
  readonly request?: string;
}

it("a sample that another process discards is cleaned up after, and the next experiment begins", async () => {
  const folder = bathBench({ name: "spilled", budget: "experiments: 2", wait: "1 h", stops: true });
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
