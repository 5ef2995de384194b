import { type ExpressionType, unitType } from "../../base/expression/dimension.ts";
import { parseQuantity } from "../../base/quantity.ts";
import { tidy, type Unit, unitOf } from "../../base/unit.ts";
import type { Constraint, Space } from "../../experiment/space/space.ts";
import type { Parameter } from "../../hypothesis/parameter.ts";
import type { Path } from "../file/source-file.ts";
import type { WrittenCampaign, WrittenParameter } from "../schema/campaign-schema.ts";
import { compileListedNumber } from "./candidate-limits.ts";
import { compileCategorical, type Outside } from "./categorical.ts";
import { type ConditionNames, compileConditions } from "./conditions.ts";
import { type Constants, withConstants } from "./constants.ts";
import type { FaultCollector } from "./faults.ts";
import { compileMixtures } from "./mixtures.ts";
import { compileSymmetries } from "./symmetries.ts";
import { readExpression, readIn, readQuantity } from "./values.ts";

/** The parameters of a campaign file; what is wrong with them goes to the faults. */
export function compileParameters(
  faults: FaultCollector,
  file: WrittenCampaign,
  outside: Outside = { tables: new Map() },
): Parameter[] {
  return Object.entries(file.parameters).flatMap(([name, written]) => {
    const parameter = compileParameter(faults, ["parameters", name], name, written, outside);
    if (parameter === undefined) faults.giveUp(name);
    return parameter === undefined ? [] : [parameter];
  });
}

function compileParameter(
  faults: FaultCollector,
  path: Path,
  name: string,
  written: WrittenParameter,
  outside: Outside,
): Parameter | undefined {
  if ("choices" in written) return compileCategorical(faults, path, name, written, outside);
  if ("unit" in written) return compileListedNumber(faults, path, name, written, outside.candidates);
  if ("levels" in written) return compileOrdinal(faults, path, name, written.levels);
  if ("value" in written) {
    const value = readQuantity(faults, [...path, "value"], written.value);
    return value && { kind: "constant", name, unit: value.unit.symbol, value: value.value };
  }
  return compileRange(faults, path, name, written);
}

function compileRange(
  faults: FaultCollector,
  path: Path,
  name: string,
  written: Extract<WrittenParameter, { min: unknown }>,
): Parameter | undefined {
  const max = readQuantity(faults, [...path, "max"], written.max);
  if (max === undefined) return undefined;
  const unit = max.unit.symbol;
  // "min: 0" needs no unit.
  const zero = Number(written.min) === 0 && max.unit.offset === 0;
  if (!zero && lacksUnit(faults, path, name, written.min, max.unit)) return undefined;
  const minimum = zero ? 0 : readIn(faults, [...path, "min"], written.min, max.unit);
  if (minimum === undefined) return undefined;
  const maximum = max.value;
  if (minimum >= maximum) {
    const same = minimum === maximum;
    faults.add(
      "campaign.empty-range",
      path,
      same
        ? `"${name}" has no range: min and max are both ${written.max}`
        : `"${name}" has no range: min is not below max`,
      same ? `write \`value: ${written.max}\` for a constant` : "exchange min and max",
    );
    return undefined;
  }
  const scale = written.scale ?? "linear";
  if (scale === "log" && minimum <= 0) {
    faults.add(
      "campaign.empty-range",
      [...path, "min"],
      `"${name}" has a log scale, so min has to be above 0`,
      "write a min above 0, or leave `scale: log` away",
    );
    return undefined;
  }
  if (written.integer === true && !(Number.isInteger(minimum) && Number.isInteger(maximum))) {
    faults.add(
      "campaign.empty-range",
      path,
      `"${name}" is a whole number, but its range ends at ${minimum} and ${maximum}`,
      "write whole numbers for min and max",
    );
    return undefined;
  }
  if (written.integer === true) return { kind: "integer", name, unit, minimum, maximum, scale };
  if (written.step === undefined) return { kind: "continuous", name, unit, minimum, maximum, scale };
  const step = readIn(faults, [...path, "step"], written.step, max.unit, true);
  if (step === undefined) return undefined;
  const count = (maximum - minimum) / step;
  if (!(step > 0) || Math.abs(count - Math.round(count)) > 1e-6 * Math.max(1, count)) {
    const whole = tidy(minimum + Math.floor(Math.max(0, count)) * step);
    faults.add(
      "campaign.bad-step",
      [...path, "step"],
      `the range of "${name}" is no whole number of steps of ${written.step}`,
      step > 0 ? `use max: ${whole} ${unit}, or another step` : "use a step above 0",
    );
    return undefined;
  }
  return { kind: "stepped", name, unit, minimum, maximum, step };
}

/** A range with a unit at one end only: most likely it was forgotten at the other. */
function lacksUnit(
  faults: FaultCollector,
  path: Path,
  name: string,
  min: string | number,
  max: Unit,
): boolean {
  const parsed = parseQuantity(min);
  if (parsed.kind === "problem" || max.symbol !== "1" || parsed.unit.symbol === "1") return false;
  faults.add(
    "campaign.wrong-unit",
    [...path, "max"],
    `max of "${name}" has no unit, but min is in ${parsed.unit.symbol}`,
    `write max in ${parsed.unit.symbol} too`,
  );
  return true;
}

function compileOrdinal(
  faults: FaultCollector,
  path: Path,
  name: string,
  levels: readonly (string | number)[],
): Parameter | undefined {
  const first = readQuantity(faults, [...path, "levels", 0], levels[0] as string | number);
  if (first === undefined) return undefined;
  const values = levels.map((level, i) => readIn(faults, [...path, "levels", i], level, first.unit));
  if (values.includes(undefined)) return undefined;
  const numbers = values as number[];
  if (numbers.some((value, i) => i > 0 && value <= (numbers[i - 1] as number))) {
    faults.add(
      "campaign.empty-range",
      [...path, "levels"],
      `the levels of "${name}" have to rise`,
      "write them from the least to the greatest, each once",
    );
    return undefined;
  }
  return { kind: "ordinal", name, unit: first.unit.symbol, levels: numbers };
}

/** The type that a parameter's name has in expressions. */
export function parameterType(parameter: Parameter): ExpressionType {
  if (parameter.kind === "categorical") return { kind: "text", choices: parameter.choices };
  return unitType(unitOf(parameter.unit));
}

/** The types of constants and parameters by the names that expressions use. */
export function settingScope(
  constants: Constants,
  parameters: readonly Parameter[],
): Map<string, ExpressionType> {
  return new Map([
    ...[...constants].map(([name, { unit }]) => [name, unitType(unit)] as const),
    ...parameters.map((parameter) => [parameter.name, parameterType(parameter)] as const),
  ]);
}

/** The space of a campaign file: parameters, mixtures, constraints and symmetries. */
export function compileSpace(
  faults: FaultCollector,
  file: WrittenCampaign,
  parameters: readonly Parameter[],
  { scope, constants }: ConditionNames,
): Space {
  const constraints = (file.constraints ?? []).flatMap((written, i): Constraint[] => {
    const path: Path = typeof written === "string" ? ["constraints", i] : ["constraints", i, "expression"];
    const text = typeof written === "string" ? written : written.expression;
    const read = readExpression(faults, path, text, scope, { kind: "condition" });
    const name = typeof written === "string" ? text : written.name;
    return read === undefined ? [] : [{ name, expression: withConstants(read.expression, constants), text }];
  });
  const conditional = compileConditions(faults, file, parameters, { scope, constants });
  const symmetries = compileSymmetries(faults, file, conditional);
  return {
    parameters: conditional,
    mixtures: compileMixtures(faults, file, conditional),
    constraints,
    ...(symmetries.length > 0 && { symmetries }),
  };
}
