import { expect, it } from "vitest";
import type { Outlook, Trust } from "./explanation.ts";
import { verdictOf } from "./verdict.ts";

const trust: Trust = { r2: 0.8, coverage90: 0.9, relativeCrps: 0.4 };
const outlook: Outlook = { tolerance: 1, withinTolerance: 0.4, gainOfNext: 1, gainLeft: 2 };
const importance = [{ parameter: "heat", alone: 0.5, total: 0.613 }];
const minor = [{ parameter: "heat", alone: 0, total: 0.04 }];

it.each([
  ["3 results are too few to judge the model by", verdictOf(3, undefined, importance, outlook)],
  [
    "the model predicts no better than the mean of the results: no parameter seems to matter yet",
    verdictOf(20, { ...trust, r2: 0.1 }, importance, outlook),
  ],
  [
    "the model is too sure of itself: only 74 % of the results lie within its 90 % intervals; heat matters most (61 %)",
    verdictOf(20, { ...trust, coverage90: 0.74 }, importance, outlook),
  ],
  [
    "the best setting is near enough to the optimum with 96 % probability: further experiments promise little; heat matters most (61 %)",
    verdictOf(20, trust, importance, { ...outlook, withinTolerance: 0.96 }),
  ],
  [
    "the model explains 80 % of the variation; heat matters most (61 %)",
    verdictOf(20, trust, importance, outlook),
  ],
  ["the model explains 80 % of the variation", verdictOf(20, trust, [], undefined)],
  ["the model explains 80 % of the variation", verdictOf(20, trust, minor, outlook)],
])("the verdict is: %s", (sentence, verdict) => {
  expect(verdict).toBe(sentence);
});

it("a parameter with all the influence has no more than that", () => {
  expect(verdictOf(20, trust, [{ parameter: "heat", alone: 1, total: 1.03 }], outlook)).toContain("(100 %)");
});
