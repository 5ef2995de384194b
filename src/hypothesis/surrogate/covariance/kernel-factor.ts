import { type Embedding, embeddingOf } from "./embedding.ts";
import { correlate, type Shape, shapeOf } from "./kernel.ts";
import type { TunedFactor } from "./tuning.ts";

/** Squared distances of a point from the first rows. */
export function fillSquares(
  squares: Float64Array,
  rows: Float64Array,
  count: number,
  point: Float64Array,
): void {
  const dimension = point.length;
  for (let i = 0, at = 0; i < count; i++) {
    let sum = 0;
    for (let k = 0; k < dimension; k++, at++) {
      const difference = (rows[at] as number) - (point[k] as number);
      sum += difference * difference;
    }
    squares[i] = sum;
  }
}

function fillProducts(products: Float64Array, rows: Float64Array, count: number, point: Float64Array): void {
  const dimension = point.length;
  for (let i = 0, at = 0; i < count; i++) {
    let sum = 0;
    for (let k = 0; k < dimension; k++, at++) sum += (rows[at] as number) * (point[k] as number);
    products[i] = sum;
  }
}

/** One factor of a covariance between a point and rows; the point is the one that was asked for last. */
export class FactorRows {
  /** k(x, xᵢ) where it is kept for a sum or a product; shape (count). */
  readonly values: Float64Array;
  /** What the factor sees of the point. */
  readonly coordinates: Float64Array;
  /** Undefined for a line. */
  readonly shape: Shape | undefined;
  readonly #embedding: Embedding;
  /** Coordinates of the rows; shape (count × width). */
  readonly #rows: Float64Array;
  /** ∂k/∂r²; shape (count). */
  readonly #slopes: Float64Array;
  /** ∂/∂coordinates of the point. */
  readonly #pulled: Float64Array;

  /** @param inputs - features row after row; shape (count × dimension) */
  constructor(factor: TunedFactor, inputs: Float64Array, count: number, dimension: number) {
    this.shape = shapeOf(factor.kind);
    this.#embedding = embeddingOf(factor);
    const { width } = this.#embedding;
    this.#rows = new Float64Array(count * width);
    for (let i = 0; i < count; i++)
      this.#embedding.place(inputs, i * dimension, dimension, this.#rows, i * width);
    this.values = new Float64Array(count);
    this.#slopes = new Float64Array(count);
    this.coordinates = new Float64Array(width);
    this.#pulled = new Float64Array(width);
  }

  /** k(x, x), of the last point. */
  get own(): number {
    if (this.shape !== undefined) return 1;
    let sum = 0;
    for (const z of this.coordinates) sum += z * z;
    return sum;
  }

  move(x: Float64Array, at: number, known: number): void {
    this.#embedding.place(x, at, known, this.coordinates, 0);
  }

  /** Writes k(x, xᵢ) for the first rows. */
  write(into: Float64Array, count: number): void {
    if (this.shape === undefined) {
      fillProducts(into, this.#rows, count, this.coordinates);
      return;
    }
    fillSquares(into, this.#rows, count, this.coordinates);
    correlate(this.shape, into, count, this.#slopes);
  }

  /** Adds times · Σᵢ sharesᵢ ∂k(x, xᵢ)/∂x. */
  addSlope(shares: Float64Array, times: number, into: Float64Array): void {
    const { width } = this.#embedding;
    const isLine = this.shape === undefined;
    this.#pulled.fill(0);
    for (let i = 0, at = 0; i < shares.length; i++) {
      const by = (isLine ? 1 : 2 * (this.#slopes[i] as number)) * (shares[i] as number) * times;
      for (let k = 0; k < width; k++, at++) {
        const from = this.#rows[at] as number;
        this.#pulled[k] =
          (this.#pulled[k] as number) + by * (isLine ? from : (this.coordinates[k] as number) - from);
      }
    }
    this.pull(this.#pulled, into);
  }

  /** Adds times · ∂k(x, x)/∂x. */
  addOwnSlope(times: number, into: Float64Array): void {
    if (this.shape !== undefined) return;
    for (const [k, z] of this.coordinates.entries()) this.#pulled[k] = 2 * z * times;
    this.pull(this.#pulled, into);
  }

  /** Adds ∂/∂features of the point, given ∂/∂coordinates. */
  pull(slopes: Float64Array, into: Float64Array): void {
    this.#embedding.pull(slopes, this.coordinates, 0, into, 0);
  }
}
