import { pow } from "./elementary.ts";
import { nearestName } from "./fault.ts";

/** Exponents of metre, kilogram, second, ampere, kelvin, mole, candela. */
export type Dimension = readonly [number, number, number, number, number, number, number];

/** A unit: value in coherent SI = value × factor + offset. */
export interface Unit {
  readonly symbol: string;
  readonly dimension: Dimension;
  readonly factor: number;
  /** Not 0 for scales with their own zero, such as degC. */
  readonly offset: number;
}

/** Why a text is no unit. */
export interface UnitProblem {
  readonly kind: "unknown unit";
  readonly symbol: string;
  readonly nearest: string | undefined;
}

export const DIMENSIONLESS: Dimension = [0, 0, 0, 0, 0, 0, 0];

const LENGTH: Dimension = [1, 0, 0, 0, 0, 0, 0];
const AREA: Dimension = [2, 0, 0, 0, 0, 0, 0];
const VOLUME: Dimension = [3, 0, 0, 0, 0, 0, 0];
const MASS: Dimension = [0, 1, 0, 0, 0, 0, 0];
const TIME: Dimension = [0, 0, 1, 0, 0, 0, 0];
const RATE: Dimension = [0, 0, -1, 0, 0, 0, 0];
const CURRENT: Dimension = [0, 0, 0, 1, 0, 0, 0];
const TEMPERATURE: Dimension = [0, 0, 0, 0, 1, 0, 0];
const AMOUNT: Dimension = [0, 0, 0, 0, 0, 1, 0];
const CONCENTRATION: Dimension = [-3, 0, 0, 0, 0, 1, 0];
const FORCE: Dimension = [1, 1, -2, 0, 0, 0, 0];
const PRESSURE: Dimension = [-1, 1, -2, 0, 0, 0, 0];
const ENERGY: Dimension = [2, 1, -2, 0, 0, 0, 0];
const POWER: Dimension = [2, 1, -3, 0, 0, 0, 0];
const CHARGE: Dimension = [0, 0, 1, 1, 0, 0, 0];
const VOLTAGE: Dimension = [2, 1, -3, -1, 0, 0, 0];
const RESISTANCE: Dimension = [2, 1, -3, -2, 0, 0, 0];
const CONDUCTANCE: Dimension = [-2, -1, 3, 2, 0, 0, 0];
const VISCOSITY: Dimension = [-1, 1, -1, 0, 0, 0, 0];

type Row = readonly [symbol: string, dimension: Dimension, factor: number, offset?: number];

// Factors of the SI brochure (9th ed., tables 4, 7 and 8); litre and its parts are exact.
const TABLE: readonly Row[] = [
  ["1", DIMENSIONLESS, 1],
  ["%", DIMENSIONLESS, 1e-2],
  ["ppm", DIMENSIONLESS, 1e-6],
  ["ppb", DIMENSIONLESS, 1e-9],
  ["AU", DIMENSIONLESS, 1],
  ["mAU", DIMENSIONLESS, 1e-3],
  ["pH", DIMENSIONLESS, 1],
  ["counts", DIMENSIONLESS, 1],
  ["rad", DIMENSIONLESS, 1],
  ["deg", DIMENSIONLESS, Math.PI / 180],
  ["m", LENGTH, 1],
  ["km", LENGTH, 1e3],
  ["cm", LENGTH, 1e-2],
  ["mm", LENGTH, 1e-3],
  ["um", LENGTH, 1e-6],
  ["nm", LENGTH, 1e-9],
  ["m2", AREA, 1],
  ["cm2", AREA, 1e-4],
  ["mm2", AREA, 1e-6],
  ["m3", VOLUME, 1],
  ["L", VOLUME, 1e-3],
  ["dL", VOLUME, 1e-4],
  ["cL", VOLUME, 1e-5],
  ["mL", VOLUME, 1e-6],
  ["uL", VOLUME, 1e-9],
  ["nL", VOLUME, 1e-12],
  ["kg", MASS, 1],
  ["g", MASS, 1e-3],
  ["mg", MASS, 1e-6],
  ["ug", MASS, 1e-9],
  ["ng", MASS, 1e-12],
  ["s", TIME, 1],
  ["ms", TIME, 1e-3],
  ["us", TIME, 1e-6],
  ["min", TIME, 60],
  ["h", TIME, 3600],
  ["d", TIME, 86400],
  ["Hz", RATE, 1],
  ["kHz", RATE, 1e3],
  ["MHz", RATE, 1e6],
  ["rpm", RATE, 1 / 60],
  ["A", CURRENT, 1],
  ["mA", CURRENT, 1e-3],
  ["uA", CURRENT, 1e-6],
  ["nA", CURRENT, 1e-9],
  ["K", TEMPERATURE, 1],
  ["mK", TEMPERATURE, 1e-3],
  ["degC", TEMPERATURE, 1, 273.15],
  ["degF", TEMPERATURE, 5 / 9, 459.67 * (5 / 9)],
  ["mol", AMOUNT, 1],
  ["mmol", AMOUNT, 1e-3],
  ["umol", AMOUNT, 1e-6],
  ["nmol", AMOUNT, 1e-9],
  ["M", CONCENTRATION, 1e3],
  ["mM", CONCENTRATION, 1],
  ["uM", CONCENTRATION, 1e-3],
  ["nM", CONCENTRATION, 1e-6],
  ["cd", [0, 0, 0, 0, 0, 0, 1], 1],
  ["N", FORCE, 1],
  ["mN", FORCE, 1e-3],
  ["Pa", PRESSURE, 1],
  ["hPa", PRESSURE, 1e2],
  ["kPa", PRESSURE, 1e3],
  ["MPa", PRESSURE, 1e6],
  ["bar", PRESSURE, 1e5],
  ["mbar", PRESSURE, 1e2],
  ["psi", PRESSURE, 6894.757293168361],
  ["J", ENERGY, 1],
  ["kJ", ENERGY, 1e3],
  ["W", POWER, 1],
  ["mW", POWER, 1e-3],
  ["kW", POWER, 1e3],
  ["C", CHARGE, 1],
  ["mC", CHARGE, 1e-3],
  ["V", VOLTAGE, 1],
  ["mV", VOLTAGE, 1e-3],
  ["kV", VOLTAGE, 1e3],
  ["Ohm", RESISTANCE, 1],
  ["kOhm", RESISTANCE, 1e3],
  ["MOhm", RESISTANCE, 1e6],
  ["S", CONDUCTANCE, 1],
  ["mS", CONDUCTANCE, 1e-3],
  ["uS", CONDUCTANCE, 1e-6],
  ["cP", VISCOSITY, 1e-3],
];

const UNITS: ReadonlyMap<string, Unit> = new Map(
  TABLE.map(([symbol, dimension, factor, offset]) => [
    symbol,
    { symbol, dimension, factor, offset: offset ?? 0 },
  ]),
);

const ALIASES: ReadonlyMap<string, string> = new Map([
  ["", "1"],
  ["°C", "degC"],
  ["°F", "degF"],
  ["l", "L"],
  ["ml", "mL"],
  ["ul", "uL"],
  ["Ω", "Ohm"],
  ["°", "deg"],
  ["percent", "%"],
]);

/**
 * Reads a unit such as "mL/min", "1/s", "mol/L/s", "mm^2" or "degC".
 *
 * @returns the unit, or what is wrong with the text; a scale with its own zero stands alone
 */
export function parseUnit(text: string): Unit | UnitProblem {
  const symbol = text
    .trim()
    .replaceAll("µ", "u")
    .replaceAll("μ", "u")
    .replaceAll("²", "^2")
    .replaceAll("³", "^3");
  const simple = UNITS.get(ALIASES.get(symbol) ?? symbol);
  if (simple) return simple;
  let dimension = DIMENSIONLESS;
  let factor = 1;
  for (const part of symbol.matchAll(/(^|[*·/])([^*·/]*)/g)) {
    const [, joint, term = ""] = part;
    const [, name = "", power = "1"] = /^\s*([^\s^]+?)\s*(?:\^\s*(-?\d+))?\s*$/.exec(term) ?? [];
    const unit = UNITS.get(ALIASES.get(name) ?? name);
    if (name === "" || unit === undefined) return unknownUnit(name === "" ? symbol : name);
    const exponent = (joint === "/" ? -1 : 1) * Number(power);
    dimension = combine(dimension, unit.dimension, exponent);
    factor *= pow(unit.factor, exponent);
  }
  return { symbol, dimension, factor, offset: 0 };
}

function unknownUnit(symbol: string): UnitProblem {
  return { kind: "unknown unit", symbol, nearest: nearestName(symbol, UNITS.keys()) };
}

/** Whether {@link parseUnit} gave a problem. */
export function isUnitProblem(unit: Unit | UnitProblem): unit is UnitProblem {
  return "kind" in unit;
}

/**
 * The unit of a text that is known to be one, such as a declaration in code.
 *
 * @throws RangeError when it is none
 */
export function unitOf(text: string): Unit {
  const known = KNOWN.get(text);
  if (known !== undefined) return known;
  const unit = parseUnit(text);
  if (isUnitProblem(unit)) throw new RangeError(`"${unit.symbol}" is no unit`);
  if (KNOWN.size < MOST_KNOWN) KNOWN.set(text, unit);
  return unit;
}

/** Units that were taken apart: a campaign asks for the same few at every reading. */
const KNOWN = new Map<string, Unit>();
const MOST_KNOWN = 256;

/** a × bⁿ for dimensions. */
export function combine(a: Dimension, b: Dimension, exponent: number): Dimension {
  return a.map((value, i) => value + (b[i] as number) * exponent) as unknown as Dimension;
}

/** Whether two dimensions are the same. */
export function sameDimension(a: Dimension, b: Dimension): boolean {
  return a.every((value, i) => Math.abs(value - (b[i] as number)) < 1e-9);
}

const SI_NAMES = ["m", "kg", "s", "A", "K", "mol", "cd"] as const;

const QUANTITY_NAMES: readonly (readonly [string, Dimension])[] = [
  ["a number without unit", DIMENSIONLESS],
  ["a length", LENGTH],
  ["an area", AREA],
  ["a volume", VOLUME],
  ["a mass", MASS],
  ["a time", TIME],
  ["a rate per time", RATE],
  ["a current", CURRENT],
  ["a temperature", TEMPERATURE],
  ["an amount of substance", AMOUNT],
  ["a concentration", CONCENTRATION],
  ["a force", FORCE],
  ["a pressure", PRESSURE],
  ["an energy", ENERGY],
  ["a power", POWER],
  ["a voltage", VOLTAGE],
  ["a volume flow", [3, 0, -1, 0, 0, 0, 0]],
  ["a reaction rate", [-3, 0, -1, 0, 0, 1, 0]],
];

/** What a dimension measures, in words: "a volume", or its SI units where it has no common name. */
export function describeDimension(dimension: Dimension): string {
  const named = QUANTITY_NAMES.find(([, known]) => sameDimension(known, dimension));
  if (named) return named[0];
  const parts = SI_NAMES.flatMap((name, i) => {
    const exponent = dimension[i] as number;
    if (exponent === 0) return [];
    return exponent === 1 ? [name] : [`${name}^${Number(exponent.toPrecision(3))}`];
  });
  return `a quantity in ${parts.join("·")}`;
}

/** Value in coherent SI of a value on a scale: 20 degC is 293.15 K. */
export function toSi(value: number, unit: Unit): number {
  return value * unit.factor + unit.offset;
}

/** Value on a unit's scale of a value in coherent SI. */
export function fromSi(value: number, unit: Unit): number {
  return (value - unit.offset) / unit.factor;
}

/** The powers of ten that are doubles without rounding. */
const POWERS_OF_TEN = Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));
/** How far from halfway between two whole numbers of 12 digits rounding is sure; a product is known to 1e-4 there. */
const UNSURE = 1e-3;

/**
 * Rounds to the 12 digits that conversions keep, so that 300 uL - 40 uL shows as 260 uL.
 */
export function tidy(value: number): number {
  const size = Math.abs(value);
  if (size >= 1e-10 && size < 1e12) {
    // The quotient of a whole number and such a power is the double that is nearest to the decimal.
    let decimals = 0;
    while (size * (POWERS_OF_TEN[decimals] as number) < 1e11) decimals += 1;
    const power = POWERS_OF_TEN[decimals] as number;
    const scaled = value * power;
    const whole = Math.round(scaled);
    if (Math.abs(scaled - whole) < 0.5 - UNSURE) return whole / power;
  }
  return Number.isFinite(value) ? Number(value.toPrecision(12)) : value;
}
