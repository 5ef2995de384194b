import type { Random } from "../../base/random.ts";
import { type BoxMinimum, type BoxOptions, exp, minimiseInBox } from "../../numerics/index.ts";
import type { Kernel } from "./covariance/kernel.ts";
import {
  hyperParametersOf,
  type LogPrior,
  priorsFor,
  type TuningLayout,
  type TuningOptions,
  tuningLayout,
} from "./covariance/tuning.ts";
import { conditionOn, type GaussianProcess, type TrainingData } from "./gaussian-process.ts";
import { negativeLogPosterior } from "./marginal-likelihood.ts";
import { bestAndRandom, rowsOf } from "./training-data.ts";

/** How a Gaussian process is fitted. */
export interface FitOptions extends Omit<TuningOptions, "kernel"> {
  /** Kernels that compete; the data say which one fits better. */
  readonly kernels: readonly Kernel[];
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
/** Data that a fit looks at, at most. */
export const MOST_LOOKED_AT: number = POLISH.data;
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
  const startsOf = startsFor(rowsOf(data, few), options);
  const rivals = kernels.map((kernel) => {
    const layout = tuningLayout({ ...options, kernel });
    return { kernel, layout, starts: startsOf(layout) };
  });
  const more = bestAndRandom(data, POLISH.data, 0, random);
  const areAll = few.length === data.count;
  const searched = remembering(few, (changed) => {
    const part = rowsOf(changed, few);
    const found = rivals.flatMap((rival) => search({ ...rival, data: part, iterations: SEARCH.iterations }));
    return distinctModes(found, areAll ? MODES.most : 1);
  });
  const polished = remembering([...few, ...more], (changed) => {
    const part = rowsOf(changed, more);
    return searched(changed).flatMap(({ kernel, layout, x }) =>
      search({ data: part, kernel, layout, starts: [x], iterations: POLISH.iterations }),
    );
  });
  return (changed) => weighed(changed, areAll ? searched(changed) : polished(changed));
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

/** A kernel and where its numbers are. */
interface Rival {
  readonly kernel: Kernel;
  readonly layout: TuningLayout;
}

/** A peak of the posterior under a kernel. */
interface Mode extends BoxMinimum, Rival {}

interface PeakSearch extends Rival {
  readonly data: TrainingData;
  readonly starts: readonly Float64Array[];
  readonly iterations: number;
}

function search({ data, kernel, layout, starts, iterations }: PeakSearch): Mode[] {
  const priors = priorsFor(layout, data);
  const objective = negativeLogPosterior(data, layout, priors);
  const limits: BoxOptions = {
    lower: Float64Array.from(priors, (prior) => prior.minimum),
    upper: Float64Array.from(priors, (prior) => prior.maximum),
    iterations,
    gradientTolerance: 1e-2,
    valueTolerance: 1e-4,
  };
  return starts
    .map((start) => ({ ...minimiseInBox(objective, start, limits), kernel, layout }))
    .filter(({ value }) => Number.isFinite(value));
}

/** Starting points for each number of fitted parameters; kernels of equally many start at the same. */
function startsFor(
  data: TrainingData,
  { warmStart, random }: FitOptions,
): (layout: TuningLayout) => readonly Float64Array[] {
  const known = new Map<number, readonly Float64Array[]>();
  const more = data.count <= RANDOM_STARTS.fewData ? RANDOM_STARTS.withFew : RANDOM_STARTS.withMore;
  return (layout) => {
    const made = known.get(layout.size);
    if (made !== undefined) return made;
    const priors: readonly LogPrior[] = priorsFor(layout, data);
    const starts = [Float64Array.from(priors, (prior) => prior.start)];
    if (warmStart?.length === priors.length) starts.push(Float64Array.from(warmStart));
    for (let k = 0; k < more; k++)
      starts.push(Float64Array.from(priors, (prior) => prior.start + random.normal()));
    known.set(layout.size, starts);
    return starts;
  };
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

function weighed(data: TrainingData, modes: readonly Mode[]): FittedProcess[] {
  const best = modes[0]?.value ?? 0;
  const fitted = modes.flatMap(({ x, value, kernel, layout }) => {
    const logParameters = [...x];
    const process = conditionOn(data, hyperParametersOf(layout, logParameters), kernel);
    return process === undefined
      ? []
      : [
          {
            process,
            logParameters,
            weight: exp(best - value),
            logPosterior: -value,
          },
        ];
  });
  const total = fitted.reduce((sum, { weight }) => sum + weight, 0);
  return fitted.map((each) => ({ ...each, weight: each.weight / total }));
}

/**
 * Conditions on data with the tuning of an earlier fit.
 *
 * @returns undefined also where the numbers are those of another kernel
 */
export function withLogParameters(
  data: TrainingData,
  logParameters: readonly number[],
  options: TuningOptions,
): GaussianProcess | undefined {
  const layout = tuningLayout(options);
  if (layout.size !== logParameters.length) return undefined;
  return conditionOn(data, hyperParametersOf(layout, logParameters), options.kernel);
}
