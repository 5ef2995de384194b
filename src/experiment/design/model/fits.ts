import { randomStream } from "../../../base/random.ts";
import type { FeatureMap } from "../../../hypothesis/features.ts";
import {
  type FittedProcess,
  fitGaussianProcess,
  USUAL_KERNELS,
} from "../../../hypothesis/surrogate/fit-gaussian-process.ts";
import { type TrainingData } from "../../../hypothesis/surrogate/gaussian-process.ts";
import type { Kernel } from "../../../hypothesis/surrogate/kernel.ts";
import type { Problem } from "../task/problem.ts";
import type { ChoiceTask } from "./choice-task.ts";

/** The kernels that compete for the surrogate of a problem: the one that it names, or the usual ones. */
export function kernelsFor({ hypotheses }: Problem): readonly Kernel[] {
  const surrogate = hypotheses.find((each) => each.kind === "surrogate");
  return surrogate?.kernel === undefined ? USUAL_KERNELS : [surrogate.kernel];
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
    kernels: kernelsFor(problem),
    groups: map.groups,
    groupCount: map.groupCount,
    random: randomStream(problem.seed, decision, name),
  });
  task.learned.fits.set(name, fitted);
  return fitted;
}
