import type { Problem } from "../../experiment/design/task/problem.ts";
import type { Observation, ObservedValue, Outcome } from "../../hypothesis/observation.ts";
import type { Parameter, Setting } from "../../hypothesis/parameter.ts";

/** What an experiment gave: a value for each measurement, in its unit, or why there is none. */
export type Result =
  | {
      readonly setting: Setting;
      /** Numbers, or numbers with one standard deviation. */
      readonly outcome: Readonly<Record<string, number | ObservedValue>>;
    }
  | { readonly setting: Setting; readonly failed: string };

/**
 * A result as the update takes it.
 *
 * @throws TypeError when a parameter or a measurement has no value, or one of the wrong kind
 */
export function checkResult(problem: Problem, result: Result): Omit<Observation, "experiment"> {
  const setting = checkSetting(problem.space.parameters, result.setting);
  if ("failed" in result) return { setting, outcome: { kind: "failed", reason: result.failed } };
  return { setting, outcome: checkOutcome(problem, result.outcome) };
}

function checkSetting(parameters: readonly Parameter[], given: Setting): Setting {
  const setting: Record<string, number | string> = {};
  for (const parameter of parameters) {
    const value = given[parameter.name] ?? (parameter.kind === "constant" ? parameter.value : undefined);
    if (parameter.kind === "categorical") {
      if (!parameter.choices.includes(String(value)))
        throw new TypeError(
          `"${value}" is no choice of "${parameter.name}"; its choices are ${parameter.choices.join(", ")}`,
        );
      setting[parameter.name] = String(value);
    } else {
      if (typeof value !== "number" || !Number.isFinite(value))
        throw new TypeError(
          `"${parameter.name}" has no number${parameter.unit === "1" ? "" : `; give it in ${parameter.unit}`}`,
        );
      setting[parameter.name] = value;
    }
  }
  const unknown = Object.keys(given).find((name) => setting[name] === undefined);
  if (unknown !== undefined)
    throw new TypeError(`there is no parameter "${unknown}"; there are ${Object.keys(setting).join(", ")}`);
  return setting;
}

/** Squares of values have to be numbers, and sums of squares too. */
const GREATEST = 1e150;

function checkOutcome(problem: Problem, given: Readonly<Record<string, number | ObservedValue>>): Outcome {
  const values: Record<string, ObservedValue> = {};
  for (const { name, noise } of problem.measurements) {
    const value = given[name];
    const observed = typeof value === "number" ? { value, standardUncertainty: 0 } : value;
    if (observed === undefined || !Number.isFinite(observed.value))
      throw new TypeError(`the outcome has no number "${name}"; say \`failed\` when there is none`);
    if (Math.abs(observed.value) > GREATEST)
      throw new TypeError(
        `"${name}" is ${observed.value}, and its square is beyond all numbers; use another unit`,
      );
    const spread = observed.standardUncertainty ?? 0;
    if (!(spread >= 0)) throw new TypeError(`the standard uncertainty of "${name}" is negative`);
    values[name] = { value: observed.value, standardUncertainty: Math.max(spread, noise ?? 0) };
  }
  return { kind: "measured", values };
}
