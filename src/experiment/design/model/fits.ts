import { randomStream } from "../../../base/random.ts";
import type { FeatureMap } from "../../../hypothesis/features.ts";
import {
  type FittedProcess,
  fitGaussianProcess,
  USUAL_KERNELS,
} from "../../../hypothesis/surrogate/fit-gaussian-process.ts";
import { type TrainingData } from "../../../hypothesis/surrogate/gaussian-process.ts";
import type { Surrogate } from "../../../hypothesis/surrogate/surrogate.ts";
import { type SurrogateTuning, surrogateTuning } from "../../../hypothesis/surrogate/surrogate-tuning.ts";
import { spaceFeatures } from "../../space/space-features.ts";
import type { Problem } from "../task/problem.ts";
import type { ChoiceTask } from "./choice-task.ts";

/** The surrogate of a problem. */
export function surrogateOf({ hypotheses }: Problem): Surrogate | undefined {
  return hypotheses.find((each) => each.kind === "surrogate");
}

/** What is tuned in the surrogate of a problem; kernels are the one that it names, or the usual ones. */
export function tuningFor(problem: Problem, groups?: Int32Array): SurrogateTuning {
  return surrogateTuning(surrogateOf(problem), spaceFeatures(problem.space), USUAL_KERNELS, groups);
}

/** The fits of a name in a decision, made when they are first asked for. */
export function fitsOf(
  task: ChoiceTask,
  name: string,
  map: FeatureMap,
  data: TrainingData,
): readonly FittedProcess[] {
  const known = task.learned.fits.get(name);
  if (known !== undefined) return known;
  const { problem, decision } = task;
  const fitted = fitGaussianProcess(data, {
    ...surrogateTuning(surrogateOf(problem), map, USUAL_KERNELS),
    random: randomStream(problem.seed, decision, name),
  });
  task.learned.fits.set(name, fitted);
  return fitted;
}
