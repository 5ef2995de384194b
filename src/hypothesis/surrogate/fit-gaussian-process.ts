import type { Random } from "../../base/random.ts";
import { type BoxMinimum, type BoxOptions, exp, minimiseInBox } from "../../numerics/index.ts";
import {
  conditionOn,
  type GaussianProcess,
  type HyperParameters,
  type TrainingData,
} from "./gaussian-process.ts";
import type { Kernel } from "./kernel.ts";
import { type LogPrior, negativeLogPosterior, priorsFor } from "./marginal-likelihood.ts";
import { bestAndRandom, rowsOf } from "./training-data.ts";

/** How a Gaussian process is fitted. */
export interface FitOptions {
  /** Shapes that compete; the data say which one fits better. */
  readonly kernels: readonly Kernel[];
  /** Length-scale that each feature belongs to; shape (dimension). */
  readonly groups: Int32Array;
  readonly groupCount: number;
  /** Draws further starting points, and the data that a fit of many looks at. */
  readonly random: Random;
  /** Result of an earlier fit to start from. */
  readonly warmStart?: readonly number[] | undefined;
}

/** Kernels that compete where none is named: a rough function and a smooth one. */
export const USUAL_KERNELS: readonly Kernel[] = ["matern52", "rbf"];

/** A fitted process with what the next fit can start from. */
export interface FittedProcess {
  readonly process: GaussianProcess;
  readonly logParameters: readonly number[];
  /** Share of the posterior that this tuning stands for; those of one fit sum to 1. */
  readonly weight: number;
  /** ln of the posterior density of the tuning, up to a constant, given the data that the fit looked at. */
  readonly logPosterior: number;
}

/** A search on few data is quick, so that it can start from several places; its results are polished on more. */
const SEARCH = { data: 40, iterations: 25 } as const;
/** Random starts beside the usual one: few data leave several explanations open. */
const RANDOM_STARTS = { fewData: 24, withFew: 3, withMore: 1 } as const;
/**
 * A tuning that fits 100 points fits the others: its uncertainty is below a tenth of a length-scale by then, and the
 * cost of a likelihood grows with the cube of the data.
 */
const POLISH = { data: 100, iterations: 8 } as const;
/** Tunings that are less probable than the best by e⁻³ have no say; nor do those that are the same to 30 %. */
const MODES = { most: 3, within: 3, apart: 0.3 } as const;

/**
 * Finds the most probable tunings of a Gaussian process (type-II maximum a posteriori) by L-BFGS on the logarithms of
 * its parameters: from several starts on few of the data, then from the best of these on more of them.
 *
 * @returns the most probable first; none when there are no data, or no covariance that has a factor
 */
export function fitGaussianProcess(data: TrainingData, options: FitOptions): FittedProcess[] {
  return fitterOf(data, options)(data);
}

/** Fits data that differ from each other in the variances of some values only. */
export type Fitter = (data: TrainingData) => FittedProcess[];

/**
 * Makes {@link fitGaussianProcess} for data that will be fitted again with other variances: all fits look at the same
 * rows from the same starts, and what a change doesn't touch is not searched for again.
 */
export function fitterOf(data: TrainingData, options: FitOptions): Fitter {
  if (data.count === 0) return () => [];
  const { kernels, random } = options;
  const few = bestAndRandom(data, SEARCH.data, 0, random);
  const starts = startingPoints(rowsOf(data, few), options);
  const more = bestAndRandom(data, POLISH.data, 0, random);
  const areAll = few.length === data.count;
  const searched = remembering(few, (changed) => {
    const part = rowsOf(changed, few);
    const found = kernels.flatMap((kernel) =>
      search({ data: part, kernel, starts, options, iterations: SEARCH.iterations }),
    );
    return distinctModes(found, areAll ? MODES.most : 1);
  });
  const polished = remembering([...few, ...more], (changed) => {
    const part = rowsOf(changed, more);
    return searched(changed).flatMap(({ kernel, x }) =>
      search({ data: part, kernel, starts: [x], options, iterations: POLISH.iterations }),
    );
  });
  return (changed) => weighed(changed, areAll ? searched(changed) : polished(changed), options);
}

/** What work makes of data, kept until the variance of one of these rows is another. */
function remembering<T>(rows: readonly number[], work: (data: TrainingData) => T): (data: TrainingData) => T {
  let last: { readonly variances: Float64Array; readonly result: T } | undefined;
  return (data) => {
    const { variances } = data;
    const known = last;
    if (known !== undefined && rows.every((row) => known.variances[row] === variances[row]))
      return known.result;
    const result = work(data);
    last = { variances, result };
    return result;
  };
}

/** A peak of the posterior under a kernel. */
interface Mode extends BoxMinimum {
  readonly kernel: Kernel;
}

interface PeakSearch {
  readonly data: TrainingData;
  readonly kernel: Kernel;
  readonly starts: readonly Float64Array[];
  readonly options: FitOptions;
  readonly iterations: number;
}

function search({ data, kernel, starts, options, iterations }: PeakSearch): Mode[] {
  const priors = priorsFor(options.groupCount, data);
  const objective = negativeLogPosterior(data, { ...options, kernel }, priors);
  const limits: BoxOptions = {
    lower: Float64Array.from(priors, (prior) => prior.minimum),
    upper: Float64Array.from(priors, (prior) => prior.maximum),
    iterations,
    gradientTolerance: 1e-2,
    valueTolerance: 1e-4,
  };
  return starts
    .map((start) => ({ ...minimiseInBox(objective, start, limits), kernel }))
    .filter(({ value }) => Number.isFinite(value));
}

function startingPoints(data: TrainingData, { groupCount, warmStart, random }: FitOptions): Float64Array[] {
  const priors: readonly LogPrior[] = priorsFor(groupCount, data);
  const starts = [Float64Array.from(priors, (prior) => prior.start)];
  if (warmStart?.length === priors.length) starts.push(Float64Array.from(warmStart));
  const more = data.count <= RANDOM_STARTS.fewData ? RANDOM_STARTS.withFew : RANDOM_STARTS.withMore;
  for (let k = 0; k < more; k++)
    starts.push(Float64Array.from(priors, (prior) => prior.start + random.normal()));
  return starts;
}

/** The most probable peaks that differ in their kernel or in at least one parameter. */
function distinctModes(found: readonly Mode[], most: number): Mode[] {
  const modes: Mode[] = [];
  const ordered = [...found].sort((a, b) => a.value - b.value);
  for (const each of ordered) {
    if (modes.length === most || each.value > (ordered[0] as Mode).value + MODES.within) break;
    const known = modes.some(
      ({ x, kernel }) =>
        kernel === each.kernel &&
        x.every((value, i) => Math.abs(value - (each.x[i] as number)) < MODES.apart),
    );
    if (!known) modes.push(each);
  }
  return modes;
}

function weighed(data: TrainingData, modes: readonly Mode[], { groups }: FitOptions): FittedProcess[] {
  const best = modes[0]?.value ?? 0;
  const fitted = modes.flatMap(({ x, value, kernel }) => {
    const logParameters = [...x];
    const process = withLogParameters(data, logParameters, { kernel, groups });
    return process === undefined
      ? []
      : [{ process, logParameters, weight: exp(best - value), logPosterior: -value }];
  });
  const total = fitted.reduce((sum, { weight }) => sum + weight, 0);
  return fitted.map((each) => ({ ...each, weight: each.weight / total }));
}

/** Conditions on data with the tuning of an earlier fit. */
export function withLogParameters(
  data: TrainingData,
  logParameters: readonly number[],
  options: { readonly kernel: Kernel; readonly groups: Int32Array },
): GaussianProcess | undefined {
  return conditionOn(data, hyperParametersOf(logParameters, options.groups), options.kernel);
}

function hyperParametersOf(logParameters: readonly number[], groups: Int32Array): HyperParameters {
  const groupCount = logParameters.length - 3;
  const lengths = Float64Array.from(groups, (group) => exp(logParameters[group] as number));
  return {
    lengths,
    signal: exp(logParameters[groupCount] as number),
    noise: exp(logParameters[groupCount + 1] as number),
    mean: logParameters[groupCount + 2] as number,
  };
}
