import { describe, expect, it } from "vitest";
import type { Night } from "./night.ts";
import { outlookOn, spreadOf, useOver } from "./outlook.ts";

const HOUR = 3_600_000;

function night(k: number, changes: Partial<Night> = {}): Night {
  return {
    seed: k,
    from: 0,
    to: k * HOUR,
    reason: "goal reached",
    experiments: k,
    measured: k,
    best: { y: k },
    used: {},
    supplies: [],
    busy: { pump: (k * HOUR) / 2 },
    troubles: [],
    questions: [],
    actions: [],
    ...changes,
  };
}

describe("the outlook on a night", () => {
  it("is how nights were distributed, and how many were done in time", () => {
    const nights = Array.from({ length: 11 }, (_, k) => night(k));
    const outlook = outlookOn(nights, 7 * HOUR);
    expect(outlook.end).toEqual({ p10: HOUR, p50: 5 * HOUR, p90: 9 * HOUR });
    expect(outlook.doneBy).toBeCloseTo(8 / 11);
    expect(outlook.best["y"]?.p50).toBe(5);
    expect(outlook.busy["pump"]).toBeCloseTo(0.5 * (10 / 11));
  });

  it("takes the same trouble for one, whatever its numbers, and tells when it came first", () => {
    const trouble = (at: number, what: string) => ({ at, what });
    const outlook = outlookOn([
      night(1, {
        troubles: [trouble(HOUR, "no answer within 1.5 s"), trouble(2 * HOUR, "no answer within 3 s")],
      }),
      night(2, { troubles: [trouble(3 * HOUR, "no answer within 2 s")] }),
      night(3, { reason: "too many failures", questions: [trouble(HOUR, "look")] }),
    ]);
    expect(outlook.risks).toEqual([{ what: "no answer within … s", share: 2 / 3, after: 2 * HOUR }]);
    expect(outlook.questions).toEqual([{ what: "look", share: 1 / 3, after: HOUR }]);
    expect(outlook.reasons).toEqual({ "goal reached": 2 / 3, "too many failures": 1 / 3 });
  });
});

it("a use says in how many nights it came to the last", () => {
  expect(useOver("dye", [1, 2, 3, 4], 3)).toMatchObject({ usedUp: 0.5, available: 3 });
  expect(spreadOf([5])).toEqual({ p10: 5, p50: 5, p90: 5 });
});
