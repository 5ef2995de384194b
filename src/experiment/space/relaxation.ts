import { toUnit } from "../../hypothesis/features.ts";
import { unitNamed } from "../../hypothesis/law/si-values.ts";
import type { CategoricalParameter, ContinuousParameter, Parameter } from "../../hypothesis/parameter.ts";
import { totalOf } from "./feasibility.ts";
import { type LinearForm, linearPart } from "./linear-form.ts";
import { valueCount } from "./makeable.ts";
import type { Component } from "./mixture-amounts.ts";
import { componentsOf, variedParameters } from "./place-setting.ts";
import type { Mixture, Space } from "./space.ts";

/** a·y ≤ b, or a·y = b. */
export interface Plane {
  /** Shape (dimension). */
  readonly a: Float64Array;
  readonly b: number;
}

/** A mixture as a part of the relaxation. */
export interface RelaxedMixture {
  readonly mixture: Mixture;
  /** Its coordinates. */
  readonly indices: readonly number[];
  readonly components: readonly Component[];
  readonly total: number;
  /** Whether any amounts that sum to the total can be made. */
  readonly continuous: boolean;
}

/**
 * A space with its steps smoothed out: a polytope in the unit cube that holds a point for every feasible setting,
 * times the choices among names.
 *
 * Coordinates are places along parameters as `valueAtPlace` takes them; for parts of mixtures,
 * (amount - minimum) / (maximum - minimum).
 */
export interface Relaxation {
  readonly space: Space;
  /** Parameters with a coordinate. */
  readonly numeric: readonly Exclude<Parameter, { kind: "constant" | "categorical" }>[];
  readonly categorical: readonly CategoricalParameter[];
  readonly mixtures: readonly RelaxedMixture[];
  /** What each coordinate is a part of, -1 for none; shape (dimension). */
  readonly mixtureOf: Int32Array;
  readonly halfspaces: readonly Plane[];
  /** Mixtures' totals first. */
  readonly planes: readonly Plane[];
  /** Coordinates that planes other than their own mixture's hold; shape (dimension). */
  readonly tied: Uint8Array;
  /** Whether every point of the polytope is a feasible setting. */
  readonly exact: boolean;
}

/** value = offset + slope·y, up to ± spread. */
interface Coordinate {
  readonly offset: number;
  readonly slope: number;
  readonly spread: number;
}

/** The relaxation of a space. */
export function relaxationOf(space: Space): Relaxation {
  const varied = variedParameters(space);
  const numeric = varied.filter((parameter) => parameter.kind !== "categorical");
  const categorical = varied.filter((parameter) => parameter.kind === "categorical");
  const indexOf = new Map(numeric.map(({ name }, i) => [name, i]));
  const mixtures = space.mixtures.map((mixture) => ({
    mixture,
    indices: mixture.parameters.map((name) => indexOf.get(name) as number),
    components: componentsOf(space, mixture.parameters),
    total: totalOf(space, mixture),
    continuous: componentsOf(space, mixture.parameters).every(({ step }) => step === undefined),
  }));
  const mixtureOf = new Int32Array(numeric.length).fill(-1);
  for (const [m, { indices }] of mixtures.entries()) for (const i of indices) mixtureOf[i] = m;
  const linear = linearPlanes(space, numeric, mixtureOf);
  const tied = new Uint8Array(numeric.length);
  for (const { a } of linear.planes) for (const [i, value] of a.entries()) if (value !== 0) tied[i] = 1;
  return {
    space,
    numeric,
    categorical,
    mixtures,
    mixtureOf,
    halfspaces: linear.halfspaces,
    planes: [...mixtures.map((each) => totalPlane(each, numeric.length)), ...linear.planes],
    tied,
    exact: linear.whole && mixtures.every(({ continuous }) => continuous),
  };
}

function totalPlane({ components, indices, total }: RelaxedMixture, dimension: number): Plane {
  const a = new Float64Array(dimension);
  let b = total;
  for (const [k, { minimum, maximum }] of components.entries()) {
    a[indices[k] as number] = maximum - minimum;
    b -= minimum;
  }
  return normalised(a, b);
}

function normalised(a: Float64Array, b: number): Plane {
  const size = Math.sqrt(a.reduce((sum, value) => sum + value * value, 0));
  return size === 0 ? { a, b } : { a: a.map((value) => value / size), b: b / size };
}

function linearPlanes(
  space: Space,
  numeric: Relaxation["numeric"],
  mixtureOf: Int32Array,
): { halfspaces: Plane[]; planes: Plane[]; whole: boolean } {
  const halfspaces: Plane[] = [];
  const planes: Plane[] = [];
  let whole = true;
  for (const { expression } of space.constraints) {
    const part = linearPart(expression);
    whole &&= part.whole;
    for (const { form, equality } of part.conditions) {
      const plane = planeOf(space, numeric, mixtureOf, form);
      if (plane === undefined || plane.spread > 0) whole = false;
      if (plane === undefined) continue;
      const { a, b, spread } = plane;
      if (equality && spread === 0) planes.push({ a, b });
      else halfspaces.push({ a, b: b + spread });
      if (equality && spread > 0) halfspaces.push({ a: a.map((value) => -value), b: spread - b });
    }
  }
  return { halfspaces, planes, whole };
}

/** Where a linear form is 0, in coordinates; undefined where one of its names is no linear function of them. */
function planeOf(
  space: Space,
  numeric: Relaxation["numeric"],
  mixtureOf: Int32Array,
  form: LinearForm,
): (Plane & { spread: number }) | undefined {
  const a = new Float64Array(numeric.length);
  let b = -form.constant;
  let spread = 0;
  for (const [name, coefficient] of form.coefficients) {
    const parameter = space.parameters.find((each) => each.name === name);
    if (parameter === undefined || parameter.kind === "categorical") return undefined;
    const unit = unitNamed(parameter.unit);
    const factor = coefficient * unit.factor;
    b -= coefficient * unit.offset;
    const fixed = parameter.kind === "constant" ? parameter.value : space.pinned?.[name];
    if (typeof fixed === "number") {
      b -= factor * fixed;
      continue;
    }
    const index = numeric.findIndex((each) => each.name === name);
    if (parameter.kind === "continuous" && isLog(parameter) && mixtureOf[index] === -1 && !parameter.when)
      return form.coefficients.size === 1 ? limitOf(parameter, a, { index, factor, b }) : undefined;
    const coordinate = coordinateOf(parameter, (mixtureOf[index] as number) >= 0);
    if (coordinate === undefined) return undefined;
    a[index] = factor * coordinate.slope;
    b -= factor * coordinate.offset;
    spread += Math.abs(factor) * coordinate.spread;
  }
  const size = Math.sqrt(a.reduce((sum, value) => sum + value * value, 0));
  return size === 0 ? undefined : { ...normalised(a, b), spread: spread / size };
}

/** factor·value ≤ b for a parameter on a log scale: its coordinate has a limit, which no other name moves. */
function limitOf(
  parameter: ContinuousParameter,
  a: Float64Array,
  { index, factor, b }: { index: number; factor: number; b: number },
): (Plane & { spread: number }) | undefined {
  if (factor === 0) return undefined;
  a[index] = Math.sign(factor);
  const value = b / factor;
  // What is not above 0 lies below every place.
  return { a, b: Math.sign(factor) * (value > 0 ? toUnit(parameter, value) : -1), spread: 0 };
}

function coordinateOf(parameter: Parameter, mixed: boolean): Coordinate | undefined {
  if (parameter.kind === "constant" || parameter.kind === "categorical" || parameter.kind === "ordinal")
    return undefined;
  if (parameter.when !== undefined) return undefined;
  const { minimum, maximum } = parameter;
  if (parameter.kind === "continuous") return { offset: minimum, slope: maximum - minimum, spread: 0 };
  if (mixed)
    return {
      offset: minimum,
      slope: maximum - minimum,
      spread: parameter.kind === "stepped" ? parameter.step : 1,
    };
  if (parameter.kind === "integer" && parameter.scale === "log") return undefined;
  const step = parameter.kind === "stepped" ? parameter.step : 1;
  return { offset: minimum - step / 2, slope: step * valueCount(parameter), spread: step / 2 };
}

function isLog({ scale, minimum }: ContinuousParameter): boolean {
  return scale === "log" && minimum > 0;
}
