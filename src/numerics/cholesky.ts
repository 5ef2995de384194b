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

function factorInto(lower: Float64Array, matrix: Float64Array, size: number, jitter: number): boolean {
  for (let i = 0; i < size; i++) {
    const row = i * size;
    for (let j = 0; j <= i; j++) {
      const other = j * size;
      let sum = matrix[row + j] as number;
      if (i === j) sum += jitter;
      for (let k = 0; k < j; k++) sum -= (lower[row + k] as number) * (lower[other + k] as number);
      if (i !== j) lower[row + j] = sum / (lower[other + j] as number);
      else if (sum > 0) lower[row + j] = Math.sqrt(sum);
      else return false;
    }
  }
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
  for (let i = 0; i < size; i++) sum += Math.log(lower[i * size + i] as number);
  return 2 * sum;
}

/**
 * The inverse of the factored matrix, A⁻¹ = L⁻ᵀ·L⁻¹.
 *
 * @returns row after row, symmetric; shape (size × size)
 */
export function inverseOf(factor: Cholesky): Float64Array {
  const { size } = factor;
  // Row j of `columns` is column j of L⁻¹, which is zero before its j-th entry.
  const columns = new Float64Array(size * size);
  for (let j = 0; j < size; j++) {
    const column = columns.subarray(j * size, (j + 1) * size);
    column[j] = 1;
    solveLower(factor, column, j);
  }
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = i; k < size; k++)
        sum += (columns[i * size + k] as number) * (columns[j * size + k] as number);
      inverse[i * size + j] = sum;
      inverse[j * size + i] = sum;
    }
  }
  return inverse;
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
  for (let k = 0; k < size; k++) rest -= (border[k] as number) ** 2;
  if (!(rest > 0)) return undefined;
  lower.set(border, size * larger);
  lower[larger * larger - 1] = Math.sqrt(rest);
  return { lower, size: larger, jitter: factor.jitter };
}
