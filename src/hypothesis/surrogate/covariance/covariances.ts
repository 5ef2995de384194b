import type { Random } from "../../../base/random.ts";
import { warpedFeature, warpRows } from "./input-warp.ts";
import { FactorRows } from "./kernel-factor.ts";
import { drawWaves } from "./random-waves.ts";
import type { HyperParameters } from "./tuning.ts";

/** Rows of features. */
export interface Rows {
  readonly count: number;
  readonly dimension: number;
  /** Row after row; shape (count × dimension). */
  readonly inputs: Float64Array;
}

interface Term {
  readonly signal: number;
  readonly factors: readonly FactorRows[];
}

/** A function drawn from the prior, standardised. */
export interface PriorSample {
  atRow(row: number): number;
  value(x: Float64Array, at?: number): number;
  /** The value, with its derivative by the features written into `gradient`. */
  derive(x: Float64Array, gradient: Float64Array): number;
}

/**
 * Covariances that a process expects of its function, noise not included, between rows that it keeps and a point that it
 * is asked for; relative to the standardised data. Keeps its working memory between calls.
 */
export class Covariances {
  readonly count: number;
  /** Features of a point that are given; the others count as 0. */
  readonly #known: number;
  readonly #hyper: HyperParameters;
  readonly #rows: Rows;
  readonly #terms: readonly Term[];
  /** The factor of a kernel that is no sum and no product, which is the usual one. */
  readonly #only: { readonly signal: number; readonly factor: FactorRows } | undefined;
  readonly #shares: Float64Array;
  /** The features of the last point, warped, and ∂warped/∂feature. */
  readonly #point: Float64Array;
  readonly #stretch: Float64Array;
  readonly #slope: Float64Array;

  constructor(hyper: HyperParameters, rows: Rows, known: number = rows.dimension) {
    const { count, dimension } = rows;
    this.count = count;
    this.#known = known;
    this.#hyper = hyper;
    this.#rows = rows;
    const inputs = warpedRows(hyper, rows);
    this.#terms = hyper.terms.map(({ signal, factors }) => ({
      signal,
      factors: factors.map((factor) => new FactorRows(factor, inputs, count, dimension)),
    }));
    const [term] = this.#terms;
    const [factor] = term?.factors ?? [];
    this.#only =
      term === undefined || factor === undefined || this.#terms.length > 1 || term.factors.length > 1
        ? undefined
        : { signal: term.signal, factor };
    this.#shares = new Float64Array(count);
    this.#point = new Float64Array(dimension);
    this.#stretch = new Float64Array(dimension).fill(1);
    this.#slope = new Float64Array(dimension);
  }

  /** With further rows of the features that points have. */
  with(points: Float64Array): Covariances {
    const { inputs, dimension, count } = this.#rows;
    const added = this.#whole(points);
    const all = new Float64Array(inputs.length + added.length);
    all.set(inputs);
    all.set(added, inputs.length);
    const rows = { count: count + points.length / Math.max(1, this.#known), dimension, inputs: all };
    return new Covariances(this.#hyper, rows, this.#known);
  }

  /** The same function with other rows, of the features that points have. */
  over(points: Float64Array): Covariances {
    const { dimension } = this.#rows;
    const rows = { count: points.length / Math.max(1, this.#known), dimension, inputs: this.#whole(points) };
    return new Covariances(this.#hyper, rows, this.#known);
  }

  /** The same function with the rows from one on. */
  from(first: number): Covariances {
    const { count, dimension, inputs } = this.#rows;
    const rows = { count: count - first, dimension, inputs: inputs.subarray(first * dimension) };
    return new Covariances(this.#hyper, rows, this.#known);
  }

  /** The same function as it is at zero of its last features, which points then lack. */
  atZeroOfRest(kept: number): Covariances {
    return new Covariances(this.#hyper, this.#rows, kept);
  }

  #whole(points: Float64Array): Float64Array {
    const { dimension } = this.#rows;
    if (this.#known === dimension) return points;
    const count = points.length / this.#known;
    const whole = new Float64Array(count * dimension);
    for (let i = 0; i < count; i++)
      whole.set(points.subarray(i * this.#known, (i + 1) * this.#known), i * dimension);
    return whole;
  }

  /** k(x, x): the variance of the function at a point. */
  variance(x: Float64Array, at = 0): number {
    this.#move(x, at);
    return this.#own();
  }

  /**
   * k(x, xᵢ) for the first rows.
   *
   * @param into - at least `count` long
   * @returns k(x, x)
   */
  write(into: Float64Array, count: number, x: Float64Array, at = 0): number {
    this.#move(x, at);
    return this.#write(into, count);
  }

  /** k(xⱼ, xᵢ) of a row with the first rows; returns k(xⱼ, xⱼ). */
  writeRow(into: Float64Array, count: number, row: number): number {
    const { inputs, dimension } = this.#rows;
    this.#move(inputs, row * dimension, dimension);
    return this.#write(into, count);
  }

  #write(into: Float64Array, count: number): number {
    const only = this.#only;
    if (only !== undefined) {
      only.factor.write(into, count);
      for (let i = 0; i < count; i++) into[i] = only.signal * (into[i] as number);
      return only.signal * only.factor.own;
    }
    for (const [t, { signal, factors }] of this.#terms.entries()) {
      for (const factor of factors) factor.write(factor.values, count);
      for (let i = 0; i < count; i++) {
        let value = signal;
        for (const factor of factors) value *= factor.values[i] as number;
        into[i] = t === 0 ? value : (into[i] as number) + value;
      }
    }
    return this.#own();
  }

  /**
   * Writes times · Σᵢ sharesᵢ ∂k(x, xᵢ)/∂x + ownTimes · ∂k(x, x)/∂x at the point of the last {@link write}.
   */
  writeSlope(shares: Float64Array, times: number, ownTimes: number, into: Float64Array, to = 0): void {
    const slope = this.#slope.fill(0);
    for (const { signal, factors } of this.#terms) {
      for (const factor of factors) {
        factor.addSlope(this.#sharesBeside(factors, factor, shares), signal * times, slope);
        if (ownTimes !== 0) factor.addOwnSlope(signal * ownTimes * ownBeside(factors, factor), slope);
      }
    }
    for (let k = 0; k < this.#known; k++) into[to + k] = (slope[k] as number) * (this.#stretch[k] as number);
  }

  /** Draws a function that has these covariances, of level 0. */
  sample(random: Random): PriorSample {
    const { inputs, dimension } = this.#rows;
    const waves = this.#terms.map(({ signal, factors }) => drawWaves(factors, signal, random));
    const sum = (): number => waves.reduce((total, wave) => total + wave.value(), 0);
    return {
      atRow: (row) => {
        this.#move(inputs, row * dimension, dimension);
        return sum();
      },
      value: (x, at = 0) => {
        this.#move(x, at);
        return sum();
      },
      derive: (x, gradient) => {
        this.#move(x, 0);
        const slope = this.#slope.fill(0);
        const value = waves.reduce((total, wave) => total + wave.derive(slope), 0);
        for (let k = 0; k < this.#known; k++)
          gradient[k] = (slope[k] as number) * (this.#stretch[k] as number);
        return value;
      },
    };
  }

  /** The shares times what the other factors of a product are at each row. */
  #sharesBeside(factors: readonly FactorRows[], factor: FactorRows, shares: Float64Array): Float64Array {
    if (factors.length === 1) return shares;
    for (let i = 0; i < this.count; i++) {
      let share = shares[i] as number;
      for (const other of factors) if (other !== factor) share *= other.values[i] as number;
      this.#shares[i] = share;
    }
    return this.#shares;
  }

  #own(): number {
    let sum = 0;
    for (const { signal, factors } of this.#terms) {
      let product = signal;
      for (const factor of factors) product *= factor.own;
      sum += product;
    }
    return sum;
  }

  #move(x: Float64Array, at: number, known = this.#known): void {
    const { warps = [] } = this.#hyper;
    let [point, from] = [x, at];
    if (warps.length > 0) {
      for (let k = 0; k < known; k++) this.#point[k] = x[at + k] as number;
      for (const warp of warps) {
        const { value, byX } = warpedFeature(warp, x[at + warp.feature] as number);
        this.#point[warp.feature] = value;
        this.#stretch[warp.feature] = byX;
      }
      [point, from] = [this.#point, 0];
    }
    for (const { factors } of this.#terms) for (const factor of factors) factor.move(point, from, known);
  }
}

function ownBeside(factors: readonly FactorRows[], factor: FactorRows): number {
  let product = 1;
  for (const other of factors) if (other !== factor) product *= other.own;
  return product;
}

function warpedRows({ warps = [] }: HyperParameters, rows: Rows): Float64Array {
  if (warps.length === 0) return rows.inputs;
  const warped = rows.inputs.slice();
  warpRows(warped, warps, rows);
  return warped;
}
