/**
 * A Gaussian process that stands for "none of the laws": it predicts every measurement from settings
 * without a formula.
 */
export interface Surrogate {
  readonly kind: "surrogate";
  readonly name: string;
  /** Prior weight as a share of 1 among all hypotheses; 0.05 beside laws and 1 without them where absent. */
  readonly weight?: number;
  readonly kernel?: "matern52" | "rbf";
}
