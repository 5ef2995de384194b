import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import {
  combine,
  DIMENSIONLESS,
  type Dimension,
  describeDimension,
  fromSi,
  isUnitProblem,
  parseUnit,
  sameDimension,
  tidy,
  toSi,
  unitOf,
} from "./unit.ts";

/** Every unit that has a name of its own, by what it measures, as the reference lists them. */
const KINDS: Readonly<Record<string, string>> = {
  "a number without unit": "1 % ppm ppb AU mAU pH counts rad deg",
  "a length": "m km cm mm um nm",
  "an area": "m2 cm2 mm2",
  "a volume": "m3 L dL cL mL uL nL",
  "a mass": "kg g mg ug ng",
  "a time": "s ms us min h d",
  "a rate per time": "Hz kHz MHz rpm",
  "a current": "A mA uA nA",
  "a temperature": "K mK degC degF",
  "an amount of substance": "mol mmol umol nmol",
  "a concentration": "M mM uM nM",
  "a quantity in cd": "cd",
  "a force": "N mN",
  "a pressure": "Pa hPa kPa MPa bar mbar psi",
  "an energy": "J kJ",
  "a power": "W mW kW",
  "a quantity in s·A": "C mC",
  "a voltage": "V mV kV",
  "a quantity in m^2·kg·s^-3·A^-2": "Ohm kOhm MOhm",
  "a quantity in m^-2·kg^-1·s^3·A^2": "S mS uS",
  "a quantity in m^-1·kg·s^-1": "cP",
};
const SYMBOLS = Object.values(KINDS).flatMap((symbols) => symbols.split(" "));

/** Decimal numbers; far from the least ones, which lose digits. */
const number = fc
  .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: -12, max: 3 }))
  .map(([digits, power]) => Number(`${digits}e${power}`));

const problem = (text: string): unknown => {
  const unit = parseUnit(text);
  return isUnitProblem(unit) ? unit : `read as ${unit.symbol}`;
};

describe("a unit", () => {
  it.each(Object.entries(KINDS))("that measures %s is one of: %s", (kind, symbols) => {
    for (const symbol of symbols.split(" ")) {
      expect(unitOf(symbol).symbol).toBe(symbol);
      expect(describeDimension(unitOf(symbol).dimension)).toBe(kind);
    }
  });

  const prefixes = Object.entries({ n: 1e-9, u: 1e-6, m: 1e-3, c: 1e-2, d: 0.1, h: 100, k: 1e3, M: 1e6 });
  const prefixed = prefixes.flatMap(([prefix, factor]) =>
    SYMBOLS.filter(
      (symbol) =>
        // Of "cm2" the centimetre is squared, and "cd" is no part of a day.
        SYMBOLS.includes(`${prefix}${symbol}`) && !symbol.endsWith("2") && symbol !== "d",
    ).map((symbol) => [`${prefix}${symbol}`, factor, symbol] as const),
  );

  it("may have one of eight prefixes", () => {
    expect(new Set(prefixed.map(([, factor]) => factor)).size).toBe(prefixes.length);
    expect(prefixed.map(([symbol]) => symbol)).toEqual(expect.arrayContaining(["nmol", "MOhm", "mAU", "kg"]));
  });

  it.each(prefixed)("with a prefix, %s, is %d %s", (symbol, factor, base) => {
    expect(unitOf(symbol).dimension).toEqual(unitOf(base).dimension);
    expect(Math.abs(unitOf(symbol).factor / (factor * unitOf(base).factor) - 1)).toBeLessThan(
      4 * Number.EPSILON,
    );
  });

  // Closed forms; the product of a value and a factor, each rounded, errs by 2 units of the last place at most.
  it.each([
    [1, "%", 0.01],
    [1, "ppm", 1e-6],
    [1, "ppb", 1e-9],
    [250, "mAU", 0.25],
    [7, "pH", 7],
    [180, "deg", Math.PI],
    [1, "L", 1e-3],
    [1, "dL", 1e-4],
    [1, "cL", 1e-5],
    [1, "mL", 1e-6],
    [1, "uL", 1e-9],
    [1, "nL", 1e-12],
    [1, "mm2", 1e-6],
    [1, "g", 1e-3],
    [1, "h", 3600],
    [1, "d", 86400],
    [60, "rpm", 1],
    [1, "M", 1000],
    [1, "uM", 1e-3],
    [1, "bar", 1e5],
    [1, "mbar", 100],
    // One pound-force, 0.45359237 kg × 9.80665 m/s², on a square of 0.0254 m.
    [1, "psi", (0.45359237 * 9.80665) / 0.0254 ** 2],
    [1, "cP", 1e-3],
    [25, "degC", 298.15],
    [-273.15, "degC", 0],
    [32, "degF", 273.15],
    [212, "degF", 373.15],
    [-40, "degF", 233.15],
    [1, "mK", 1e-3],
    [60, "mL/min", 1e-6],
    [1, "uM/s", 1e-3],
    [1, "mol/L/s", 1000],
    [1, "mm^2", 1e-6],
    [1, "km/h", 1 / 3.6],
    [1, "g/mL", 1000],
    [1, "1/min", 1 / 60],
    [1, "degC/min", 1 / 60],
    [1, "N*m", 1],
    [1, "cm^-1", 100],
  ])("gives %d %s as %d in SI units", (value, symbol, si) => {
    expect(Math.abs(toSi(value, unitOf(symbol)) - si)).toBeLessThanOrEqual(4 * Number.EPSILON * Math.abs(si));
  });

  prop.prop([fc.constantFrom(...SYMBOLS), number])("is the same there and back", (symbol, value) => {
    const unit = unitOf(symbol);
    // Two roundings each way, of at most half a unit of the last place of the value or of the scale's zero.
    const tolerance = 2 * Number.EPSILON * (Math.abs(value) + Math.abs(unit.offset) / unit.factor);
    expect(Math.abs(fromSi(toSi(value, unit), unit) - value)).toBeLessThanOrEqual(tolerance);
  });

  prop.prop([fc.constantFrom(...SYMBOLS), fc.constantFrom(...SYMBOLS), fc.integer({ min: -3, max: 3 })])(
    "is joined to another by its powers",
    (a, b, power) => {
      const joined = unitOf(`${a}/${b}^${power}`);
      expect(joined.dimension).toEqual(combine(unitOf(a).dimension, unitOf(b).dimension, -power));
      // Some ten roundings at most, most of them within the powers.
      const factor = unitOf(a).factor / unitOf(b).factor ** power;
      expect(Math.abs(joined.factor / factor - 1)).toBeLessThan(10 * Number.EPSILON);
      expect(joined.offset).toBe(0);
    },
  );

  it.each([
    ["µL", "uL"],
    ["μL", "uL"],
    ["ml", "mL"],
    ["l", "L"],
    ["°C", "degC"],
    ["°F", "degF"],
    ["°", "deg"],
    ["Ω", "Ohm"],
    ["percent", "%"],
    ["", "1"],
    [" uL ", "uL"],
  ])("may be written %j for %s", (written, symbol) => {
    expect(parseUnit(written)).toEqual(unitOf(symbol));
  });

  it("may be a square or a cube with a raised figure", () => {
    expect(unitOf("mm²").dimension).toEqual(unitOf("mm2").dimension);
    expect(unitOf("cm³").factor).toBeCloseTo(unitOf("mL").factor, 20);
  });

  it("with a scale of its own loses its zero in a joined unit", () => {
    expect(unitOf("degC").offset).toBe(273.15);
    expect(unitOf("degC/min").offset).toBe(0);
  });

  it.each([
    ["ull", "ull", "uL"],
    ["rpn", "rpn", "rpm"],
    ["mols", "mols", "mol"],
    ["HZ", "HZ", "Hz"],
    ["mL/mni", "mni", "min"],
    ["parsec", "parsec", undefined],
    ["constructor", "constructor", undefined],
    ["__proto__", "__proto__", undefined],
    ["m//parsec", "m//parsec", undefined],
    ["uL^2.5/parsec", "uL^2.5/parsec", undefined],
  ])("that isn't known, as in %s, is told with the nearest one", (text, symbol, nearest) => {
    expect(problem(text)).toEqual({ kind: "unknown unit", symbol, nearest });
  });

  it.each(["/s", "m/", "m//s", "m^", "m^2.5", "mL min", "2 m", "m^^2", "^2"])("isn't written %s", (text) => {
    expect(problem(text)).toMatchObject({ kind: "unknown unit" });
  });

  it("that a program names has to be one", () => {
    expect(() => unitOf("furlong")).toThrow(new RangeError('"furlong" is no unit'));
  });
});

describe("a dimension", () => {
  it("is combined by adding exponents", () => {
    const speed: Dimension = [1, 0, -1, 0, 0, 0, 0];
    expect(combine(speed, unitOf("s").dimension, 1)).toEqual(unitOf("m").dimension);
    expect(combine(DIMENSIONLESS, speed, -2)).toEqual([-2, 0, 2, 0, 0, 0, 0]);
  });

  it("is the same after a root and a square", () => {
    const third = combine(DIMENSIONLESS, unitOf("L").dimension, 1 / 3);
    expect(sameDimension(combine(third, third, 2), unitOf("L").dimension)).toBe(true);
    expect(sameDimension(third, unitOf("m2").dimension)).toBe(false);
  });

  it.each([
    ["mL/min", "a volume flow"],
    ["uM/s", "a reaction rate"],
    ["m/s", "a quantity in m·s^-1"],
    ["J/K", "a quantity in m^2·kg·s^-2·K^-1"],
  ])("of %s is called %s", (symbol, wanted) => {
    expect(describeDimension(unitOf(symbol).dimension)).toBe(wanted);
  });
});

describe("a tidy number", () => {
  it("has the 12 digits that conversions keep", () => {
    expect(tidy(0.1 + 0.2)).toBe(0.3);
    expect(tidy(123456789012.4)).toBe(123456789012);
    expect(tidy(1e-300 / 3)).toBe(3.33333333333e-301);
  });

  it("is no other where there is no number", () => {
    expect(tidy(Infinity)).toBe(Infinity);
    expect(tidy(Number.NaN)).toBeNaN();
  });

  prop.prop([fc.double({ noNaN: true, noDefaultInfinity: true })])("stays as it is", (value) => {
    expect(tidy(tidy(value))).toBe(tidy(value));
  });

  prop.prop([
    fc.double({ min: 0.1, max: 1, maxExcluded: true }),
    fc.integer({ min: -14, max: 16 }),
    fc.boolean(),
  ])("is the double that the text of 12 digits stands for", (share, power, negative) => {
    const value = (negative ? -share : share) * Number(`1e${power}`);
    expect(tidy(value)).toBe(Number(value.toPrecision(12)));
  });

  prop.prop([fc.integer({ min: 1e11, max: 1e12 - 1 }), fc.integer({ min: 0, max: 22 })])(
    "is so halfway between two of them",
    (whole, decimals) => {
      const value = Number(`${whole}5e-${decimals + 1}`);
      expect(tidy(value)).toBe(Number(value.toPrecision(12)));
    },
  );
});
