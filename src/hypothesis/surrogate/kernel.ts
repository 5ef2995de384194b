/** Shapes of covariance over scaled distance r. */
export type Kernel = "matern52" | "rbf";

const SQRT_5 = Math.sqrt(5);

/**
 * Correlation of two points at a squared scaled distance.
 * Matérn-5/2: (1 + √5 r + 5r²/3)·exp(-√5 r); squared exponential: exp(-r²/2).
 * Source: Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), equations 4.17 and 4.9.
 *
 * @param squared - r², at least 0
 */
export function correlation(kernel: Kernel, squared: number): number {
  if (kernel === "rbf") return Math.exp(-0.5 * squared);
  const r = SQRT_5 * Math.sqrt(squared);
  return (1 + r + (r * r) / 3) * Math.exp(-r);
}

/** ∂ correlation / ∂r², finite at 0 for both shapes. */
export function correlationSlope(kernel: Kernel, squared: number): number {
  if (kernel === "rbf") return -0.5 * Math.exp(-0.5 * squared);
  const r = SQRT_5 * Math.sqrt(squared);
  return (-5 / 6) * (1 + r) * Math.exp(-r);
}
