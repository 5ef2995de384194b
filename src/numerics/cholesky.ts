import { log } from "../base/elementary.ts";

/** A factor L with L·Lᵀ = A + jitter·I; L is stored row after row with zeros above the diagonal. */
export interface Cholesky {
  /** Shape (size × size). */
  readonly lower: Float64Array;
  readonly size: number;
  /** What had to be added to the diagonal, 0 when nothing. */
  readonly jitter: number;
}

/** Relative to the mean of the diagonal; 1e-8 is the square root of the rounding error, two decades more are tried. */
const JITTERS = [0, 1e-10, 1e-8, 1e-6, 1e-4];

/**
 * Factors a symmetric matrix that is positive definite up to rounding.
 *
 * @param matrix - row after row; only the lower triangle is read; shape (size × size)
 * @param size - rows
 * @returns the factor, or undefined when the matrix is not positive definite even with a jitter
 *   of 1e-4 of its mean diagonal
 */
export function choleskyOf(matrix: Float64Array, size: number): Cholesky | undefined {
  let trace = 0;
  for (let i = 0; i < size; i++) trace += matrix[i * size + i] as number;
  for (const relative of JITTERS) {
    const jitter = relative * (trace / Math.max(1, size));
    const lower = new Float64Array(size * size);
    if (factorInto(lower, matrix, size, jitter)) return { lower, size, jitter };
  }
  return undefined;
}

/** Two rows by two columns at a time: each number that is read enters two products. */
function factorInto(lower: Float64Array, matrix: Float64Array, size: number, jitter: number): boolean {
  for (let i = 0; i < size; i += 2) {
    const last = i + 1 === size;
    for (let j = 0; j < i; j += 2) factorBlock(lower, matrix, size, i, j, last);
    if (!factorDiagonal(lower, matrix, size, i, jitter, last)) return false;
  }
  return true;
}

/** Rows i and i + 1, columns j and j + 1, all of them left of the diagonal. */
function factorBlock(
  lower: Float64Array,
  matrix: Float64Array,
  size: number,
  i: number,
  j: number,
  last: boolean,
): void {
  const a = i * size;
  const b = last ? a : a + size;
  const c = j * size;
  const d = c + size;
  let ac = matrix[a + j] as number;
  let ad = matrix[a + j + 1] as number;
  let bc = matrix[b + j] as number;
  let bd = matrix[b + j + 1] as number;
  for (let k = 0; k < j; k++) {
    const ak = lower[a + k] as number;
    const bk = lower[b + k] as number;
    const ck = lower[c + k] as number;
    const dk = lower[d + k] as number;
    ac -= ak * ck;
    ad -= ak * dk;
    bc -= bk * ck;
    bd -= bk * dk;
  }
  const first = lower[c + j] as number;
  const between = lower[d + j] as number;
  const second = lower[d + j + 1] as number;
  ac /= first;
  lower[a + j] = ac;
  lower[a + j + 1] = (ad - ac * between) / second;
  if (last) return;
  bc /= first;
  lower[b + j] = bc;
  lower[b + j + 1] = (bd - bc * between) / second;
}

function factorDiagonal(
  lower: Float64Array,
  matrix: Float64Array,
  size: number,
  i: number,
  jitter: number,
  last: boolean,
): boolean {
  const a = i * size;
  let aa = (matrix[a + i] as number) + jitter;
  for (let k = 0; k < i; k++) aa -= (lower[a + k] as number) * (lower[a + k] as number);
  if (!(aa > 0)) return false;
  const pivot = Math.sqrt(aa);
  lower[a + i] = pivot;
  if (last) return true;
  const b = a + size;
  let ab = matrix[b + i] as number;
  let bb = (matrix[b + i + 1] as number) + jitter;
  for (let k = 0; k < i; k++) {
    const bk = lower[b + k] as number;
    ab -= bk * (lower[a + k] as number);
    bb -= bk * bk;
  }
  ab /= pivot;
  lower[b + i] = ab;
  bb -= ab * ab;
  if (!(bb > 0)) return false;
  lower[b + i + 1] = Math.sqrt(bb);
  return true;
}

/**
 * Solves L·x = b in place.
 *
 * @param b - right-hand side, becomes x; at least `size` long
 * @param from - rows before it are known to be zero in b
 */
export function solveLower({ lower, size }: Cholesky, b: Float64Array, from = 0): Float64Array {
  for (let i = from; i < size; i++) {
    const row = i * size;
    let sum = b[i] as number;
    for (let k = from; k < i; k++) sum -= (lower[row + k] as number) * (b[k] as number);
    b[i] = sum / (lower[row + i] as number);
  }
  return b;
}

/**
 * Solves L·x = b in place for four right-hand sides at a time.
 *
 * @param b - right-hand sides one after the other, become the solutions; shape (4 × size)
 * @param from - rows before it are known to be zero in all of them
 */
export function solveLowerFour({ lower, size }: Cholesky, b: Float64Array, from = 0): Float64Array {
  const second = size;
  const third = 2 * size;
  const fourth = 3 * size;
  for (let i = from; i < size; i++) {
    const row = i * size;
    let p = b[i] as number;
    let q = b[second + i] as number;
    let r = b[third + i] as number;
    let s = b[fourth + i] as number;
    for (let k = from; k < i; k++) {
      const l = lower[row + k] as number;
      p -= l * (b[k] as number);
      q -= l * (b[second + k] as number);
      r -= l * (b[third + k] as number);
      s -= l * (b[fourth + k] as number);
    }
    const pivot = lower[row + i] as number;
    b[i] = p / pivot;
    b[second + i] = q / pivot;
    b[third + i] = r / pivot;
    b[fourth + i] = s / pivot;
  }
  return b;
}

/** Solves Lᵀ·x = b in place; b is at least `size` long. */
export function solveUpper({ lower, size }: Cholesky, b: Float64Array): Float64Array {
  for (let i = size - 1; i >= 0; i--) {
    const row = i * size;
    const x = (b[i] as number) / (lower[row + i] as number);
    b[i] = x;
    for (let k = 0; k < i; k++) b[k] = (b[k] as number) - x * (lower[row + k] as number);
  }
  return b;
}

/** ln |A| of the factored matrix. */
export function logDeterminant({ lower, size }: Cholesky): number {
  let sum = 0;
  for (let i = 0; i < size; i++) sum += log(lower[i * size + i] as number);
  return 2 * sum;
}

/**
 * The inverse of the factored matrix, A⁻¹ = L⁻ᵀ·L⁻¹.
 *
 * @returns row after row, symmetric; shape (size × size)
 */
export function inverseOf(factor: Cholesky): Float64Array {
  const { size } = factor;
  const columns = inverseColumns(factor);
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i += 2) {
    for (let j = 0; j <= i; j += 4) multiplyBlock(inverse, columns, size, i, j);
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) inverse[j * size + i] = inverse[i * size + j] as number;
  }
  return inverse;
}

/** Rows i and i + 1 of the product by columns j to j + 3, as far as they lie left of the diagonal. */
function multiplyBlock(
  product: Float64Array,
  columns: Float64Array,
  size: number,
  i: number,
  j: number,
): void {
  const a = i * size;
  const b = a + size;
  const c = j * size;
  const d = c + size;
  const e = d + size;
  const f = e + size;
  let [ac, ad, ae, af] = [0, 0, 0, 0];
  let [bc, bd, be, bf] = [0, 0, 0, 0];
  // Columns of L⁻¹ are zero above their diagonal, so that row i adds nothing to what starts at i + 1.
  for (let k = i; k < size; k++) {
    const ak = columns[a + k] as number;
    const bk = columns[b + k] as number;
    const ck = columns[c + k] as number;
    const dk = columns[d + k] as number;
    const ek = columns[e + k] as number;
    const fk = columns[f + k] as number;
    ac += ak * ck;
    ad += ak * dk;
    ae += ak * ek;
    af += ak * fk;
    bc += bk * ck;
    bd += bk * dk;
    be += bk * ek;
    bf += bk * fk;
  }
  setLower(product, size, i, j, [ac, ad, ae, af]);
  if (i + 1 < size) setLower(product, size, i + 1, j, [bc, bd, be, bf]);
}

/** Puts numbers into row i from column j on, up to the diagonal. */
function setLower(matrix: Float64Array, size: number, i: number, j: number, values: readonly number[]): void {
  for (let k = 0; k < values.length && j + k <= i; k++) matrix[i * size + j + k] = values[k] as number;
}

/** Columns of L⁻¹, one a row, four at a time; further rows up to the next multiple of four are zero. */
function inverseColumns(factor: Cholesky): Float64Array {
  const { size } = factor;
  const columns = new Float64Array(4 * Math.ceil(size / 4) * size);
  for (let j = 0; j < size; j += 4) {
    for (let k = j; k < Math.min(j + 4, size); k++) columns[k * size + k] = 1;
    solveLowerFour(factor, columns.subarray(j * size, (j + 4) * size), j);
  }
  return columns;
}

/**
 * The factor of a matrix with one more row and column.
 *
 * @param row - the new row, its diagonal entry last; shape (size + 1)
 * @returns undefined when the bordered matrix is not positive definite
 */
export function extendCholesky(factor: Cholesky, row: Float64Array): Cholesky | undefined {
  const { size } = factor;
  const larger = size + 1;
  const lower = new Float64Array(larger * larger);
  for (let i = 0; i < size; i++) lower.set(factor.lower.subarray(i * size, i * size + i + 1), i * larger);
  const border = solveLower(factor, row.slice(0, size));
  let rest = (row[size] as number) + factor.jitter;
  for (let k = 0; k < size; k++) rest -= (border[k] as number) * (border[k] as number);
  if (!(rest > 0)) return undefined;
  lower.set(border, size * larger);
  lower[larger * larger - 1] = Math.sqrt(rest);
  return { lower, size: larger, jitter: factor.jitter };
}
