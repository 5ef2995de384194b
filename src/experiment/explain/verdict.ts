import type { Importance, Outlook, Trust } from "./explanation.ts";

/** What the numbers come to, in one sentence for people. */
export function verdictOf(
  observations: number,
  trust: Trust | undefined,
  importance: readonly Importance[],
  outlook: Outlook | undefined,
): string {
  if (trust === undefined) return `${observations} results are too few to judge the model by`;
  if (trust.r2 <= 0.1)
    return "the model predicts no better than the mean of the results: no parameter seems to matter yet";
  const [first] = importance;
  const matters =
    first === undefined || first.total < 0.05
      ? ""
      : `; ${first.parameter} matters most (${percent(first.total)})`;
  if (trust.coverage90 < 0.75)
    return `the model is too sure of itself: only ${percent(trust.coverage90)} of the results lie within its 90 % intervals${matters}`;
  if (outlook !== undefined && outlook.withinTolerance >= 0.95)
    return `the best setting is near enough to the optimum with ${percent(outlook.withinTolerance)} probability: further experiments promise little${matters}`;
  return `the model explains ${percent(Math.max(0, trust.r2))} of the variation${matters}`;
}

function percent(share: number): string {
  return `${Math.round(100 * Math.min(1, share))} %`;
}
