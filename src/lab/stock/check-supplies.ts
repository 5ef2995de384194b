import type { Fault } from "../../base/fault.ts";
import { randomStream } from "../../base/random.ts";
import type { Campaign } from "../../campaign/compile/campaign.ts";
import { sampleFeasible } from "../../experiment/space/sample-feasible.ts";
import { forecast } from "../../loop/forecast.ts";
import { describeAmount, neededBy, type Supply } from "./supply.ts";

/** Settings whose use is looked at. */
const TRIED = 64;

/**
 * Warns where the budget of experiments can't be met with full stock and empty waste containers, at the mean use of
 * settings spread over the space.
 */
export function checkSupplies(supplies: readonly Supply[], { definition, roles }: Campaign): Fault[] {
  if (supplies.length === 0) return [];
  const { experiment, problem, budget } = definition;
  const settings = problem.candidates ?? sampleFeasible(problem.space, TRIED, randomStream(1, 0, "supplies"));
  const needs = settings.map((setting) =>
    neededBy(supplies, { forecast: forecast(experiment, setting), roles }),
  );
  return supplies.flatMap((supply, i): Fault[] => {
    const uses = needs.map((each) => each[i] ?? 0);
    const mean = uses.reduce((a, b) => a + b, 0) / Math.max(1, uses.length);
    const most = uses.reduce((a, b) => Math.max(a, b), 0);
    const room = supply.holds - supply.reserve;
    if (mean * budget.experiments <= room * (1 + 1e-9)) return [];
    const lasts = (use: number): number => Math.floor(room / use + 1e-9);
    const [about, at] = [mean, most].map((use) => describeAmount(supply, Number(use.toPrecision(3))));
    const verb = supply.kind === "stock" ? "lasts" : "has room";
    return [
      {
        code: "campaign.short-supply",
        message: `"${supply.name}" ${verb} for about ${lasts(mean)} of ${budget.experiments} experiments, which use ${about} each in the mean of settings that were tried, and for ${lasts(most)} of those that use most, ${at}`,
        advice:
          "the campaign ends before an experiment that it doesn't suffice for; provide more, or make the budget smaller",
        place: supply.place,
      },
    ];
  });
}
