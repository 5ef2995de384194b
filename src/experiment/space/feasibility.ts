import { evaluateValue, type Lookup } from "../../base/expression/evaluate.ts";
import type { Expression } from "../../base/expression/expression.ts";
import { convert } from "../../base/quantity.ts";
import type { Parameter, Setting } from "../../hypothesis/parameter.ts";
import { contextProblem } from "./context.ts";
import { isMakeable } from "./makeable.ts";
import { settingLookup, settle } from "./settle.ts";
import type { Constraint, Mixture, Space } from "./space.ts";

/** Sides of a comparison that differ by less, relative to the larger, count as equal: 100 uL + 200 uL is 300 uL. */
const ROUNDING = 1e-9;

/**
 * Whether a setting can be made, adds up, rests where its conditions don't hold, has the present context and
 * meets every constraint.
 */
export function isFeasible(space: Space, setting: Setting): boolean {
  return isWellMade(space, setting) && meetsConstraints(space, setting);
}

/** Whether all but the constraints is in order: steps, limits, mixtures, conditions and context. */
export function isWellMade(space: Space, setting: Setting): boolean {
  const settled = settle(space, setting);
  return (
    space.parameters.every(
      (parameter) =>
        alike(setting[parameter.name], settled[parameter.name]) &&
        isAllowed(space, parameter, setting[parameter.name]),
    ) && space.mixtures.every((mixture) => addsUp(space, mixture, setting))
  );
}

function isAllowed(space: Space, parameter: Parameter, value: number | string | undefined): boolean {
  if (parameter.kind !== "constant" && parameter.context === true)
    return contextProblem(parameter, value) === undefined;
  return (
    isMakeable(parameter, value) || (value === 0 && mixtureOf(space, parameter.name)?.atMost !== undefined)
  );
}

function mixtureOf(space: Space, name: string): Mixture | undefined {
  return space.mixtures.find(({ parameters }) => parameters.includes(name));
}

function alike(a: number | string | undefined, b: number | string | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== "number" || typeof b !== "number") return false;
  return Math.abs(a - b) <= ROUNDING * Math.max(Math.abs(a), Math.abs(b));
}

/** Whether a setting meets every constraint of the space. */
export function meetsConstraints(space: Space, setting: Setting): boolean {
  if (space.constraints.length === 0) return true;
  const lookup = settingLookup(space, setting);
  return space.constraints.every((constraint) => slack(constraint.expression, lookup) >= 0);
}

/** The constraints that a setting breaks. */
export function brokenConstraints(space: Space, setting: Setting): Constraint[] {
  const lookup = settingLookup(space, setting);
  return space.constraints.filter((constraint) => slack(constraint.expression, lookup) < 0);
}

/** How far a setting is from meeting the constraints: the sum of what each lacks, 0 when all are met. */
export function violation(space: Space, setting: Setting): number {
  const lookup = settingLookup(space, setting);
  return space.constraints.reduce((sum, { expression }) => sum + Math.max(0, -slack(expression, lookup)), 0);
}

/** Total of a mixture in the unit of its components. */
export function totalOf(space: Space, mixture: Mixture): number {
  const first = space.parameters.find(({ name }) => name === mixture.parameters[0]);
  return first === undefined || first.kind === "categorical"
    ? mixture.total
    : convert({ value: mixture.total, unit: mixture.unit }, first.unit);
}

function addsUp(space: Space, mixture: Mixture, setting: Setting): boolean {
  const total = totalOf(space, mixture);
  const sum = mixture.parameters.reduce((sum, name) => sum + Number(setting[name]), 0);
  if (!(Math.abs(sum - total) <= ROUNDING * Math.max(1e-300, Math.abs(total)))) return false;
  const present = mixture.parameters.filter((name) => setting[name] !== 0).length;
  return present <= (mixture.atMost ?? Infinity);
}

/**
 * How well a condition is met: the difference of the sides of its comparison relative to the larger one,
 * the least of parts joined by "and", the greatest of parts joined by "or".
 *
 * @returns at least 0 exactly where the condition holds (up to rounding of the sides); NaN counts as broken, -1
 */
export function slack(condition: Expression, lookup: Lookup): number {
  if (condition.kind === "not") {
    const inner = slack(condition.of, lookup);
    return inner > 0 ? -inner : inner === 0 ? -Number.MIN_VALUE : -inner;
  }
  if (condition.kind === "choose") {
    const chosen = slack(condition.condition, lookup) >= 0 ? condition.whenTrue : condition.whenFalse;
    return slack(chosen, lookup);
  }
  if (condition.kind !== "binary") return truth(evaluateValue(condition, lookup));
  const { operator, left, right } = condition;
  if (operator === "and") return Math.min(slack(left, lookup), slack(right, lookup));
  if (operator === "or") return Math.max(slack(left, lookup), slack(right, lookup));
  const a = evaluateValue(left, lookup);
  const b = evaluateValue(right, lookup);
  if (typeof a !== "number" || typeof b !== "number") return truth(evaluateValue(condition, lookup));
  return comparison(operator, a, b) ?? truth(evaluateValue(condition, lookup));
}

function truth(value: number | string): number {
  return typeof value === "number" && !Number.isNaN(value) && value !== 0 ? 1 : -1;
}

function comparison(operator: string, a: number, b: number): number | undefined {
  const size = Math.max(Math.abs(a), Math.abs(b));
  const gap = size === 0 ? 0 : (b - a) / size;
  if (Number.isNaN(gap)) return -1;
  const near = Math.abs(gap) <= ROUNDING;
  switch (operator) {
    case "<=":
      return near ? 0 : gap;
    case ">=":
      return near ? 0 : -gap;
    case "<":
      return near ? -ROUNDING : gap;
    case ">":
      return near ? -ROUNDING : -gap;
    case "==":
      return near ? 0 : -Math.abs(gap);
    case "!=":
      return near ? -ROUNDING : Math.abs(gap);
    default:
      return undefined;
  }
}
