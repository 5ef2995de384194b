import { describe, expect, it } from "vitest";
import { History } from "../../loop/history.ts";
import type { UnlikePolicy } from "../../loop/suspicion.ts";
import { SIMULATED } from "../ask-person.ts";
import { judgeMeasurement } from "./judge-measurement.ts";

/** Misses of twenty experiments, of about one predicted standard deviation. */
const RUNS = Array.from({ length: 20 }, (_, i) => {
  return { setting: { x: i }, readings: {}, durations: {}, residuals: { y: ((i * 7) % 20) / 6 - 1.6 } };
});

/** A history that expected y to be 0 ± 1 in experiment 1. */
function history(): History {
  const made = new History({ roles: {}, estimate: () => 0, learned: { durations: {}, runs: RUNS } });
  const reasons = {
    method: "largest variance",
    predicted: { y: { mean: 0, sd: 1 } },
    perHypothesis: [],
  } as const;
  const suggestions = [{ setting: { x: 3 }, reasons }];
  made.observe({ type: "suggestion.made", command: "decide.1", decision: 1, suggestions }, 0, []);
  return made;
}

function judged(policy: UnlikePolicy, y: number, answers: readonly string[] = []) {
  const left = [...answers];
  const values = { y: { value: y, unit: "1", standardUncertainty: 0 } };
  return judgeMeasurement(
    {
      history: history(),
      policy,
      ask: async () => left.shift() ?? SIMULATED,
      signal: new AbortController().signal,
    },
    { experiment: 1, setting: { x: 3 }, measured: { values, unusable: [] } },
  );
}

describe("a measurement that is unlike those before", () => {
  it("is marked with what is unusual about it", async () => {
    const { suspect, unusable, judgedBy } = await judged("note", 20);
    expect(suspect).toMatchObject([{ what: "residual", of: "y", value: 20 }]);
    expect(unusable).toEqual([]);
    expect(judgedBy).toBeUndefined();
  });

  it("is left as it was when it is like the others", async () => {
    expect(await judged("discard", 1)).toEqual({
      values: { y: { value: 1, unit: "1", standardUncertainty: 0 } },
      unusable: [],
    });
  });

  it("becomes what a person says, asked until the answer is one", async () => {
    expect(await judged("ask", 20, ["?", "Discard"])).toMatchObject({
      judgedBy: "a person",
      unusable: [expect.stringContaining("y is 20 predicted")],
    });
    expect(await judged("ask", 20, ["repeat"])).toMatchObject({ judgedBy: "a person", withheld: true });
    expect(await judged("ask", 20, ["keep"])).toMatchObject({ judgedBy: "a person", unusable: [] });
  });

  it("is kept where nobody is there to ask", async () => {
    expect(await judged("ask", 20)).toMatchObject({ judgedBy: "simulated", unusable: [] });
  });
});
