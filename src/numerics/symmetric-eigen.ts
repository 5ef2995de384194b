/** Eigenvalues in falling order, and the eigenvector of each. */
export interface SymmetricEigen {
  /** Shape (size). */
  readonly values: Float64Array;
  /** Eigenvector after eigenvector, of length 1, each with its largest entry positive; shape (size × size). */
  readonly vectors: Float64Array;
}

/** Six to ten sweeps are usual up to some hundred rows; more would mean that rounding holds them up. */
const MOST_SWEEPS = 50;

/** Squares of what is left off the diagonal, relative to the whole: beyond this it is rounding. */
const ROUNDING = 1e-30;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, by cyclic Jacobi rotations. Made of +, -, ×, ÷ and √ only, so
 * that every machine gives the same bits.
 * Source: Golub and Van Loan, Matrix Computations (4th ed.), algorithm 8.5.3.
 *
 * @param matrix - row after row, symmetric; stays as it is; shape (size × size)
 * @param size - rows
 */
export function symmetricEigen(matrix: Float64Array, size: number): SymmetricEigen {
  const a = matrix.slice(0, size * size);
  const vectors = new Float64Array(size * size);
  for (let i = 0; i < size; i++) vectors[i * size + i] = 1;
  const whole = a.reduce((sum, x) => sum + x * x, 0);
  for (let sweep = 0; sweep < MOST_SWEEPS && offDiagonal(a, size) > ROUNDING * whole; sweep++) {
    for (let p = 0; p < size - 1; p++) for (let q = p + 1; q < size; q++) rotate(a, vectors, size, p, q);
  }
  return sorted(a, vectors, size);
}

function offDiagonal(a: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0; i < size; i++)
    for (let j = 0; j < i; j++) sum += 2 * (a[i * size + j] as number) * (a[i * size + j] as number);
  return sum;
}

/** Makes the entry (p, q) zero. */
function rotate(a: Float64Array, vectors: Float64Array, size: number, p: number, q: number): void {
  const apq = a[p * size + q] as number;
  if (apq === 0) return;
  const tau = ((a[q * size + q] as number) - (a[p * size + p] as number)) / (2 * apq);
  const t = (tau >= 0 ? 1 : -1) / (Math.abs(tau) + Math.sqrt(1 + tau * tau));
  const c = 1 / Math.sqrt(1 + t * t);
  const s = t * c;
  for (let k = 0; k < size; k++) {
    const kp = a[k * size + p] as number;
    const kq = a[k * size + q] as number;
    a[k * size + p] = c * kp - s * kq;
    a[k * size + q] = s * kp + c * kq;
  }
  for (const rows of [a, vectors])
    for (let k = 0; k < size; k++) {
      const pk = rows[p * size + k] as number;
      const qk = rows[q * size + k] as number;
      rows[p * size + k] = c * pk - s * qk;
      rows[q * size + k] = s * pk + c * qk;
    }
  a[p * size + q] = 0;
  a[q * size + p] = 0;
}

function sorted(a: Float64Array, vectors: Float64Array, size: number): SymmetricEigen {
  const order = Array.from({ length: size }, (_, k) => k).sort(
    (i, j) => (a[j * size + j] as number) - (a[i * size + i] as number) || i - j,
  );
  const turned = new Float64Array(size * size);
  for (const [k, from] of order.entries()) {
    const vector = vectors.subarray(from * size, (from + 1) * size);
    let top = 0;
    for (const x of vector) if (Math.abs(x) > Math.abs(top)) top = x;
    turned.set(top < 0 ? vector.map((x) => -x) : vector, k * size);
  }
  return { values: Float64Array.from(order, (k) => a[k * size + k] as number), vectors: turned };
}
