import type { Setting } from "../../hypothesis/parameter.ts";
import { type ChoiceTask, nothingLearned } from "../design/model/choice-task.ts";
import { measurementAt, scoreModelOf } from "../design/model/score-model.ts";
import type { DecisionTask } from "../design/task/decision-task.ts";
import { type Objective, objectivesOf } from "../design/task/problem.ts";
import { spaceFeatures } from "../space/space-features.ts";
import { predictionBy } from "./average-prediction.ts";
import { intervalWidth } from "./interval-width.ts";

/** What one measurement at a setting is expected to give; in the measurement's unit. */
export interface MeasurementForecast {
  readonly mean: number;
  /** Limits between which 90 % of measurements are expected, noise included. */
  readonly lower: number;
  readonly upper: number;
}

/**
 * Forecasts the measurements that are to be optimised (the goal's measurement where it is another goal) by the surrogate.
 *
 * @returns one entry for each setting; empty ones before the first result
 */
export function predict(
  task: Omit<DecisionTask, "count" | "pending">,
  settings: readonly Setting[],
): Readonly<Record<string, MeasurementForecast>>[] {
  const { problem } = task;
  // A target is a value of the measurement: what is forecast is the measurement, not its distance.
  const objectives = objectivesOf(problem.goal).map(
    (each): Objective =>
      each.direction.kind === "target" ? { ...each, direction: { kind: "maximise" } } : each,
  );
  const choice: ChoiceTask = { ...task, pending: [], learned: nothingLearned() };
  const forecasts = objectives.flatMap((objective) => {
    const model = scoreModelOf(choice, objective);
    if (model === undefined) return [];
    const inUnit = (score: number): number => measurementAt(model, objective, score);
    const noise = model.members.reduce(
      (sum, { process, weight }) => sum + weight * process.hyper.noise * process.scale * process.scale,
      0,
    );
    const process = model.members[0]?.process;
    const width =
      process === undefined ? 0 : intervalWidth(process, spaceFeatures(problem.space), problem.seed);
    const predicted = predictionBy(model, problem.space);
    return {
      measurement: objective.measurement,
      at: (setting: Setting): MeasurementForecast => {
        const { mean, sd } = predicted(setting);
        const reach = width * Math.sqrt(sd * sd + noise);
        const ends = [mean - reach, mean + reach].map(inUnit);
        return { mean: inUnit(mean), lower: Math.min(...ends), upper: Math.max(...ends) };
      },
    };
  });
  return settings.map((setting) =>
    Object.fromEntries(forecasts.map(({ measurement, at }) => [measurement, at(setting)])),
  );
}
