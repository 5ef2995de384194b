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
 * @param into - receives the factor; zeros above the diagonal, or a factor before it; shape (size × size)
 * @returns the factor, or undefined when the matrix is not positive definite even with a jitter
 *   of 1e-4 of its mean diagonal
 */
export function choleskyOf(matrix: Float64Array, size: number, into?: Float64Array): Cholesky | undefined {
  const lower = into ?? new Float64Array(size * size);
  let trace = 0;
  for (let i = 0; i < size; i++) trace += matrix[i * size + i] as number;
  for (const relative of JITTERS) {
    const jitter = relative * (trace / Math.max(1, size));
    if (factorInto(lower, matrix, size, jitter)) return { lower, size, jitter };
  }
  return undefined;
}

/** Four rows by two columns at a time: numbers that are read enter several products. */
function factorInto(lower: Float64Array, matrix: Float64Array, size: number, jitter: number): boolean {
  let i = 0;
  for (; i + 4 <= size; i += 4) {
    for (let j = 0; j < i; j += 2) factorFour(lower, matrix, size, i, j);
    if (!factorDiagonal(lower, matrix, size, i, jitter, false)) return false;
    factorBlock(lower, matrix, size, i + 2, i, false);
    if (!factorDiagonal(lower, matrix, size, i + 2, jitter, false)) return false;
  }
  for (; i < size; i += 2) {
    const last = i + 1 === size;
    for (let j = 0; j < i; j += 2) factorBlock(lower, matrix, size, i, j, last);
    if (!factorDiagonal(lower, matrix, size, i, jitter, last)) return false;
  }
  return true;
}

/** Rows i to i + 3, columns j and j + 1, all of them left of the diagonal. */
function factorFour(lower: Float64Array, matrix: Float64Array, size: number, i: number, j: number): void {
  const a = i * size;
  const b = a + size;
  const c = b + size;
  const d = c + size;
  const e = j * size;
  const f = e + size;
  let ae = matrix[a + j] as number;
  let af = matrix[a + j + 1] as number;
  let be = matrix[b + j] as number;
  let bf = matrix[b + j + 1] as number;
  let ce = matrix[c + j] as number;
  let cf = matrix[c + j + 1] as number;
  let de = matrix[d + j] as number;
  let df = matrix[d + j + 1] as number;
  for (let k = 0; k < j; k++) {
    const ek = lower[e + k] as number;
    const fk = lower[f + k] as number;
    const ak = lower[a + k] as number;
    const bk = lower[b + k] as number;
    const ck = lower[c + k] as number;
    const dk = lower[d + k] as number;
    ae -= ak * ek;
    af -= ak * fk;
    be -= bk * ek;
    bf -= bk * fk;
    ce -= ck * ek;
    cf -= ck * fk;
    de -= dk * ek;
    df -= dk * fk;
  }
  const first = lower[e + j] as number;
  const between = lower[f + j] as number;
  const second = lower[f + j + 1] as number;
  ae /= first;
  be /= first;
  ce /= first;
  de /= first;
  lower[a + j] = ae;
  lower[a + j + 1] = (af - ae * between) / second;
  lower[b + j] = be;
  lower[b + j + 1] = (bf - be * between) / second;
  lower[c + j] = ce;
  lower[c + j + 1] = (cf - ce * between) / second;
  lower[d + j] = de;
  lower[d + j + 1] = (df - de * between) / second;
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
  const b = last ? a : a + size;
  let aa = (matrix[a + i] as number) + jitter;
  let ab = matrix[b + i] as number;
  let bb = (matrix[b + i + 1] as number) + jitter;
  for (let k = 0; k < i; k++) {
    const ak = lower[a + k] as number;
    const bk = lower[b + k] as number;
    aa -= ak * ak;
    ab -= bk * ak;
    bb -= bk * bk;
  }
  if (!(aa > 0)) return false;
  const pivot = Math.sqrt(aa);
  lower[a + i] = pivot;
  if (last) return true;
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
export function solveLowerFour(factor: Cholesky, b: Float64Array, from = 0): Float64Array {
  const { size } = factor;
  let i = from;
  for (; i + 1 < size; i += 2) solveTwoRows(factor, b, from, i);
  if (i < size) solveRow(factor, b, from, i);
  return b;
}

/** Rows i and i + 1 of four solutions at a time: each number of b that is read enters two products. */
function solveTwoRows({ lower, size }: Cholesky, b: Float64Array, from: number, i: number): void {
  const [second, third, fourth] = [size, 2 * size, 3 * size];
  const row = i * size;
  const next = row + size;
  let p = b[i] as number;
  let q = b[second + i] as number;
  let r = b[third + i] as number;
  let s = b[fourth + i] as number;
  let t = b[i + 1] as number;
  let u = b[second + i + 1] as number;
  let v = b[third + i + 1] as number;
  let w = b[fourth + i + 1] as number;
  for (let k = from; k < i; k++) {
    const l = lower[row + k] as number;
    const m = lower[next + k] as number;
    const first = b[k] as number;
    const other = b[second + k] as number;
    const further = b[third + k] as number;
    const last = b[fourth + k] as number;
    p -= l * first;
    q -= l * other;
    r -= l * further;
    s -= l * last;
    t -= m * first;
    u -= m * other;
    v -= m * further;
    w -= m * last;
  }
  const pivot = lower[row + i] as number;
  p /= pivot;
  q /= pivot;
  r /= pivot;
  s /= pivot;
  b[i] = p;
  b[second + i] = q;
  b[third + i] = r;
  b[fourth + i] = s;
  const between = lower[next + i] as number;
  const own = lower[next + i + 1] as number;
  b[i + 1] = (t - between * p) / own;
  b[second + i + 1] = (u - between * q) / own;
  b[third + i + 1] = (v - between * r) / own;
  b[fourth + i + 1] = (w - between * s) / own;
}

function solveRow({ lower, size }: Cholesky, b: Float64Array, from: number, i: number): void {
  const row = i * size;
  for (let start = 0; start < 4 * size; start += size) {
    let sum = b[start + i] as number;
    for (let k = from; k < i; k++) sum -= (lower[row + k] as number) * (b[start + k] as number);
    b[start + i] = sum / (lower[row + i] as number);
  }
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
  const inverse = lowerInverseOf(factor, inverseRoom(size));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) inverse[j * size + i] = inverse[i * size + j] as number;
  }
  return inverse;
}

/** Memory for inverses of one size after the other. */
export interface InverseRoom {
  readonly inverse: Float64Array;
  /** L⁻¹ with a column in each row; further rows up to the next multiple of four are zero. */
  readonly columns: Float64Array;
}

/** Memory for an inverse; shape (size × size). */
export function inverseRoom(size: number): InverseRoom {
  const rows = 4 * Math.ceil(size / 4);
  return { inverse: new Float64Array(size * size), columns: new Float64Array(rows * size) };
}

/**
 * The lower triangle of the inverse of the factored matrix.
 *
 * @returns row after row, with whatever was there above the diagonal; shape (size × size)
 */
export function lowerInverseOf(factor: Cholesky, { inverse, columns }: InverseRoom): Float64Array {
  const { size } = factor;
  fillInverseColumns(factor, columns);
  for (let i = 0; i < size; i += 2) {
    for (let j = 0; j <= i; j += 4) multiplyBlock(inverse, columns, size, i, j);
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
  let ac = 0;
  let ad = 0;
  let ae = 0;
  let af = 0;
  let bc = 0;
  let bd = 0;
  let be = 0;
  let bf = 0;
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
  if (j + 3 <= i) product[a + j + 3] = af;
  if (j + 2 <= i) product[a + j + 2] = ae;
  if (j + 1 <= i) product[a + j + 1] = ad;
  product[a + j] = ac;
  if (i + 1 >= size) return;
  if (j + 3 <= i + 1) product[b + j + 3] = bf;
  if (j + 2 <= i + 1) product[b + j + 2] = be;
  product[b + j + 1] = bd;
  product[b + j] = bc;
}

/** Columns of L⁻¹, four at a time. */
function fillInverseColumns(factor: Cholesky, columns: Float64Array): void {
  const { size } = factor;
  columns.fill(0);
  for (let j = 0; j < size; j += 4) {
    for (let k = j; k < Math.min(j + 4, size); k++) columns[k * size + k] = 1;
    solveLowerFour(factor, columns.subarray(j * size, (j + 4) * size), j);
  }
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
