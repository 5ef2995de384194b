import { exp, log } from "../../../numerics/index.ts";
import type { FeatureWarp } from "./input-warp.ts";
import { type Kernel, type KernelFactor, termsOf } from "./kernel.ts";

/** A factor of a kernel with its numbers. */
export interface TunedFactor {
  readonly kind: KernelFactor["kind"];
  /** Features that it looks at; shape (features). */
  readonly features: Int32Array;
  /** Shape (features). */
  readonly lengths: Float64Array;
  /** After how much of a feature it comes round; shape (features), of a periodic factor only. */
  readonly periods?: Float64Array;
}

/** A product of factors, times a variance. */
export interface TunedTerm {
  readonly signal: number;
  readonly factors: readonly TunedFactor[];
}

/** What a Gaussian process is tuned by; values are relative to the standardised data. */
export interface HyperParameters {
  /** Their sum is the covariance of the function. */
  readonly terms: readonly TunedTerm[];
  /** Features that are warped before; none where absent. */
  readonly warps?: readonly FeatureWarp[];
  /** Variance of one measurement beyond the known part. */
  readonly noise: number;
  /** Level that the function returns to far from data. */
  readonly mean: number;
}

/** What is tuned. */
export interface TuningOptions {
  readonly kernel: Kernel;
  /** Length-scale that each feature belongs to; shape (dimension). */
  readonly groups: Int32Array;
  /** Features from 0 to 1 whose scale is tuned too. */
  readonly warped?: readonly number[] | undefined;
}

/** Where in the list of fitted numbers those of a factor are. */
export interface FactorLayout {
  readonly kind: KernelFactor["kind"];
  readonly features: Int32Array;
  /** Of the logarithm of each feature's length; shape (features). */
  readonly lengthAt: Int32Array;
  /** Of the logarithm of each feature's period; shape (features), of a periodic factor only. */
  readonly periodAt?: Int32Array;
  /** How many lengths there are. */
  readonly lengthCount: number;
}

/** Where in the list of fitted numbers what is tuned is: lengths of each term and its variance, warps, noise, mean. */
export interface TuningLayout {
  readonly terms: readonly { readonly factors: readonly FactorLayout[]; readonly signalAt: number }[];
  readonly warped: readonly number[];
  /** Of ln a of the first warped feature; ln b follows, and the others in their order. */
  readonly warpAt: number;
  readonly noiseAt: number;
  readonly meanAt: number;
  readonly size: number;
}

/** Lays out the numbers that are fitted for a kernel. */
export function tuningLayout({ kernel, groups, warped = [] }: TuningOptions): TuningLayout {
  let at = 0;
  const terms = termsOf(kernel).map((factors) => {
    const laidOut = factors.map((factor) => {
      const layout = factorLayout(factor, groups, at);
      at += layout.lengthCount * (layout.periodAt === undefined ? 1 : 2);
      return layout;
    });
    at += 1;
    return { factors: laidOut, signalAt: at - 1 };
  });
  const noiseAt = at + 2 * warped.length;
  return { terms, warped, warpAt: at, noiseAt, meanAt: noiseAt + 1, size: noiseAt + 2 };
}

function factorLayout(
  { kind, features: named }: KernelFactor,
  groups: Int32Array,
  from: number,
): FactorLayout {
  const features = named === undefined ? Int32Array.from(groups.keys()) : Int32Array.from(named);
  const own = Array.from(features, (feature) => groups[feature] as number);
  const numbers = [...new Set(own)].sort((a, b) => a - b);
  const lengthAt = Int32Array.from(own, (group) => from + numbers.indexOf(group));
  return {
    kind,
    features,
    lengthAt,
    lengthCount: numbers.length,
    ...(kind === "periodic" && { periodAt: lengthAt.map((at) => at + numbers.length) }),
  };
}

/** The numbers of a list in their places. */
export function hyperParametersOf(layout: TuningLayout, x: ArrayLike<number>): HyperParameters {
  const at = (index: number): number => x[index] as number;
  const exps = (indices: Int32Array): Float64Array => Float64Array.from(indices, (index) => exp(at(index)));
  const warps = layout.warped.map((feature, k) => ({
    feature,
    lnA: at(layout.warpAt + 2 * k),
    lnB: at(layout.warpAt + 2 * k + 1),
  }));
  return {
    terms: layout.terms.map(({ factors, signalAt }) => ({
      signal: exp(at(signalAt)),
      factors: factors.map(({ kind, features, lengthAt, periodAt }) => ({
        kind,
        features,
        lengths: exps(lengthAt),
        ...(periodAt && { periods: exps(periodAt) }),
      })),
    })),
    ...(warps.length > 0 && { warps }),
    noise: exp(at(layout.noiseAt)),
    mean: at(layout.meanAt),
  };
}

/** Penalty on one fitted number x: (x - centre)²/2spread² + tilt·x, with limits and a place to start. */
export interface LogPrior {
  readonly centre: number;
  readonly spread: number;
  readonly tilt: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly start: number;
}

/** A line has no other length than its slope. */
const LINE: LogPrior = { centre: 0, spread: 1, tilt: 0, minimum: log(0.025), maximum: log(1000), start: 0 };
/** From a tenth of a parameter's range to four times it. */
const PERIOD: LogPrior = {
  centre: log(0.4),
  spread: 0.75,
  tilt: 0,
  minimum: log(0.05),
  maximum: log(4),
  start: log(0.4),
};
/** Source: BoTorch's Kumaraswamy warp (LogNormal(0, √0.75)). */
const WARP: LogPrior = { centre: 0, spread: Math.sqrt(0.75), tilt: 0, minimum: -2, maximum: 2, start: 0 };

/**
 * Priors of the fitted numbers, all for standardised data, of which the known variances count.
 *
 * Lengths: LogNormal(√2 + ½ ln d, √3), which keeps the complexity of the process the same in any dimension
 * (Hvarfner, Hellsten and Nardi, Vanilla Bayesian optimization performs great in high dimensions, ICML 2024);
 * the density is that of the length itself, hence the tilt. Noise: centred on a share of e⁻⁵ of the variance,
 * as that paper's, but four times as wide, so that data that repeat exactly can take it down to 1e-6.
 */
export function priorsFor(
  layout: TuningLayout,
  { variances }: { readonly variances: Float64Array },
): LogPrior[] {
  const known = variances.every((variance) => variance > 0);
  const noiseCentre = known ? log(1e-5) : -5;
  const share = log(layout.terms.length);
  return [
    ...layout.terms.flatMap(({ factors }) => [
      ...factors.flatMap(factorPriors),
      { centre: -share, spread: 1, tilt: 0, minimum: log(0.02) - share, maximum: log(50), start: -share },
    ]),
    ...layout.warped.flatMap(() => [WARP, WARP]),
    { centre: noiseCentre, spread: 2.5, tilt: 0, minimum: log(1e-6), maximum: 0.5, start: noiseCentre },
    { centre: 0, spread: 1, tilt: 0, minimum: -4, maximum: 4, start: 0 },
  ];
}

function factorPriors({ kind, lengthCount }: FactorLayout): LogPrior[] {
  const repeated = (prior: LogPrior): LogPrior[] => Array.from({ length: lengthCount }, () => prior);
  if (kind === "linear") return repeated(LINE);
  const centre = Math.SQRT2 + 0.5 * log(Math.max(1, lengthCount));
  const lengths = repeated({
    centre,
    spread: Math.sqrt(3),
    tilt: 1,
    minimum: log(0.025),
    maximum: log(1000),
    start: centre - 3,
  });
  return kind === "periodic" ? [...lengths, ...repeated(PERIOD)] : lengths;
}
