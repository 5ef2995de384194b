import { describe, expect, it } from "vitest";
import type { PerformCommand } from "./command.ts";
import type { LoopEvent } from "./event.ts";
import { History, NOTHING_LEARNED } from "./history.ts";

function perform(id: string, volume: number): PerformCommand {
  const about = { kind: "perform", id, experiment: 1, role: "dye", action: "dispense" } as const;
  return { ...about, arguments: { volume }, effect: "once", within: 1e6 };
}

function finished(command: string, volume: number): LoopEvent {
  const about = {
    type: "action.finished",
    command,
    experiment: 1,
    instrument: "dye",
    action: "dispense",
  } as const;
  return { ...about, arguments: { volume }, readings: { volume, pressure: 3 } };
}

const OPTIONS = {
  roles: { dye: "pump-2" },
  estimate: ({ arguments: given }: Pick<PerformCommand, "arguments">) => 1000 * Number(given["volume"]),
  learned: NOTHING_LEARNED,
};

/** Ten dispensings of 1 … 10 mL that take 1.5 s for each. */
function tenDispensings(history: History): void {
  for (let i = 1; i <= 10; i++) {
    history.observe({ type: "timer.elapsed", command: "0", experiment: 1 }, 0, [perform(`1.${i}`, i)]);
    history.observe(finished(`1.${i}`, i), 1500 * i, []);
  }
}

describe("the history of a campaign", () => {
  it("learns how long the actions of an instrument take, by what they are asked for", () => {
    const history = new History(OPTIONS);
    tenDispensings(history);
    expect(Object.keys(history.learned().durations)).toEqual(["pump-2.dispense"]);
    const small = history.overdue(perform("1.11", 1));
    const large = history.overdue(perform("1.11", 10));
    expect(small?.usual.quantile(0.5)).toBeGreaterThan(1300);
    expect(small?.usual.quantile(0.5)).toBeLessThan(1600);
    expect(large?.usual.quantile(0.5)).toBeGreaterThan(14_000);
    expect(large?.after).toBeGreaterThan(15_000);
  });

  it("goes on from what was learned before", () => {
    const first = new History(OPTIONS);
    tenDispensings(first);
    const second = new History({ ...OPTIONS, learned: JSON.parse(JSON.stringify(first.learned())) });
    expect(second.overdue(perform("1.1", 3))?.after).toBe(first.overdue(perform("1.1", 3))?.after);
  });

  it("learns nothing from what was under way when a person or an interlock stepped in", () => {
    const history = new History(OPTIONS);
    history.observe({ type: "timer.elapsed", command: "0", experiment: 1 }, 0, [perform("1.1", 1)]);
    history.observe({ type: "person.requested", request: "pause", by: "ada" }, 100, []);
    history.observe(finished("1.1", 1), 1e6, []);
    expect(history.learned().durations).toEqual({});
  });
});
