import { evaluate, type Value } from "../../base/expression/evaluate.ts";
import { fromSi, toSi } from "../../base/unit.ts";
import type { Parameter, Setting } from "../parameter.ts";
import type { Law } from "./law.ts";
import { valueOfCoordinate } from "./prior.ts";
import { siValues, unitNamed } from "./si-values.ts";

/** A law bound to a setting: gives its prediction for particle coordinates. */
export type LawAt = (coordinates: ArrayLike<number>, from?: number) => number;

/**
 * Binds a law to a setting.
 *
 * @param law - what predicts
 * @param parameters - the campaign's parameters, for the units of the setting
 * @param setting - numbers in the parameters' units
 * @param unit - unit of the predicted measurement
 * @returns a function of standard-normal coordinates (one per parameter of the law, from index `from`) that gives
 *   the prediction in `unit`; NaN where the law has no value
 */
export function lawAt(law: Law, parameters: readonly Parameter[], setting: Setting, unit: string): LawAt {
  const values: Map<string, Value> = siValues(parameters, setting);
  const outcome = unitNamed(unit);
  const lookup = (name: string): Value | undefined => values.get(name);
  const own = law.parameters.map(({ name, unit, prior }) => ({ name, unit: unitNamed(unit), prior }));
  return (coordinates, from = 0) => {
    for (let k = 0; k < own.length; k++) {
      const { name, unit, prior } = own[k] as (typeof own)[number];
      values.set(name, toSi(valueOfCoordinate(prior, coordinates[from + k] as number), unit));
    }
    return fromSi(evaluate(law.expression, lookup), outcome);
  };
}
