import { randomStream } from "../../base/random.ts";
import type { FeatureMap } from "../../hypothesis/features.ts";
import {
  type FittedProcess,
  fitGaussianProcess,
  USUAL_KERNELS,
} from "../../hypothesis/surrogate/fit-gaussian-process.ts";
import type { TrainingData } from "../../hypothesis/surrogate/gaussian-process.ts";
import type { ChoiceTask } from "./choice-task.ts";

/** The fits of a name in a decision, made when they are first asked for. */
export function fitsOf(
  task: ChoiceTask,
  name: string,
  map: FeatureMap,
  data: TrainingData,
): readonly FittedProcess[] {
  const known = task.fits.get(name);
  if (known !== undefined) return known;
  const { problem, decision } = task;
  const surrogate = problem.hypotheses.find((each) => each.kind === "surrogate");
  const fitted = fitGaussianProcess(data, {
    kernels: surrogate?.kernel === undefined ? USUAL_KERNELS : [surrogate.kernel],
    groups: map.groups,
    groupCount: map.groupCount,
    random: randomStream(problem.seed, decision, name),
  });
  task.fits.set(name, fitted);
  return fitted;
}
