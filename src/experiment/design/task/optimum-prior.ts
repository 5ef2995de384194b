import type { Prior } from "../../../hypothesis/law/law.ts";

/** Where one parameter of the best setting is expected: a distribution in its unit, or a weight for each choice. */
export type OptimumPrior =
  | Prior
  | { readonly kind: "weights"; readonly weights: Readonly<Record<string, number>> };
