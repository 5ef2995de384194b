import type { Hypothesis } from "../../hypothesis/hypothesis.ts";
import type { MeasuredQuantity } from "../../hypothesis/observation.ts";
import type { Parameter } from "../../hypothesis/parameter.ts";

/** What inference depends on besides the observations; a design problem is one. */
export interface InferenceProblem {
  readonly space: { readonly parameters: readonly Parameter[] };
  readonly measurements: readonly MeasuredQuantity[];
  readonly hypotheses: readonly Hypothesis[];
  readonly seed: number;
}
