import { exp } from "../../../numerics/index.ts";
import type { Rows } from "./covariances.ts";
import { embeddingOf } from "./embedding.ts";
import { correlate, type Shape, shapeOf } from "./kernel.ts";
import type { FactorLayout, TunedFactor } from "./tuning.ts";

/** Numbers of a symmetric matrix. */
export interface Symmetric {
  /** Below the diagonal, row after row; shape (count (count - 1) / 2). */
  readonly pairs: Float64Array;
  /** Shape (count). */
  readonly diagonal: Float64Array;
}

/** One factor of the covariances between all rows, with its derivatives; as it is at the last fill. */
export interface FactorMatrix extends Symmetric {
  /** @param x - what is fitted */
  fill(x: Float64Array, factor: TunedFactor, inputs: Float64Array): void;
  /**
   * Adds Σ wᵢⱼ ∂kᵢⱼ/∂θ, each pair counted once, to the gradient by what is fitted.
   *
   * @param weights - may be overwritten
   * @param slopes - receives what is to be added to ∂/∂inputs; absent where inputs are fixed. Shape (count × dimension)
   */
  addGradient(weights: Symmetric, gradient: Float64Array, slopes?: Float64Array): void;
}

/** An empty symmetric matrix. */
export function symmetric(count: number): Symmetric {
  return { pairs: new Float64Array((count * (count - 1)) / 2), diagonal: new Float64Array(count) };
}

/**
 * The matrix of a factor that looks at distances between inputs that stay as they are: their squares are summed by
 * length once, so that a change of lengths costs one multiplication a length and pair.
 */
export function distanceMatrix(layout: FactorLayout, shape: Shape, rows: Rows): FactorMatrix {
  const { lengthAt } = layout;
  const matrix = symmetric(rows.count);
  matrix.diagonal.fill(1);
  const { pairs } = matrix;
  const places = [...new Set(lengthAt)].sort((a, b) => a - b);
  const differences = places.map((place) =>
    squaredDifferences(
      rows,
      layout.features.filter((_, k) => lengthAt[k] === place),
    ),
  );
  const slopes = new Float64Array(pairs.length);
  const inverseSquares = new Float64Array(places.length);
  return {
    ...matrix,
    fill: (x) => {
      for (const [g, place] of places.entries()) inverseSquares[g] = exp(-2 * (x[place] as number));
      sumInto(pairs, differences, inverseSquares);
      correlate(shape, pairs, pairs.length, slopes);
    },
    addGradient: ({ pairs: weights }, gradient) => {
      multiplyBy(weights, slopes);
      for (let g = 0; g < places.length; g += 2) {
        const dots = dotTwo(weights, differences[g] as Float64Array, differences[g + 1]);
        for (const [k, place] of places.slice(g, g + 2).entries())
          gradient[place] =
            (gradient[place] as number) - 2 * (dots[k] as number) * (inverseSquares[g + k] as number);
      }
    },
  };
}

/** The matrix of any factor, over inputs that may differ from fill to fill. */
export function embeddedMatrix(layout: FactorLayout, { count, dimension }: Rows): FactorMatrix {
  const matrix = symmetric(count);
  const { pairs, diagonal } = matrix;
  const shape = shapeOf(layout.kind);
  const isLine = shape === undefined;
  const steepness = new Float64Array(pairs.length);
  let embedding: ReturnType<typeof embeddingOf> | undefined;
  let z: Float64Array = new Float64Array(0);
  let x: Float64Array = z;
  return {
    ...matrix,
    fill: (_, factor, inputs) => {
      embedding = embeddingOf(factor);
      const { width } = embedding;
      x = inputs;
      z = new Float64Array(count * width);
      for (let i = 0; i < count; i++) embedding.place(x, i * dimension, dimension, z, i * width);
      for (let i = 0, pair = 0; i < count; i++) {
        for (let j = 0; j < i; j++, pair++)
          pairs[pair] = isLine ? product(z, i, j, width) : squareBetween(z, i, j, width);
        diagonal[i] = isLine ? product(z, i, i, width) : 1;
      }
      if (shape !== undefined) correlate(shape, pairs, pairs.length, steepness);
    },
    addGradient: (weights, gradient, slopes) => {
      if (embedding === undefined) return;
      const { width } = embedding;
      const pulled = new Float64Array(z.length);
      const add = (at: number, by: number): void => {
        pulled[at] = (pulled[at] as number) + by;
      };
      for (let i = 0, pair = 0; i < count; i++) {
        for (let j = 0; j < i; j++, pair++) {
          const weight = weights.pairs[pair] as number;
          const by = isLine ? weight : 2 * weight * (steepness[pair] as number);
          for (let k = 0; k < width; k++) {
            const [own, other] = [z[i * width + k] as number, z[j * width + k] as number];
            add(i * width + k, by * (isLine ? other : own - other));
            add(j * width + k, by * (isLine ? own : other - own));
          }
        }
        if (!isLine) continue;
        for (let k = 0; k < width; k++)
          add(i * width + k, 2 * (weights.diagonal[i] as number) * (z[i * width + k] as number));
      }
      for (let i = 0; i < count; i++) {
        const row = { slopes: pulled, coordinates: z, from: i * width, x, at: i * dimension };
        embedding.pullTuning(row, layout, gradient);
        if (slopes !== undefined) embedding.pull(pulled, z, i * width, slopes, i * dimension);
      }
    },
  };
}

function product(z: Float64Array, i: number, j: number, width: number): number {
  let sum = 0;
  for (let k = 0; k < width; k++) sum += (z[i * width + k] as number) * (z[j * width + k] as number);
  return sum;
}

function squareBetween(z: Float64Array, i: number, j: number, width: number): number {
  let sum = 0;
  for (let k = 0; k < width; k++) {
    const difference = (z[i * width + k] as number) - (z[j * width + k] as number);
    sum += difference * difference;
  }
  return sum;
}

/** (xᵢ - xⱼ)² summed over features, for i > j in the order of the lower triangle; shape (pairs). */
function squaredDifferences({ count, dimension, inputs }: Rows, features: Int32Array): Float64Array {
  const squares = new Float64Array((count * (count - 1)) / 2);
  for (const feature of features) {
    for (let i = 0, pair = 0; i < count; i++) {
      for (let j = 0; j < i; j++, pair++) {
        const difference =
          (inputs[i * dimension + feature] as number) - (inputs[j * dimension + feature] as number);
        squares[pair] = (squares[pair] as number) + difference * difference;
      }
    }
  }
  return squares;
}

/** Σ factor · part, two parts at a time, each sum in the order of the parts. */
function sumInto(target: Float64Array, parts: readonly Float64Array[], factors: Float64Array): void {
  target.fill(0);
  let g = 0;
  for (; g + 1 < parts.length; g += 2) {
    const [first, second] = [parts[g] as Float64Array, parts[g + 1] as Float64Array];
    const [a, b] = [factors[g] as number, factors[g + 1] as number];
    for (let i = 0; i < target.length; i++)
      target[i] = (target[i] as number) + a * (first[i] as number) + b * (second[i] as number);
  }
  if (g === parts.length) return;
  const last = parts[g] as Float64Array;
  const a = factors[g] as number;
  for (let i = 0; i < target.length; i++) target[i] = (target[i] as number) + a * (last[i] as number);
}

function multiplyBy(target: Float64Array, factors: Float64Array): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] as number) * (factors[i] as number);
}

/** a·b and a·c at once: neither sum waits for the other. */
function dotTwo(a: Float64Array, b: Float64Array, c: Float64Array = b): readonly [number, number] {
  let [first, second] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    first += (a[i] as number) * (b[i] as number);
    second += (a[i] as number) * (c[i] as number);
  }
  return [first, second];
}
