import { randomStream } from "../../base/random.ts";
import type { DecisionTask } from "../../experiment/design/task/decision-task.ts";
import { type MeasurementForecast, predict } from "../../experiment/explain/predict.ts";
import { sampleFeasible } from "../../experiment/space/sample-feasible.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { scoreOf } from "../../loop/account.ts";

/** Where the surrogate expects the best result. */
export interface BelievedOptimum {
  readonly setting: Setting;
  readonly measurement: string;
  readonly forecast: MeasurementForecast;
  /** How many settings were looked at. */
  readonly among: number;
  /** Whether it has been tried. */
  readonly tried: boolean;
}

/** Settings that are looked at besides those that were tried. */
const LOOKED_AT = 2000;

/** The best of many settings by the surrogate's mean, for one objective without limits; undefined where that has no meaning. */
export function believedOptimum(task: Omit<DecisionTask, "count" | "pending">): BelievedOptimum | undefined {
  const { problem, data, decision } = task;
  const { goal, space, limits = [] } = problem;
  if (goal.kind !== "optimise" || goal.objectives.length !== 1 || limits.length > 0) return undefined;
  const [{ measurement }] = goal.objectives as [(typeof goal.objectives)[number]];
  const tried = data.filter(({ outcome }) => outcome.kind === "measured").map(({ setting }) => setting);
  if (tried.length < 2) return undefined;
  const random = randomStream(problem.seed, decision, "believed optimum");
  const settings = [...tried, ...(problem.candidates ?? sampleFeasible(space, LOOKED_AT, random))];
  let best: BelievedOptimum | undefined;
  let score = -Infinity;
  for (const [i, forecasts] of predict(task, settings).entries()) {
    const forecast = forecasts[measurement];
    if (forecast === undefined) continue;
    const own = scoreOf(goal.objectives, { [measurement]: forecast.mean });
    if (own <= score) continue;
    score = own;
    const setting = settings[i] as Setting;
    best = { setting, measurement, forecast, among: settings.length, tried: i < tried.length };
  }
  return best;
}
