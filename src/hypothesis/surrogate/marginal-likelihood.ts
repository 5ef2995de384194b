import {
  choleskyOf,
  inverseRoom,
  logDeterminant,
  lowerInverseOf,
  type Objective,
  solveLower,
  solveUpper,
} from "../../numerics/index.ts";
import { distanceMatrix, embeddedMatrix, type Symmetric, symmetric } from "./covariance/factor-matrix.ts";
import { warpedFeature, warpRows } from "./covariance/input-warp.ts";
import { shapeOf } from "./covariance/kernel.ts";
import {
  type HyperParameters,
  hyperParametersOf,
  type LogPrior,
  type TuningLayout,
} from "./covariance/tuning.ts";
import { standardisation, type TrainingData } from "./gaussian-process.ts";

/**
 * -ln p(y | θ) - ln p(θ) up to a constant, with its gradient:
 *     ½ rᵀK⁻¹r + ½ ln|K|,   ∂/∂θ = -½ tr((αα ᵀ - K⁻¹) ∂K/∂θ),   α = K⁻¹r
 * Source: Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), equations 5.8 and 5.9.
 *
 * @returns a function of the numbers of the layout; ∞ where K has no factor
 */
export function negativeLogPosterior(
  data: TrainingData,
  layout: TuningLayout,
  priors: readonly LogPrior[],
): Objective {
  const { count: n } = data;
  const { offset, scale } = standardisation(data.values);
  const terms = covarianceTerms(data, layout);
  const covariance = new Float64Array(n * n);
  const lower = new Float64Array(n * n);
  const residuals = new Float64Array(n);
  const solved = new Float64Array(n);
  const room = inverseRoom(n);
  const weights = symmetric(n);

  return (x, gradient, most = Infinity) => {
    const hyper = hyperParametersOf(layout, x);
    fillCovariance(covariance, terms.fill(x, hyper));
    for (let i = 0; i < n; i++) {
      covariance[i * n + i] =
        (covariance[i * n + i] as number) + hyper.noise + (data.variances[i] as number) / (scale * scale);
      residuals[i] = ((data.values[i] as number) - offset) / scale - hyper.mean;
    }
    const factor = choleskyOf(covariance, n, lower);
    if (factor === undefined) return Infinity;
    solved.set(residuals);
    solveUpper(factor, solveLower(factor, solved));
    let value = 0.5 * logDeterminant(factor);
    for (let i = 0; i < n; i++) value += 0.5 * (solved[i] as number) * (residuals[i] as number);
    value += penaltyOf(x, priors);
    if (!(value <= most)) return value;
    gradient.fill(0);
    const trace = fillWeights(weights, lowerInverseOf(factor, room), solved);
    for (let i = 0; i < n; i++)
      gradient[layout.meanAt] = (gradient[layout.meanAt] as number) - (solved[i] as number);
    terms.addGradient(weights, gradient);
    gradient[layout.noiseAt] = -0.5 * hyper.noise * trace;
    addPenaltySlopes(x, gradient, priors);
    return value;
  };
}

/** K⁻¹ - αα ᵀ, half of its diagonal; gives tr(αα ᵀ - K⁻¹). */
function fillWeights({ pairs, diagonal }: Symmetric, inverse: Float64Array, solved: Float64Array): number {
  const n = diagonal.length;
  let trace = 0;
  for (let i = 0, pair = 0; i < n; i++) {
    const weight = solved[i] as number;
    for (let j = 0; j < i; j++, pair++)
      pairs[pair] = (inverse[i * n + j] as number) - weight * (solved[j] as number);
    const own = weight * weight - (inverse[i * n + i] as number);
    diagonal[i] = -0.5 * own;
    trace += own;
  }
  return trace;
}

function fillCovariance(covariance: Float64Array, { pairs, diagonal }: Symmetric): void {
  const n = diagonal.length;
  for (let i = 0, pair = 0; i < n; i++) {
    for (let j = 0; j < i; j++, pair++) covariance[i * n + j] = pairs[pair] as number;
    covariance[i * n + i] = diagonal[i] as number;
  }
}

/** The covariance of the function between all rows as a sum of products of factors. */
interface CovarianceTerms {
  fill(x: Float64Array, hyper: HyperParameters): Symmetric;
  /** Adds Σ wᵢⱼ ∂kᵢⱼ/∂θ, each pair counted once. */
  addGradient(weights: Symmetric, gradient: Float64Array): void;
}

function covarianceTerms(data: TrainingData, layout: TuningLayout): CovarianceTerms {
  const { count, inputs } = data;
  const isWarped = layout.warped.length > 0;
  const terms = layout.terms.map(({ factors, signalAt }) => ({
    signalAt,
    factors: factors.map((factor) => {
      const shape = shapeOf(factor.kind);
      return isWarped || shape === undefined || factor.kind === "periodic"
        ? embeddedMatrix(factor, data)
        : distanceMatrix(factor, shape, data);
    }),
  }));
  const sum = symmetric(count);
  const share = symmetric(count);
  const moved = isWarped ? inputs.slice() : inputs;
  let hyper: HyperParameters | undefined;
  return {
    fill: (x, tuned) => {
      hyper = tuned;
      warpRows(moved, tuned.warps ?? [], data);
      for (const [t, { factors }] of terms.entries()) {
        const term = tuned.terms[t] as HyperParameters["terms"][number];
        for (const [f, factor] of factors.entries())
          factor.fill(x, term.factors[f] as (typeof term.factors)[number], moved);
        addProduct(sum, factors, term.signal, t === 0);
      }
      return sum;
    },
    addGradient: (weights, gradient) => {
      const slopes = isWarped ? new Float64Array(inputs.length) : undefined;
      for (const [t, { factors, signalAt }] of terms.entries()) {
        const signal = hyper?.terms[t]?.signal ?? 0;
        for (const [f, factor] of factors.entries()) {
          const others = factors.filter((each) => each !== factor);
          fillProduct(share, weights, others, signal);
          // Both sides of a product have the same derivative by its variance.
          if (f === 0) gradient[signalAt] = total(share, factor);
          factor.addGradient(share, gradient, slopes);
        }
      }
      if (slopes !== undefined && hyper !== undefined)
        addWarpGradient(gradient, slopes, { data, layout, hyper });
    },
  };
}

/** Adds the product of the factors to the sum, or begins it. */
function addProduct(into: Symmetric, factors: readonly Symmetric[], signal: number, isFirst: boolean): void {
  const [first, ...others] = factors as [Symmetric, ...Symmetric[]];
  const product = others.length === 0 ? first : productOf(first, others);
  for (const part of PARTS) {
    const [target, source] = [into[part], product[part]];
    if (isFirst) for (let i = 0; i < target.length; i++) target[i] = signal * (source[i] as number);
    else
      for (let i = 0; i < target.length; i++)
        target[i] = (target[i] as number) + signal * (source[i] as number);
  }
}

const PARTS = ["pairs", "diagonal"] as const;

function productOf(first: Symmetric, others: readonly Symmetric[]): Symmetric {
  const product = { pairs: first.pairs.slice(), diagonal: first.diagonal.slice() };
  for (const part of PARTS) {
    const target = product[part];
    for (const other of others) {
      const source = other[part];
      for (let i = 0; i < target.length; i++) target[i] = (target[i] as number) * (source[i] as number);
    }
  }
  return product;
}

/** times · weights · the product of the factors, element by element. */
function fillProduct(
  into: Symmetric,
  weights: Symmetric,
  factors: readonly Symmetric[],
  times: number,
): void {
  for (const part of PARTS) {
    const [target, source] = [into[part], weights[part]];
    for (let i = 0; i < target.length; i++) target[i] = times * (source[i] as number);
    for (const factor of factors) {
      const other = factor[part];
      for (let i = 0; i < target.length; i++) target[i] = (target[i] as number) * (other[i] as number);
    }
  }
}

function total(shares: Symmetric, factor: Symmetric): number {
  let sum = 0;
  for (const part of PARTS) {
    const [share, values] = [shares[part], factor[part]];
    for (let i = 0; i < share.length; i++) sum += (share[i] as number) * (values[i] as number);
  }
  return sum;
}

interface WarpedInputs {
  readonly data: TrainingData;
  readonly layout: TuningLayout;
  readonly hyper: HyperParameters;
}

function addWarpGradient(
  gradient: Float64Array,
  slopes: Float64Array,
  { data, layout, hyper }: WarpedInputs,
): void {
  const { count, dimension, inputs } = data;
  for (const [k, warp] of (hyper.warps ?? []).entries()) {
    const a = layout.warpAt + 2 * k;
    for (let at = warp.feature; at < count * dimension; at += dimension) {
      const { byLnA, byLnB } = warpedFeature(warp, inputs[at] as number);
      gradient[a] = (gradient[a] as number) + (slopes[at] as number) * byLnA;
      gradient[a + 1] = (gradient[a + 1] as number) + (slopes[at] as number) * byLnB;
    }
  }
}

function penaltyOf(x: Float64Array, priors: readonly LogPrior[]): number {
  let penalty = 0;
  for (const [i, { centre, spread, tilt }] of priors.entries()) {
    const distance = ((x[i] as number) - centre) / spread;
    penalty += 0.5 * distance * distance + tilt * (x[i] as number);
  }
  return penalty;
}

function addPenaltySlopes(x: Float64Array, gradient: Float64Array, priors: readonly LogPrior[]): void {
  for (const [i, { centre, spread, tilt }] of priors.entries()) {
    const distance = ((x[i] as number) - centre) / spread;
    gradient[i] = (gradient[i] as number) + distance / spread + tilt;
  }
}
