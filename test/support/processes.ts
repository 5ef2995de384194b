import { randomStream } from "../../src/base/random.ts";
import type { Shape } from "../../src/hypothesis/surrogate/covariance/kernel.ts";
import type { HyperParameters, TunedTerm } from "../../src/hypothesis/surrogate/covariance/tuning.ts";
import {
  conditionOn,
  type GaussianProcess,
  standardisation,
  type TrainingData,
} from "../../src/hypothesis/surrogate/gaussian-process.ts";

/** A function that is measured. */
export interface Measured {
  readonly count: number;
  readonly dimension: number;
  readonly seed: number;
  /** Standard deviation of the normal noise that is added; none by default. */
  readonly noise?: number;
  /** Of the features of one row. */
  readonly value: (x: readonly number[]) => number;
}

/** Values of a function at places drawn evenly from the unit cube. */
export function measured({ count, dimension, seed, noise = 0, value }: Measured): TrainingData {
  const random = randomStream(seed, 0, "inputs");
  const inputs = Float64Array.from({ length: count * dimension }, () => random.uniform());
  const row = (i: number): number[] => [...inputs.subarray(i * dimension, (i + 1) * dimension)];
  return {
    count,
    dimension,
    inputs,
    values: Float64Array.from({ length: count }, (_, i) => value(row(i)) + noise * random.normal()),
    variances: new Float64Array(count),
  };
}

/** What a process is tuned by, in the unit of the values rather than relative to their spread. */
export interface Tuning {
  readonly kernel: Shape;
  readonly lengths: readonly number[];
  readonly signal: number;
  readonly noise: number;
  readonly mean: number;
}

/** A process with a tuning that doesn't depend on which data it is conditioned on. */
export function conditioned(
  data: TrainingData,
  { kernel, lengths, signal, noise, mean }: Tuning,
): GaussianProcess {
  const { offset, scale } = standardisation(data.values);
  const hyper = {
    terms: [oneTerm(kernel, lengths, signal / (scale * scale))],
    noise: noise / (scale * scale),
    mean: (mean - offset) / scale,
  };
  return conditionOn(data, hyper, kernel) as GaussianProcess;
}

/** A kernel of one factor over all features. */
export function oneTerm(kind: Shape, lengths: readonly number[], signal: number): TunedTerm {
  const features = Int32Array.from(lengths.keys());
  return { signal, factors: [{ kind, features, lengths: Float64Array.from(lengths) }] };
}

/** Variance and lengths of a kernel of one factor. */
export function onlyTerm({ terms }: HyperParameters): { signal: number; lengths: Float64Array } {
  const [term] = terms;
  const [factor] = term?.factors ?? [];
  if (term === undefined || factor === undefined || terms.length > 1 || term.factors.length > 1)
    throw new Error("a kernel of more than one factor");
  return { signal: term.signal, lengths: factor.lengths };
}

/** The tuning of a process in the unit of its values. */
export function tuningOf({ kernel, hyper, offset, scale }: GaussianProcess): Tuning {
  const { signal, lengths } = onlyTerm(hyper);
  return {
    kernel: kernel as Shape,
    lengths: [...lengths],
    signal: signal * scale * scale,
    noise: hyper.noise * scale * scale,
    mean: offset + scale * hyper.mean,
  };
}

/** A process over random values of normal spread, tuned at random. */
export function randomProcess(seed: number, count: number, dimension: number): GaussianProcess {
  const random = randomStream(seed, 1, "process");
  const data = measured({ count, dimension, seed, value: () => random.normal() });
  const kernels: readonly Shape[] = ["matern52", "matern32", "rbf"];
  return conditioned(
    { ...data, variances: data.variances.map(() => 0.1 * random.uniform()) },
    {
      kernel: kernels[random.integer(3)] as Shape,
      lengths: Array.from({ length: dimension }, () => 0.2 + random.uniform()),
      signal: 0.5 + random.uniform(),
      noise: 0.01 + 0.1 * random.uniform(),
      mean: random.normal(),
    },
  );
}

/** Places of the unit cube, row after row. */
export function randomPoints(seed: number, count: number, dimension: number): Float64Array {
  const random = randomStream(seed, 2, "points");
  return Float64Array.from({ length: count * dimension }, () => random.uniform());
}
