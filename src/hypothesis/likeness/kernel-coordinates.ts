import { symmetricEigen } from "../../numerics/index.ts";

/** Things whose likeness is known. */
export interface Likeness {
  readonly count: number;
  /** Likeness of two of them, by index; symmetric, and positive definite as a matrix. */
  readonly between: (i: number, j: number) => number;
}

/** Things whose likeness is decomposed; the others are placed by their likeness to these. 160³ takes a tenth of a second. */
const LANDMARKS = 160;

/** Eigenvalues below this share of the largest are rounding. */
const NEGLIGIBLE = 1e-9;

/**
 * Coordinates whose distances are as near as can be to those that the likeness implies, d² = kᵢᵢ + kⱼⱼ - 2 kᵢⱼ:
 * kernel principal components, which are principal components where the likeness is a product of vectors, and
 * principal coordinates in general. Beyond 160 things, by Nyström's approximation over 160 of them, evenly chosen.
 * Source: Schölkopf, Smola and Müller, Nonlinear component analysis as a kernel eigenvalue problem (1998), eq. 16.
 *
 * @param most - coordinates at most, at least 1
 * @returns for each thing equally many coordinates, the most telling first; none where all are alike
 */
export function kernelCoordinates({ count, between }: Likeness, most: number): number[][] {
  const size = Math.min(count, LANDMARKS);
  const landmarks = Array.from({ length: size }, (_, k) => Math.floor((k * count) / size));
  const gram = Float64Array.from({ length: size * size }, (_, at) =>
    between(landmarks[Math.floor(at / size)] as number, landmarks[at % size] as number),
  );
  const means = Float64Array.from({ length: size }, (_, k) =>
    meanOf(gram.subarray(k * size, (k + 1) * size)),
  );
  const whole = meanOf(means);
  const centred = gram.map(
    (x, at) => x - (means[Math.floor(at / size)] as number) - (means[at % size] as number) + whole,
  );
  const { values, vectors } = symmetricEigen(centred, size);
  const floor = NEGLIGIBLE * Math.max(values[0] ?? 0, Math.abs(whole) * size * 1e-6);
  const kept = [...values.subarray(0, most)].filter((value) => value > floor);
  return Array.from({ length: count }, (_, i) => {
    const row = Float64Array.from(landmarks, (landmark) => between(i, landmark));
    const mean = meanOf(row);
    return kept.map((value, k) => {
      const vector = vectors.subarray(k * size, (k + 1) * size);
      const along = row.reduce(
        (sum, x, l) => sum + (x - mean - (means[l] as number) + whole) * (vector[l] as number),
        0,
      );
      return along / Math.sqrt(value);
    });
  });
}

function meanOf(numbers: Float64Array): number {
  return numbers.reduce((sum, x) => sum + x, 0) / Math.max(1, numbers.length);
}
