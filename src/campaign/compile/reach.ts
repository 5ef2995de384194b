import { evaluateValue, type Value } from "../../base/expression/evaluate.ts";
import { namesIn } from "../../base/expression/expression.ts";
import { formatQuantity } from "../../base/quantity.ts";
import { randomStream } from "../../base/random.ts";
import { fromSi, tidy } from "../../base/unit.ts";
import { isFeasible } from "../../experiment/space/feasibility.ts";
import { neighboursOf } from "../../experiment/space/neighbours.ts";
import { sampleFeasible } from "../../experiment/space/sample-feasible.ts";
import type { Space } from "../../experiment/space/space.ts";
import type { Parameter, Setting } from "../../hypothesis/parameter.ts";
import { settingValues } from "../../loop/experiment-machine.ts";
import type { ActionStep, Argument, Plan } from "../../loop/plan.ts";
import type { Path } from "../file/source-file.ts";
import type { FaultCollector } from "./faults.ts";

/** Settings that are tried; the corners of the ranges come on top. */
const TRIED = 256;

/** What is checked, and where it stands in the file. */
export interface ReachInput {
  readonly plan: Plan;
  readonly space: Space;
  /** All settings that may be tried, where they are listed. */
  readonly candidates?: readonly Setting[];
  readonly constants: Readonly<Record<string, Value>>;
  readonly places: ReadonlyMap<Argument, Path>;
}

type NumberArgument = Extract<Argument, { kind: "number" }>;

/**
 * Checks that no allowed setting asks an instrument for more than it can do, as far as arguments depend on
 * settings alone: allowed corners of the ranges and settings spread over the space are tried, and from the one
 * that asks most a search goes on to others that ask more.
 */
export function checkReach(faults: FaultCollector, input: ReachInput): void {
  const { plan, space, constants, candidates } = input;
  const settings = candidates ?? settingsToTry(space);
  const known = new Set([...Object.keys(constants), ...space.parameters.map(({ name }) => name)]);
  for (const instruction of plan) {
    if (instruction.kind !== "action") continue;
    for (const [name, argument] of Object.entries(instruction.step.arguments)) {
      if (argument.kind !== "number" || !namesIn(argument.expression).every((each) => known.has(each)))
        continue;
      const valueAt = (setting: Setting): number =>
        valueOf(argument, { ...constants, ...settingValues(space.parameters, setting) });
      const out = [-1, 1]
        .map((sign) => {
          const excess = (setting: Setting): number => beyond(argument, valueAt(setting), sign);
          return candidates === undefined
            ? furthest(space, settings, excess)
            : candidates.find((setting) => excess(setting) > 0);
        })
        .find((setting) => setting !== undefined);
      if (out !== undefined) report(faults, input, instruction.step, name, valueAt(out), out);
    }
  }
}

/** Settings spread over a space, and the allowed corners of its ranges, where chance doesn't come. */
export function settingsToTry(space: Space): Setting[] {
  return [...corners(space), ...sampleFeasible(space, TRIED, randomStream(1, 0, "reach"))];
}

function report(
  faults: FaultCollector,
  { places, space }: ReachInput,
  step: ActionStep,
  name: string,
  value: number,
  setting: Setting,
): void {
  const argument = step.arguments[name] as NumberArgument;
  const unit = argument.unit.symbol;
  const used = new Set(namesIn(argument.expression));
  const at = space.parameters
    .filter((parameter) => used.has(parameter.name) && parameter.kind !== "constant")
    .map((parameter) => show(parameter, setting[parameter.name] as number | string));
  faults.add(
    "campaign.out-of-reach",
    places.get(argument) ?? ["procedure"],
    `"${name}" of ${step.role}.${step.action} ${
      at.length === 0
        ? `is ${formatQuantity({ value, unit })}`
        : `would be ${formatQuantity({ value, unit })} at ${at.join(", ")}`
    }, but it can be ${describeRange(argument)}`,
    at.length === 0
      ? "write a value that the instrument can do; limits in the lab file count too"
      : "narrow the parameters' ranges or add a constraint, so that every setting can be made",
  );
}

function describeRange({ minimum, maximum, unit: { symbol: unit } }: NumberArgument): string {
  const least = minimum === undefined ? undefined : formatQuantity({ value: tidy(minimum), unit });
  const most = maximum === undefined ? undefined : formatQuantity({ value: tidy(maximum), unit });
  if (least !== undefined && most !== undefined) return `${least} to ${most}`;
  return least === undefined ? `at most ${most}` : `at least ${least}`;
}

function show(parameter: Parameter, value: number | string): string {
  const text =
    parameter.kind === "categorical" || typeof value === "string"
      ? String(value)
      : formatQuantity({ value, unit: parameter.unit });
  return `${parameter.name} ${text}`;
}

function valueOf(argument: NumberArgument, values: Readonly<Record<string, Value>>): number {
  return tidy(fromSi(Number(evaluateValue(argument.expression, (name) => values[name])), argument.unit));
}

/** By how much a value is below (sign -1) or above (sign 1) its limits; ∞ when it is no number. */
function beyond({ minimum, maximum, resolution }: NumberArgument, value: number, sign: number): number {
  if (Number.isNaN(value)) return Infinity;
  const limit = sign < 0 ? minimum : maximum;
  if (limit === undefined) return -Infinity;
  // Half a step is what rounding to the instrument's steps may add; the last digits are those of arithmetic.
  const slack = (resolution ?? 0) / 2 + 1e-9 * Math.max(Math.abs(value), Math.abs(limit));
  return sign * (value - limit) - slack;
}

/** The setting that is furthest beyond a limit, if one is; found by climbing from the best that was tried. */
function furthest(
  space: Space,
  settings: readonly Setting[],
  excess: (setting: Setting) => number,
): Setting | undefined {
  let best: Setting | undefined;
  let most = -Infinity;
  const improve = (setting: Setting): boolean => {
    const value = excess(setting);
    if (!(value > most)) return false;
    most = value;
    best = setting;
    return true;
  };
  for (const setting of settings) improve(setting);
  if (best === undefined || most === -Infinity) return undefined;
  for (let radius = 0.25; radius > 1e-3 && most <= 0; ) {
    const near: Setting[] = neighboursOf(space, best, radius);
    if (!near.some((setting) => excess(setting) > most && isFeasible(space, setting) && improve(setting)))
      radius /= 2;
  }
  return most > 0 ? best : undefined;
}

/** Parameters up to which every corner of their ranges is tried: 2^8 settings. */
const MOST_CORNERED = 8;

/** Settings at the ends of the ranges, where they are allowed; with many parameters only the two outermost. */
function corners(space: Space): Setting[] {
  const free = space.parameters.filter(({ kind }) => kind !== "constant").length;
  const patterns =
    free <= MOST_CORNERED ? Array.from({ length: 2 ** free }, (_, bits) => bits) : [0, 2 ** free - 1];
  return patterns
    .map((bits): Setting => {
      let at = 0;
      return Object.fromEntries(
        space.parameters.map((parameter) => [
          parameter.name,
          parameter.kind === "constant"
            ? parameter.value
            : endOf(parameter, Math.floor(bits / 2 ** at++) % 2 === 1),
        ]),
      );
    })
    .filter((setting) => isFeasible(space, setting));
}

function endOf(parameter: Exclude<Parameter, { kind: "constant" }>, last: boolean): number | string {
  switch (parameter.kind) {
    case "categorical":
      return parameter.choices.at(last ? -1 : 0) as string;
    case "ordinal":
      return parameter.levels.at(last ? -1 : 0) as number;
    default:
      return last ? parameter.maximum : parameter.minimum;
  }
}
