import { readFileSync } from "node:fs";
import { fc, test as property } from "@fast-check/vitest";
import { describe, expect, test } from "vitest";
import * as elementary from "./elementary.ts";
import { randomStream } from "./random.ts";

const FUNCTIONS = { ...elementary };
type Name = keyof typeof FUNCTIONS;

/** Inputs and nearest results as bits, from mpmath with 2600 binary digits. */
const VECTORS = JSON.parse(
  readFileSync(new URL("./elementary/vectors.json", import.meta.url), "utf8"),
) as Record<Name, string[]>;

const view = new DataView(new ArrayBuffer(8));

function fromBits(hex: string): number {
  view.setBigUint64(0, BigInt(`0x${hex}`));
  return view.getFloat64(0);
}

/** Numbers in the order of their size; neighbours differ by 1. */
function rank(x: number): bigint {
  view.setFloat64(0, x);
  const bits = view.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fffffffffffffffn) : bits;
}

function unitsApart(a: number, b: number): number {
  const difference = rank(a) - rank(b);
  return Number(difference < 0n ? -difference : difference);
}

function call(name: Name, args: readonly number[]): number {
  const called: (...args: number[]) => number = FUNCTIONS[name];
  return called(...args);
}

/** Units in the last place by which a result may miss the nearest number; 0 where the error stays near a half. */
const ALLOWED: Record<Name, number> = {
  exp: 1,
  expm1: 1,
  tanh: 2,
  log: 1,
  log1p: 1,
  log2: 1,
  log10: 1,
  pow: 1,
  hypot: 1,
  sin: 1,
  cos: 1,
  tan: 2,
};

const NAMES = Object.keys(ALLOWED) as Name[];

test("every function has its vectors", () => {
  expect(Object.keys(VECTORS).sort()).toEqual([...NAMES].sort());
});

test.each(NAMES)("%s agrees with vectors of high precision", (name) => {
  for (const vector of VECTORS[name]) {
    const numbers = vector.split(" ").map(fromBits);
    const nearest = numbers.pop() as number;
    expect(unitsApart(call(name, numbers), nearest), `${name}(${numbers.join(", ")})`).toBeLessThanOrEqual(
      ALLOWED[name],
    );
  }
});

const RANGES: Record<Exclude<Name, "pow" | "hypot">, [number, number]> = {
  exp: [-745, 709],
  expm1: [-40, 700],
  tanh: [-20, 20],
  log: [0, 20],
  log1p: [-1, 20],
  log2: [0, 20],
  log10: [0, 20],
  sin: [-1000, 1000],
  cos: [-1000, 1000],
  tan: [-1000, 1000],
};

test.each(Object.entries(RANGES))("%s stays beside the engine's own function", (name, [from, to]) => {
  const random = randomStream(1, 0, name);
  for (let i = 0; i < 20000; i++) {
    // Half of the points close to 0 or 1, where the functions that avoid cancellation matter.
    const x = i % 2 ? from + (to - from) * random.uniform() : (from === 0 ? 1 : 0) + 0.2 * random.normal();
    const mine = call(name as Name, [x]);
    // The engine's functions are up to a unit off themselves.
    const apart = Number.isNaN(mine) ? 0 : unitsApart(mine, Math[name as keyof typeof RANGES](x));
    expect(apart, `${name}(${x})`).toBeLessThanOrEqual(ALLOWED[name as Name] + 1);
  }
});

/** Units in the last place between two powers; ∞ where only the same will do. */
function missedBy(x: number, y: number): number {
  const mine = elementary.pow(x, y);
  const theirs = x ** y;
  if (Number.isFinite(theirs) && theirs !== 0) return unitsApart(mine, theirs);
  return Object.is(mine, theirs) ? 0 : Infinity;
}

property.prop([fc.double(), fc.double()])("pow agrees with ECMAScript's everywhere", (x, y) => {
  expect(missedBy(x, y)).toBeLessThanOrEqual(2);
});

const EDGES = [0, -0, 1, -1, Infinity, -Infinity, Number.NaN, 0.5, -0.5, 2, 3, -3, 5e-324, 1e308, -2.5];

test("pow has ECMAScript's special cases", () => {
  for (const x of EDGES) for (const y of EDGES) expect(missedBy(x, y), `${x} ** ${y}`).toBeLessThanOrEqual(1);
});

test.each(["exp", "expm1", "tanh", "log", "log1p", "log2", "log10", "sin", "cos", "tan"] as const)(
  "%s keeps signed zero, infinity and what is not a number",
  (name) => {
    for (const x of [0, -0, Infinity, -Infinity, Number.NaN, ...(name.startsWith("log") ? [-2] : [])]) {
      expect(call(name, [x]), `${name}(${x})`).toBe(Math[name](x));
    }
  },
);

test("hypot neither overflows nor loses its digits, and takes infinity before what is not a number", () => {
  expect(elementary.hypot(3, -4)).toBe(5);
  expect(elementary.hypot(3e300, 4e300)).toBeCloseTo(5e300, -290);
  expect(elementary.hypot(5e-324, 0)).toBe(5e-324);
  expect(elementary.hypot(Number.NaN, -Infinity)).toBe(Infinity);
  expect(elementary.hypot(Number.NaN, 1)).toBeNaN();
  expect(elementary.hypot(0, -0)).toBe(0);
});

describe("results that have few digits are exact", () => {
  test.each(Array.from({ length: 23 }, (_, n) => n))("10^%i and its logarithm", (n) => {
    expect(elementary.pow(10, n)).toBe(Number(`1e${n}`));
    expect(elementary.log10(Number(`1e${n}`))).toBe(n);
  });

  test("powers of two, and squares", () => {
    for (let n = -1074; n <= 1023; n++) {
      expect(elementary.pow(2, n)).toBe(2 ** n);
      expect(elementary.log2(2 ** n)).toBe(n);
    }
    for (let n = 1; n < 1000; n++) expect(elementary.pow(n / 8, 2)).toBe((n / 8) * (n / 8));
  });
});

test("exp overflows and fades out where it should", () => {
  expect(elementary.exp(709.782712893384)).toBeLessThan(Infinity);
  expect(elementary.exp(709.7827128933841)).toBe(Infinity);
  expect(elementary.exp(-745.1332191019411)).toBe(5e-324);
  expect(elementary.exp(-745.14)).toBe(0);
});

test("the bits of many results are those that every other machine gives", () => {
  const random = randomStream(2, 0, "bits");
  let hash = 0x811c9dc5;
  const mix = (word: number): void => {
    hash = Math.imul(hash ^ word, 0x01000193);
  };
  for (let i = 0; i < 5000; i++) {
    const args = [40 * random.uniform(), 20 * random.uniform()];
    for (const name of NAMES) {
      view.setFloat64(0, call(name, args));
      mix(view.getInt32(0));
      mix(view.getInt32(4));
    }
  }
  expect(hash >>> 0).toBe(2092366242);
});
