import type { Random } from "../../base/random.ts";
import { minimiseInBox } from "../../numerics/index.ts";
import {
  conditionOn,
  type GaussianProcess,
  type HyperParameters,
  type TrainingData,
} from "./gaussian-process.ts";
import type { Kernel } from "./kernel.ts";
import { type LogPrior, negativeLogPosterior, priorsFor } from "./marginal-likelihood.ts";

/** How a Gaussian process is fitted. */
export interface FitOptions {
  readonly kernel: Kernel;
  /** Length-scale that each feature belongs to; shape (dimension). */
  readonly groups: Int32Array;
  readonly groupCount: number;
  /** Draws further starting points. */
  readonly random: Random;
  /** Result of an earlier fit to start from. */
  readonly warmStart?: readonly number[] | undefined;
}

/** A fitted process with what the next fit can start from. */
export interface FittedProcess {
  readonly process: GaussianProcess;
  readonly logParameters: readonly number[];
}

/** Few data leave several explanations open, so that more starts pay; with many, one likelihood peak is left. */
const RANDOM_STARTS = { upTo: 30, count: 2 } as const;
/** With this many data a fit moves little from one observation to the next, and the default start adds nothing. */
const WARM_ONLY_FROM = 40;

/**
 * Finds the most probable tuning of a Gaussian process (type-II maximum a posteriori) by L-BFGS on the
 * logarithms of its parameters, from a few starts.
 *
 * @returns undefined when there are no data, or no covariance that has a factor
 */
export function fitGaussianProcess(data: TrainingData, options: FitOptions): FittedProcess | undefined {
  if (data.count === 0) return undefined;
  const priors = priorsFor(options.groupCount, data);
  const objective = negativeLogPosterior(data, options, priors);
  const limits = {
    lower: Float64Array.from(priors, (prior) => prior.minimum),
    upper: Float64Array.from(priors, (prior) => prior.maximum),
    scale: Float64Array.from(priors, () => 1),
    iterations: 60,
    gradientTolerance: 1e-2,
    valueTolerance: 1e-4,
  };
  let best: { x: Float64Array; value: number } | undefined;
  for (const start of startingPoints(priors, data.count, options)) {
    const found = minimiseInBox(objective, start, limits);
    if (Number.isFinite(found.value) && (best === undefined || found.value < best.value)) best = found;
  }
  if (best === undefined) return undefined;
  const logParameters = [...best.x];
  const process = conditionOn(data, hyperParametersOf(logParameters, options.groups), options.kernel);
  return process && { process, logParameters };
}

/** Conditions on data with the tuning of an earlier fit. */
export function withLogParameters(
  data: TrainingData,
  logParameters: readonly number[],
  options: Pick<FitOptions, "kernel" | "groups">,
): GaussianProcess | undefined {
  return conditionOn(data, hyperParametersOf(logParameters, options.groups), options.kernel);
}

function startingPoints(priors: readonly LogPrior[], count: number, options: FitOptions): Float64Array[] {
  const starts: Float64Array[] = [];
  const { warmStart, random } = options;
  if (warmStart?.length === priors.length) starts.push(Float64Array.from(warmStart));
  if (starts.length === 0 || count < WARM_ONLY_FROM)
    starts.push(Float64Array.from(priors, (prior) => prior.start));
  if (count <= RANDOM_STARTS.upTo) {
    for (let k = 0; k < RANDOM_STARTS.count; k++)
      starts.push(Float64Array.from(priors, (prior) => prior.start + random.normal()));
  }
  return starts;
}

function hyperParametersOf(logParameters: readonly number[], groups: Int32Array): HyperParameters {
  const groupCount = logParameters.length - 3;
  const lengths = Float64Array.from(groups, (group) => Math.exp(logParameters[group] as number));
  return {
    lengths,
    signal: Math.exp(logParameters[groupCount] as number),
    noise: Math.exp(logParameters[groupCount + 1] as number),
    mean: logParameters[groupCount + 2] as number,
  };
}
