import type { Hypothesis } from "./hypothesis.ts";
import type { Law } from "./law/law.ts";
import type { MeasuredQuantity } from "./observation.ts";
import type { Surrogate } from "./surrogate/surrogate.ts";

/** A hypothesis in its competition for one measurement. */
export interface Rival {
  readonly hypothesis: Hypothesis;
  readonly measurement: MeasuredQuantity;
  /** Prior weight; those of one measurement sum to 1. */
  readonly weight: number;
}

/** Prior weight of "none of the laws" where the campaign doesn't say. */
const NONE_OF_THE_LAWS = 0.05;

const IMPLIED: Surrogate = { kind: "surrogate", name: "surrogate" };

/**
 * Who competes for which measurement: the laws that predict it and every surrogate; where the campaign names
 * no surrogate, one is implied.
 *
 * @returns in the order of the measurements, laws before surrogates
 */
export function rivalsOf(
  measurements: readonly MeasuredQuantity[],
  hypotheses: readonly Hypothesis[],
): Rival[] {
  const named = hypotheses.filter((each) => each.kind === "surrogate");
  const surrogates = named.length === 0 ? [IMPLIED] : named;
  return measurements.flatMap((measurement) => {
    const laws = hypotheses.filter(
      (each): each is Law => each.kind === "law" && each.predicts === measurement.name,
    );
    return weighed(laws, surrogates, measurement);
  });
}

function weighed(
  laws: readonly Law[],
  surrogates: readonly Surrogate[],
  measurement: MeasuredQuantity,
): Rival[] {
  const shares = surrogates.map(({ weight }) => weight ?? NONE_OF_THE_LAWS / surrogates.length);
  const asked = shares.reduce((a, b) => a + b, 0);
  const all = laws.length === 0 ? 1 : Math.min(asked, 1);
  const lawTotal = laws.reduce((sum, { weight }) => sum + weight, 0);
  return [
    ...laws.map((hypothesis) => ({
      hypothesis,
      measurement,
      weight: ((1 - all) * hypothesis.weight) / lawTotal,
    })),
    ...surrogates.map((hypothesis, i) => ({
      hypothesis,
      measurement,
      weight: asked === 0 ? all / surrogates.length : (all * (shares[i] as number)) / asked,
    })),
  ];
}
