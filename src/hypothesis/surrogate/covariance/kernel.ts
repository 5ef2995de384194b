import { exp, expAll } from "../../../numerics/index.ts";

/** Shapes of covariance over scaled distance r. */
export type Shape = "matern52" | "matern32" | "rbf";

/** A covariance that others are multiplied with. */
export interface KernelFactor {
  /** A shape over distance; "linear": (x - ½)·(x' - ½); "periodic": the squared exponential on circles of learned length. */
  readonly kind: Shape | "linear" | "periodic";
  /** Features that it looks at; all where absent. */
  readonly features?: readonly number[];
}

/** The shape over the distance of coordinates by which a factor compares; undefined for a line. */
export function shapeOf(kind: KernelFactor["kind"]): Shape | undefined {
  if (kind === "linear") return undefined;
  return kind === "periodic" ? "rbf" : kind;
}

/** A sum of products; a shape by itself is one over all features. */
export type Kernel = Shape | readonly (readonly KernelFactor[])[];

/** A kernel as a sum of products. */
export function termsOf(kernel: Kernel): readonly (readonly KernelFactor[])[] {
  return typeof kernel === "string" ? [[{ kind: kernel }]] : kernel;
}

const SQRT_3 = Math.sqrt(3);
const SQRT_5 = Math.sqrt(5);

/**
 * Correlation of two points at a squared scaled distance.
 * Matérn-5/2: (1 + √5 r + 5r²/3)·exp(-√5 r); Matérn-3/2: (1 + √3 r)·exp(-√3 r); squared exponential: exp(-r²/2).
 * Source: Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), equations 4.17 and 4.9.
 *
 * @param squared - r², at least 0
 */
export function correlation(shape: Shape, squared: number): number {
  if (shape === "rbf") return exp(-0.5 * squared);
  if (shape === "matern32") {
    const r = SQRT_3 * Math.sqrt(squared);
    return (1 + r) * exp(-r);
  }
  const r = SQRT_5 * Math.sqrt(squared);
  return (1 + r + (r * r) / 3) * exp(-r);
}

/**
 * Turns squared distances into correlations in place, and their slopes beside them; one exponential each.
 *
 * @param squares - r², become correlations; at least `count` long
 * @param slopes - receives ∂ correlation / ∂r²; at least `count` long
 */
export function correlate(shape: Shape, squares: Float64Array, count: number, slopes: Float64Array): void {
  if (shape === "matern52") correlateMatern52(squares, count, slopes);
  else if (shape === "rbf") correlateRbf(squares, count, slopes);
  else correlateMatern32(squares, count, slopes);
}

function correlateRbf(squares: Float64Array, count: number, slopes: Float64Array): void {
  for (let i = 0; i < count; i++) squares[i] = -0.5 * (squares[i] as number);
  expAll(squares, count);
  for (let i = 0; i < count; i++) slopes[i] = -0.5 * (squares[i] as number);
}

function correlateMatern52(squares: Float64Array, count: number, slopes: Float64Array): void {
  for (let i = 0; i < count; i++) {
    const r = SQRT_5 * Math.sqrt(squares[i] as number);
    squares[i] = r;
    slopes[i] = -r;
  }
  expAll(slopes, count);
  for (let i = 0; i < count; i++) {
    const r = squares[i] as number;
    const e = slopes[i] as number;
    squares[i] = (1 + r + (r * r) / 3) * e;
    slopes[i] = (-5 / 6) * (1 + r) * e;
  }
}

function correlateMatern32(squares: Float64Array, count: number, slopes: Float64Array): void {
  for (let i = 0; i < count; i++) {
    const r = SQRT_3 * Math.sqrt(squares[i] as number);
    squares[i] = r;
    slopes[i] = -r;
  }
  expAll(slopes, count);
  for (let i = 0; i < count; i++) {
    const e = slopes[i] as number;
    squares[i] = (1 + (squares[i] as number)) * e;
    slopes[i] = -1.5 * e;
  }
}
