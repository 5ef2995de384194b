import { evaluate, type Lookup } from "../../base/expression/evaluate.ts";
import { namesIn } from "../../base/expression/expression.ts";
import { toSi } from "../../base/unit.ts";
import { unitNamed } from "../../hypothesis/law/si-values.ts";
import type { Parameter, Setting } from "../../hypothesis/parameter.ts";
import type { Space } from "./space.ts";

type Conditional = Exclude<Parameter, { kind: "constant" }>;

/** The value that a parameter has where its condition doesn't hold. */
export function restingValue(parameter: Exclude<Parameter, { kind: "constant" }>): number | string {
  if (parameter.otherwise !== undefined) return parameter.otherwise;
  if (parameter.kind === "categorical") return parameter.choices[0] as string;
  return parameter.kind === "ordinal" ? (parameter.levels[0] as number) : parameter.minimum;
}

/**
 * The one setting that stands for all that differ only in parameters without meaning there: parameters whose
 * condition doesn't hold rest, constants and the present context have their values.
 *
 * @returns the setting itself where nothing is to be changed
 * @throws RangeError when conditions depend on each other in a circle
 */
export function settle(space: Space, setting: Setting): Setting {
  const { fixed, conditional } = planOf(space);
  if (fixed.length === 0 && conditional.length === 0) return setting;
  let settled: Record<string, number | string> | undefined;
  const put = (name: string, value: number | string): void => {
    if ((settled ?? setting)[name] === value) return;
    settled ??= { ...setting };
    settled[name] = value;
  };
  for (const [name, value] of fixed) put(name, value);
  for (const parameter of conditional) {
    if (!isActive(space, parameter, settled ?? setting)) put(parameter.name, restingValue(parameter));
  }
  return settled ?? setting;
}

/** Whether a parameter has a meaning in a setting; what it depends on has to be settled. */
export function isActive(space: Space, parameter: Parameter, setting: Setting): boolean {
  if (parameter.kind === "constant" || parameter.when === undefined) return true;
  return evaluate(parameter.when, settingLookup(space, setting)) !== 0;
}

/** Looks names of parameters up in a setting, in coherent SI; nothing is converted that isn't asked for. */
export function settingLookup(space: Space, setting: Setting): Lookup {
  const { byName } = planOf(space);
  return (name) => {
    const parameter = byName.get(name);
    if (parameter === undefined) return undefined;
    const value = setting[name] ?? (parameter.kind === "constant" ? parameter.value : undefined);
    return parameter.kind === "categorical" || typeof value !== "number"
      ? value
      : toSi(value, unitNamed(parameter.unit));
  };
}

interface Plan {
  readonly byName: ReadonlyMap<string, Parameter>;
  readonly fixed: readonly (readonly [string, number | string])[];
  /** Each after those that it depends on. */
  readonly conditional: readonly Conditional[];
}

const plans = new WeakMap<Space, Plan>();

function planOf(space: Space): Plan {
  const known = plans.get(space);
  if (known !== undefined) return known;
  const fixed = space.parameters.flatMap((parameter): [string, number | string][] => {
    const value = parameter.kind === "constant" ? parameter.value : space.pinned?.[parameter.name];
    return value === undefined ? [] : [[parameter.name, value]];
  });
  const byName = new Map(space.parameters.map((parameter) => [parameter.name, parameter]));
  const plan = { byName, fixed, conditional: inOrder(space) };
  plans.set(space, plan);
  return plan;
}

function inOrder(space: Space): Conditional[] {
  const circle = conditionCircle(space.parameters);
  if (circle !== undefined) throw new RangeError(`conditions depend on each other: ${circle.join(", ")}`);
  const depth = new Map<string, number>();
  const byName = new Map(space.parameters.map((parameter) => [parameter.name, parameter]));
  const depthOf = (name: string): number => {
    const known = depth.get(name);
    if (known !== undefined) return known;
    const before = conditionNames(byName.get(name)).map(depthOf);
    const found = before.length === 0 ? 0 : 1 + Math.max(...before);
    depth.set(name, found);
    return found;
  };
  return space.parameters
    .filter((parameter) => parameter.kind !== "constant" && parameter.when !== undefined)
    .sort((a, b) => depthOf(a.name) - depthOf(b.name)) as Conditional[];
}

function conditionNames(parameter: Parameter | undefined): string[] {
  return parameter === undefined || parameter.kind === "constant" || parameter.when === undefined
    ? []
    : namesIn(parameter.when);
}

/** Parameters whose conditions depend on each other, each on the next and the last on the first; undefined when none do. */
export function conditionCircle(parameters: readonly Parameter[]): string[] | undefined {
  const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  const done = new Set<string>();
  const follow = (name: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(name)) return path.slice(path.indexOf(name));
    if (done.has(name)) return undefined;
    for (const next of conditionNames(byName.get(name))) {
      const circle = follow(next, [...path, name]);
      if (circle !== undefined) return circle;
    }
    done.add(name);
    return undefined;
  };
  for (const { name } of parameters) {
    const circle = follow(name, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
