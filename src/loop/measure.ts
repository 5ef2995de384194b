import { differentiate, evaluate, type Value } from "../base/expression/evaluate.ts";
import { namesIn } from "../base/expression/expression.ts";
import { fromSi, tidy } from "../base/unit.ts";
import { standardUncertainty } from "../measurement/reading/reading-statistics.ts";
import type { MeasurementDefinition } from "./definition.ts";
import type { MeasuredValue } from "./event.ts";
import type { ProcedureState } from "./procedure-state.ts";

/** Measurements of one experiment, and what is wrong with them. */
export interface Measured {
  readonly values: Readonly<Record<string, MeasuredValue>>;
  readonly unusable: readonly string[];
}

/**
 * Measurements from the readings of an experiment: every expression at the mean of the readings, its uncertainty
 * from their scatter to first order, u² = Σ (∂f/∂xᵢ)² u(xᵢ)², and not below the noise that the file declares.
 * Source: JCGM 100:2008 (GUM), equation 10.
 */
export function measure(definitions: readonly MeasurementDefinition[], procedure: ProcedureState): Measured {
  const values: Record<string, MeasuredValue> = {};
  const unusable: string[] = procedure.flags.filter(
    (flag) => flag.startsWith("saturated") || flag.startsWith("unusable"),
  );
  const lookup = (name: string): Value | undefined =>
    procedure.readings[name]?.mean ?? procedure.values[name];
  for (const { name, expression, unit, noise, minimum = -Infinity, maximum = Infinity } of definitions) {
    const names = namesIn(expression);
    const missing = names.find((each) => lookup(each) === undefined);
    if (missing !== undefined) {
      unusable.push(`${name}: there is no reading "${missing}"`);
      continue;
    }
    const value = tidy(fromSi(evaluate(expression, lookup), unit));
    const uncertain = names.filter((each) => (procedure.readings[each]?.count ?? 0) > 1);
    const { gradient } = differentiate(expression, lookup, uncertain);
    const variance = uncertain.reduce((sum, each, i) => {
      const statistics = procedure.readings[each];
      return statistics === undefined
        ? sum
        : sum + ((gradient[i] as number) * standardUncertainty(statistics)) ** 2;
    }, 0);
    const scatter = Math.sqrt(variance) / unit.factor;
    values[name] = {
      value,
      unit: unit.symbol,
      standardUncertainty: Math.max(tidy(scatter) || 0, noise ?? 0),
    };
    if (!Number.isFinite(value)) unusable.push(`${name}: the expression gives no number`);
    else if (value < minimum || value > maximum) {
      unusable.push(`${name}: ${value} ${unit.symbol} is outside ${minimum} … ${maximum} ${unit.symbol}`);
    }
  }
  return { values, unusable };
}
