import {
  exp,
  type FreeRegion,
  log,
  logImprovement,
  logNormalProbability,
  logOneMinusExp,
  logStandardNormalDensity,
  logSumExp,
  normalDensity,
  normalProbability,
} from "../../../numerics/index.ts";

/** Predictions of independent objectives at one point, each to be made large; shape (objectives). */
export interface ObjectivePrediction {
  readonly means: ArrayLike<number>;
  readonly sds: ArrayLike<number>;
}

/**
 * Expected volume that one more point adds to what a front dominates,
 *     Σ_boxes Π_m [ψ_m(l_m) - ψ_m(u_m)],   ψ_m(a) = E[(y_m - a)⁺] = σ_m h((μ_m - a)/σ_m),
 * for independent Gaussian y_m. It is convex in each y_m, and so rises with each spread.
 * Source: Yang et al., Efficient computation of expected hypervolume improvement (2019), equation 15.
 *
 * @returns the volume without far tails, and the most that these may add to it
 */
export function expectedHypervolume(
  region: FreeRegion,
  { means, sds }: ObjectivePrediction,
): { readonly sum: number; readonly lost: number } {
  const { levels, count, boxes } = region;
  const ramps = levels.map((values, m) => rampsOver(values, means[m] as number, sds[m] as number));
  const dimension = levels.length;
  let sum = 0;
  for (let box = 0, at = 0; box < count; box++) {
    let product = 1;
    for (let m = 0; m < dimension; m++, at += 2) {
      const ramp = ramps[m] as Float64Array;
      product *= (ramp[boxes[at] as number] as number) - (ramp[boxes[at + 1] as number] as number);
    }
    sum += product;
  }
  let whole = 1;
  for (let m = 0; m < dimension; m++)
    whole *= Math.max(0, (means[m] as number) - (levels[m]?.[0] as number)) + (sds[m] as number);
  return { sum, lost: LOST * count * whole };
}

/** Spreads beyond which a ramp is 0 or a straight line to within h(-8) < 1e-17 spreads. */
const FAR = 8;
/** The most that a box loses by that, relative to the product of all ramps at the reference. */
const LOST = 1e-16;

/** ψ at each level, the far tail left out; 0 at ∞. */
function rampsOver(levels: Float64Array, mean: number, sd: number): Float64Array {
  const ramps = new Float64Array(levels.length);
  for (let i = 0; i < levels.length - 1; i++) {
    const u = (mean - (levels[i] as number)) / sd;
    ramps[i] = u > FAR ? sd * u : u < -FAR ? 0 : sd * improvement(u);
  }
  return ramps;
}

/** h(u); below -2 its two terms cancel. */
function improvement(u: number): number {
  return u > -2 ? normalDensity(u) + u * normalProbability(u) : exp(logImprovement(u));
}

/** Derivatives by the predictions, written by {@link logExpectedHypervolume}; shape (objectives). */
export interface PredictionSlopes {
  readonly byMean: Float64Array;
  readonly bySd: Float64Array;
}

/** ln of {@link expectedHypervolume}, with all sums and products taken as logarithms; and its derivatives. */
export function logExpectedHypervolume(
  region: FreeRegion,
  { means, sds }: ObjectivePrediction,
  slopes?: PredictionSlopes,
): number {
  const { levels, count, boxes } = region;
  const dimension = levels.length;
  const ramps = levels.map((values, m) => logRampsOver(values, means[m] as number, sds[m] as number));
  const heights = new Float64Array(count * dimension);
  const parts = new Float64Array(count);
  for (let box = 0, at = 0; box < count; box++) {
    for (let m = 0; m < dimension; m++, at++) {
      const ramp = ramps[m] as Float64Array;
      const low = ramp[boxes[2 * at] as number] as number;
      const high = ramp[boxes[2 * at + 1] as number] as number;
      const height = high === -Infinity ? low : high < low ? low + logOneMinusExp(high - low) : -Infinity;
      heights[at] = height;
      parts[box] = (parts[box] as number) + height;
    }
  }
  const total = logSumExp(parts);
  if (slopes !== undefined && Number.isFinite(total))
    addSlopes(region, { means, sds }, { heights, parts, total }, slopes);
  return total;
}

function logRampsOver(levels: Float64Array, mean: number, sd: number): Float64Array {
  const logSd = log(sd);
  return levels.map((level) =>
    level === Infinity ? -Infinity : logSd + logImprovement((mean - level) / sd),
  );
}

/** dψ(a) = Φ(u) dμ + φ(u) dσ with u = (μ - a)/σ; each box counts by its share of the whole. */
function addSlopes(
  { levels, count, boxes }: FreeRegion,
  { means, sds }: ObjectivePrediction,
  { heights, parts, total }: { heights: Float64Array; parts: Float64Array; total: number },
  { byMean, bySd }: PredictionSlopes,
): void {
  const dimension = levels.length;
  byMean.fill(0);
  bySd.fill(0);
  for (let m = 0; m < dimension; m++) {
    const u = (levels[m] as Float64Array).map((level) => ((means[m] as number) - level) / (sds[m] as number));
    const logTails = u.map((each) => (each === -Infinity ? -Infinity : logNormalProbability(each)));
    const logDensities = u.map(logStandardNormalDensity);
    for (let box = 0; box < count; box++) {
      const at = box * dimension + m;
      const share = (parts[box] as number) - total - (heights[at] as number);
      if (!(share > -Infinity)) continue;
      const low = boxes[2 * at] as number;
      const high = boxes[2 * at + 1] as number;
      byMean[m] = (byMean[m] as number) + difference(logTails, low, high, share);
      bySd[m] = (bySd[m] as number) + difference(logDensities, low, high, share);
    }
  }
}

function difference(logs: Float64Array, low: number, high: number, share: number): number {
  return exp((logs[low] as number) + share) - exp((logs[high] as number) + share);
}
