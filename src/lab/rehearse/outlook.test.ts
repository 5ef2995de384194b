import { describe, expect, it } from "vitest";
import { randomStream } from "../../base/random.ts";
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
    const nights = Array.from({ length: 9 }, (_, k) => night(k));
    const outlook = outlookOn(nights, 6 * HOUR);
    // Nine nights part the line into ten pieces, in each of which the tenth lies with the same probability.
    expect(outlook.end).toEqual({ p10: 0, p50: 4 * HOUR, p90: 8 * HOUR });
    expect(outlook.doneBy).toBeCloseTo(7 / 9);
    expect(outlook.best["y"]?.p50).toBe(4);
    expect(outlook.busy["pump"]).toBeCloseTo(0.5 * (8 / 9));
  });

  it("is kept by one more night as often as it says, whatever nights are like", () => {
    const random = randomStream(3, 0, "nights");
    const draws = (count: number): number[] =>
      Array.from({ length: count }, () => Math.exp(2 * random.normal()));
    const tries = 20_000;
    let [low, high] = [0, 0];
    for (let k = 0; k < tries; k++) {
      const { p10, p90 } = spreadOf(draws(30));
      const [next = 0] = draws(1);
      if (next <= p10) low += 1;
      if (next <= p90) high += 1;
    }
    // Four standard deviations of a share of 20,000: 4 √(0.09 / 20,000).
    expect(Math.abs(low / tries - 0.1)).toBeLessThan(0.0085);
    expect(Math.abs(high / tries - 0.9)).toBeLessThan(0.0085);
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
