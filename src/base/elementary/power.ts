import { farExp } from "./exponential.ts";
import { logPair } from "./logarithm.ts";

const PAIR: Float64Array = new Float64Array(2);

/**
 * xʸ with the special cases of ECMAScript's `**`, the same bits on every machine; at most 0.6 units in the
 * last place off, so exact where the result has few digits (10³, 2⁻⁷).
 */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (y === 1) return x;
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN;
  const size = Math.abs(x);
  if (!Number.isFinite(y)) return size === 1 ? Number.NaN : size > 1 === y > 0 ? Infinity : 0;
  const odd = y % 2 === 1 || y % 2 === -1;
  const sign = odd && (x < 0 || Object.is(x, -0)) ? -1 : 1;
  if (x === 0 || size === Infinity) return sign * ((x === 0) === y < 0 ? Infinity : 0);
  if (x < 0 && !Number.isInteger(y)) return Number.NaN;
  return sign * positivePower(size, y);
}

/** |y·ln x| is beyond 2¹¹ from here on for every x but 1. */
const HUGE = 18446744073709551616;

/** e^(y·ln x), with the product to about 68 bits. */
function positivePower(x: number, y: number): number {
  if (x === 1 || Math.abs(y) < 1 / HUGE) return 1;
  if (Math.abs(y) > HUGE) return x > 1 === y > 0 ? Infinity : 0;
  logPair(x, PAIR);
  const logHigh = Math.fround(PAIR[0] as number);
  const logLow = (PAIR[0] as number) - logHigh + (PAIR[1] as number);
  const yHigh = Math.fround(y);
  const yLow = y - yHigh;
  return farExp(yHigh * logHigh, yLow * (logHigh + logLow) + yHigh * logLow);
}

/** 2^±500: squares within it neither overflow nor lose digits. */
const SMALL = 3.054936363499605e-151;
const LARGE = 3.273390607896142e150;
/** 2^600. */
const SCALE = 4.149515568880993e180;

/** √(a² + b²) without overflow, the same bits on every machine; at most one unit in the last place off. */
export function hypot(a: number, b: number): number {
  const x = Math.abs(a);
  const y = Math.abs(b);
  if (x === Infinity || y === Infinity) return Infinity;
  const larger = x > y ? x : y;
  if (larger > LARGE) return root(x / SCALE, y / SCALE) * SCALE;
  if (larger < SMALL) return root(x * SCALE, y * SCALE) / SCALE;
  return root(x, y);
}

function root(x: number, y: number): number {
  return Math.sqrt(x * x + y * y);
}
