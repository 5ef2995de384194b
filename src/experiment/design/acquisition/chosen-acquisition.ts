import { randomStream } from "../../../base/random.ts";
import { encodeAll } from "../../../hypothesis/features.ts";
import type { FittedProcess } from "../../../hypothesis/surrogate/fit-gaussian-process.ts";
import { spaceFeatures } from "../../space/space-features.ts";
import type { ChoiceTask } from "../model/choice-task.ts";
import type { ScoreModel } from "../model/score-model.ts";
import { keepsLimits, numbersOf } from "../task/outcome-limit.ts";
import type { AcquisitionName, Problem } from "../task/problem.ts";
import type { Acquisition } from "./acquisition.ts";
import { boldnessOf } from "./boldness.ts";
import { upperConfidenceBound } from "./confidence-bound.ts";
import { knowledgeGradient } from "./knowledge-gradient.ts";
import { scoreImprovement } from "./score-improvement.ts";
import { thompsonSample } from "./thompson.ts";

/**
 * How settings are compared by one score: as the design says, or by the confidence bound. What costs differ, or limits
 * may be broken, is weighed by an amount, which the bound is not: there it is the expected improvement.
 */
export function acquisitionName({ design, limits = [] }: Problem): AcquisitionName {
  if (design.acquisition !== undefined) return design.acquisition;
  return limits.length > 0 || design.cost !== undefined
    ? "log expected improvement"
    : "upper confidence bound";
}

/** The acquisition of the design over the score of one objective. */
export function chosenAcquisition(task: ChoiceTask, model: ScoreModel): Acquisition {
  const { problem, data, decision } = task;
  const { members, worst, best } = model;
  const bound = (): Acquisition =>
    upperConfidenceBound(members, problem.design.boldness ?? boldnessOf(problem, data.length), worst);
  switch (acquisitionName(problem)) {
    case "upper confidence bound":
      return bound();
    case "log expected improvement":
      return best === undefined ? bound() : scoreImprovement(members, best.score);
    case "thompson":
      return thompsonSample(members, worst, randomStream(problem.seed, decision, "thompson"));
    case "knowledge gradient": {
      const observed = measuredFeatures(task);
      return observed.length === 0
        ? bound()
        : knowledgeGradient((members[0] as FittedProcess).process, observed);
    }
  }
}

/** Features of the settings that gave a result within the limits. */
function measuredFeatures({ problem, data }: ChoiceTask): Float64Array {
  const { space, limits = [] } = problem;
  const kept = data.filter(
    ({ outcome }) => outcome.kind === "measured" && keepsLimits(limits, numbersOf(outcome)),
  );
  return encodeAll(
    spaceFeatures(space),
    kept.map(({ setting }) => setting),
  );
}
