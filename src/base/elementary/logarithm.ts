import { LN2_HIGH, LN2_LOW, LOGARITHMS, RECIPROCALS, SCALES } from "./tables.ts";

// Constants of this module are known to the compiler, which spares a check at each access; imported ones aren't.
const LOGS: Float64Array = LOGARITHMS;
const INVERSES: Float64Array = RECIPROCALS;
const POWERS_OF_TWO: Float64Array = SCALES;

/** The bits of a number; the index of the word that holds sign and exponent depends on the machine. */
const WIDE: Float64Array = new Float64Array(1);
const WORDS: Int32Array = new Int32Array(WIDE.buffer);
WIDE[0] = 1;
const UPPER: number = WORDS[1] === 0 ? 0 : 1;

const LEAST_NORMAL = 2.2250738585072014e-308;
const TWO_TO_54 = 18014398509481984;

/**
 * ln x, the same bits on every machine; at most 0.7 units in the last place off.
 *
 * x = 2ᵉ·F·(1 + u), F a multiple of 1/128 and |u| ≤ 1/256; around 1 a series in s = f / (2 + f).
 * Source: Tang, Table-driven implementation of the logarithm function (ACM TOMS 16, 1990).
 *
 * @returns -∞ at 0, NaN below
 */
export function log(x: number): number {
  return x > 0.9375 && x < 1.0625 ? logNearOne(x - 1) : logWithTail(x, 0);
}

/** ln(1 + x) without cancellation, the same bits on every machine; at most one unit in the last place off. */
export function log1p(x: number): number {
  if (Math.abs(x) < 0.0625) return logNearOne(x);
  const sum = 1 + x;
  if (!(sum > 0 && sum < Infinity)) return log(sum);
  const lost = x > 1 ? 1 - (sum - x) : x - (sum - 1);
  return logWithTail(sum, lost / sum);
}

/** ln(1 + f) for |f| ≤ 1/16: f - f²/2 + s·(f²/2 + 2s²/3 + 2s⁴/5 + …), with f²/2 as the only large correction. */
function logNearOne(f: number): number {
  if (Math.abs(f) < 1e-17) return f;
  const s = f / (2 + f);
  const z = s * s;
  const half = 0.5 * f * f;
  const series = z * (2 / 3 + z * (2 / 5 + z * (2 / 7 + z * (2 / 9 + z * (2 / 11 + z * (2 / 13))))));
  return f - (half - s * (half + series));
}

function logWithTail(x: number, tail: number): number {
  if (!(x >= LEAST_NORMAL && x < Infinity)) return logOfExtreme(x);
  WIDE[0] = x;
  const upper = WORDS[UPPER] as number;
  const exponent = (upper >> 20) - 1023;
  const index = ((upper & 0xfffff) + 0x1000) >> 13;
  const mantissa = x * (POWERS_OF_TWO[1023 - exponent] as number);
  const u = (mantissa - (1 + index * 0.0078125)) * (INVERSES[index] as number);
  const square = u * u;
  const bend = square * (-0.5 + u * (1 / 3) + square * (-0.25 + u * 0.2 + square * (-1 / 6 + u * (1 / 7))));
  const high = exponent * LN2_HIGH + (LOGS[2 * index] as number);
  const low = exponent * LN2_LOW + (LOGS[2 * index + 1] as number) + tail;
  return high + (u + (low + bend));
}

function logOfExtreme(x: number): number {
  if (x === 0) return -Infinity;
  if (!(x > 0)) return Number.NaN;
  if (x === Infinity) return x;
  const scaled = logWithTail(x * TWO_TO_54, 0);
  return scaled - 54 * LN2_HIGH - 54 * LN2_LOW;
}

/**
 * ln x to about 68 bits, for x > 0 and finite.
 *
 * @param pair - becomes the nearest number and what that lacks; shape (2)
 */
export function logPair(x: number, pair: Float64Array): void {
  const subnormal = x < LEAST_NORMAL;
  const normal = subnormal ? x * TWO_TO_54 : x;
  WIDE[0] = normal;
  const upper = WORDS[UPPER] as number;
  const shift = (upper >> 20) - 1023;
  const index = ((upper & 0xfffff) + 0x1000) >> 13;
  const exponent = subnormal ? shift - 54 : shift;
  const centre = 1 + index * 0.0078125;
  const f = normal * (POWERS_OF_TWO[1023 - shift] as number) - centre;
  const reciprocal = INVERSES[index] as number;
  // 24 bits of u: its product with the 8 bits of the centre and its square are exact.
  const u = Math.fround(f * reciprocal);
  const uRest = (f - u * centre) * reciprocal;
  const whole = u + uRest;
  const cubic = 1 / 3 + whole * (-0.25 + whole * (0.2 + whole * (-1 / 6 + whole * (1 / 7 - whole * 0.125))));
  const a = exponent * LN2_HIGH + (LOGS[2 * index] as number);
  const b = a + u;
  const bLost = lostIn(a, u, b);
  const half = -0.5 * u * u;
  const c = b + half;
  const cLost = lostIn(b, half, c);
  const table = exponent * LN2_LOW + (LOGS[2 * index + 1] as number);
  const rest = uRest - uRest * (u + 0.5 * uRest) + (whole * whole * whole * cubic + (bLost + cLost + table));
  pair[0] = c + rest;
  pair[1] = rest - (c + rest - c);
}

/** What a + b lacks when it is rounded to `sum` (Knuth's two-sum). */
function lostIn(a: number, b: number, sum: number): number {
  const second = sum - a;
  return a - (sum - second) + (b - second);
}

const PAIR: Float64Array = new Float64Array(2);

/** Decadic logarithm, the same bits on every machine; exact at powers of ten. */
export function log10(x: number): number {
  return scaledLog(x, 0.4342944920063019, -1.0103050052231683e-8);
}

/** Binary logarithm, the same bits on every machine; exact at powers of two. */
export function log2(x: number): number {
  return scaledLog(x, 1.4426950216293335, 1.9259629911266175e-8);
}

/** ln x times a factor of 24 bits and its rest. */
function scaledLog(x: number, factor: number, rest: number): number {
  if (!(x > 0 && x < Infinity)) return log(x);
  logPair(x, PAIR);
  const high = Math.fround(PAIR[0] as number);
  const low = (PAIR[0] as number) - high + (PAIR[1] as number);
  return high * factor + (high * rest + low * (factor + rest));
}
