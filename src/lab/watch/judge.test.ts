import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { type Condition, type History, holds, type Sample, withSample } from "./judge.ts";

const SECOND = 1000;

/** Values one second apart, beginning at 0. */
function history(...values: readonly number[]): History {
  return { since: 0, samples: values.map((value, i) => ({ at: i * SECOND, value })) };
}

/** Whether a condition holds after each of some values, with what it did before. */
function course(condition: Condition, values: readonly number[]): boolean[] {
  let held = false;
  return values.map((_, i) => {
    held = holds(condition, history(...values.slice(0, i + 1)), i * SECOND, held);
    return held;
  });
}

const above: Condition = { kind: "above", limit: 90, hysteresis: 5, text: "" };
const below: Condition = { kind: "below", limit: 10, hysteresis: 5, text: "" };
const rate: Condition = { kind: "rate", most: 1, over: 10 * SECOND, text: "" };
const stale: Condition = { kind: "stale", after: 10 * SECOND, text: "" };
const apart: Condition = { kind: "apart", within: 3, hysteresis: 1, text: "" };

describe("a limit", () => {
  it("is kept by what lies on it", () => {
    expect(course(above, [90, 90.1])).toEqual([false, true]);
    expect(course(below, [10, 9.9])).toEqual([false, true]);
  });

  it("that was left holds until the value is back by the hysteresis", () => {
    expect(course(above, [91, 89, 86, 85, 89, 91])).toEqual([true, true, true, false, false, true]);
    expect(course(below, [9, 11, 14, 15, 11, 9])).toEqual([true, true, true, false, false, true]);
  });

  it("without a reading is as it was", () => {
    expect(holds(above, history(), 0, true)).toBe(true);
    expect(holds(above, history(), 0, false)).toBe(false);
  });

  prop.prop([fc.array(fc.double({ min: 80, max: 90, noNaN: true }), { minLength: 1, maxLength: 50 })])(
    "never holds for values within it",
    (values) => {
      expect(course(above, values)).not.toContain(true);
    },
  );

  prop.prop([fc.array(fc.double({ min: 85.01, max: 95, noNaN: true }), { minLength: 1, maxLength: 50 })])(
    "changes its mind at most once while the value stays beyond the hysteresis",
    (values) => {
      const held = course(above, [91, ...values]);
      expect(held).not.toContain(false);
    },
  );
});

describe("a rate", () => {
  it("is the change within the window, up or down", () => {
    expect(course(rate, [0, 9, 10, 10.1])).toEqual([false, false, false, true]);
    expect(course(rate, [0, -9, -10.1])).toEqual([false, false, true]);
  });

  it("forgets what lies before the window", () => {
    expect(course(rate, [0, ...Array<number>(10).fill(8), 11])).not.toContain(true);
  });

  it("isn't taken in by a value that comes back, but by the largest change", () => {
    expect(course(rate, [0, 0, 12])).toEqual([false, false, true]);
    expect(course(rate, [0, 6, -5])).toEqual([false, false, true]);
  });

  const slopes = fc.record({
    slope: fc.double({ min: 0.01, max: 1, noNaN: true }),
    down: fc.boolean(),
    from: fc.double({ min: -300, max: 300, noNaN: true }),
    count: fc.integer({ min: 1, max: 60 }),
  });

  prop.prop([slopes])("never holds for a ramp that isn't faster", ({ slope, down, from, count }) => {
    const ramp = Array.from({ length: count }, (_, i) => from + (down ? -slope : slope) * i);
    expect(course(rate, ramp)).not.toContain(true);
  });

  prop.prop([slopes])("holds for every faster ramp, within its window", ({ slope, down, from }) => {
    const fast = (down ? -1 : 1) * (1.01 + slope);
    const ramp = Array.from({ length: 12 }, (_, i) => from + fast * i);
    expect(course(rate, ramp).slice(0, 11)).toContain(true);
  });
});

describe("staleness", () => {
  it("counts from the newest reading, and from the beginning where there is none", () => {
    expect(holds(stale, history(1, 2), 11 * SECOND, false)).toBe(false);
    expect(holds(stale, history(1, 2), 11 * SECOND + 1, false)).toBe(true);
    expect(holds(stale, history(), 10 * SECOND, false)).toBe(false);
    expect(holds(stale, history(), 10 * SECOND + 1, false)).toBe(true);
  });
});

describe("plausibility", () => {
  const sample = (value: number, against: number): History => ({
    since: 0,
    samples: [{ at: 0, value, against }],
  });

  it("is the difference of two readings, with hysteresis", () => {
    expect(holds(apart, sample(20, 23), 0, false)).toBe(false);
    expect(holds(apart, sample(20, 23.1), 0, false)).toBe(true);
    expect(holds(apart, sample(20, 22.5), 0, true)).toBe(true);
    expect(holds(apart, sample(20, 22), 0, true)).toBe(false);
  });

  prop.prop([
    fc.double({ min: -300, max: 300, noNaN: true }),
    fc.double({ min: -300, max: 300, noNaN: true }),
  ])("is the same whichever is compared with the other", (a, b) => {
    expect(holds(apart, sample(a, b), 0, false)).toBe(holds(apart, sample(b, a), 0, false));
  });
});

describe("a history", () => {
  prop.prop([fc.array(fc.integer({ min: 1, max: 5000 }), { maxLength: 60 })])(
    "keeps what a window reaches, in order, and nothing else",
    (gaps) => {
      let at = 0;
      let kept: History = { since: 0, samples: [] };
      const all: Sample[] = [];
      for (const gap of gaps) {
        at += gap;
        all.push({ at, value: at });
        kept = withSample(kept, { at, value: at }, 10 * SECOND);
      }
      expect(kept.samples).toEqual(all.filter((each) => each.at >= at - 10 * SECOND));
    },
  );
});
