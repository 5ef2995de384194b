import { POWERS, SCALES } from "./tables.ts";

// Constants of this module are known to the compiler, which spares a check at each access; imported ones aren't.
const TABLE: Float64Array = POWERS;
const POWERS_OF_TWO: Float64Array = SCALES;

/** 64 / ln 2. */
const STEPS = 92.33248261689366;
/** ln 2 / 64 in 36 bits, so that its multiples up to 2¹⁷ are exact, and the rest. */
const STEP_HIGH = 0.010830424696223417;
const STEP_LOW = 2.572804622327669e-14;
/** 1.5·2⁵²: adding and taking it away rounds to a whole number. */
const ROUNDER = 6755399441055744;

/** Below it, or from it on, eˣ is no normal number or its power of two has no place in the table. */
const LEAST = -708;
const GREATEST = 709;

/**
 * eˣ, the same bits on every machine; at most 0.6 units in the last place off.
 *
 * x = (64·m + j)·ln 2 / 64 + r with |r| ≤ ln 2 / 128, and eˣ = 2ᵐ·2^(j/64)·eʳ.
 * Source: Tang, Table-driven implementation of the exponential function (ACM TOMS 15, 1989).
 */
export function exp(x: number): number {
  if (!(x > LEAST && x < GREATEST)) return farExp(x, 0);
  const k = x * STEPS + ROUNDER - ROUNDER;
  const r = x - k * STEP_HIGH - k * STEP_LOW;
  const square = r * r;
  const grown = r + square * (0.5 + r * (1 / 6) + square * (1 / 24 + r * (1 / 120) + square * (1 / 720)));
  const n = k | 0;
  const entry = (n & 63) << 1;
  const power = TABLE[entry] as number;
  return (
    (power + ((TABLE[entry + 1] as number) + power * grown)) * (POWERS_OF_TWO[(n >> 6) + 1023] as number)
  );
}

/** e^(x + tail) for a tail much smaller than x, also where the result overflows or is subnormal. */
export function farExp(x: number, tail: number): number {
  if (x >= 709.79) return Infinity;
  if (!(x > -745.14)) return x < 0 ? 0 : x;
  const k = x * STEPS + ROUNDER - ROUNDER;
  const r = x - k * STEP_HIGH - (k * STEP_LOW - tail);
  const n = k | 0;
  const entry = (n & 63) << 1;
  const power = TABLE[entry] as number;
  const value = power + ((TABLE[entry + 1] as number) + power * growth(r));
  const exponent = n >> 6;
  const half = exponent >> 1;
  // Two factors, since 2^exponent itself may have no place among the normal numbers; the second one rounds.
  return value * (POWERS_OF_TWO[half + 1023] as number) * (POWERS_OF_TWO[exponent - half + 1023] as number);
}

/** eʳ - 1 for |r| ≤ ln 2 / 128: the series is cut where its terms fall below 2⁻⁶⁴. */
function growth(r: number): number {
  const square = r * r;
  return r + square * (0.5 + r * (1 / 6) + square * (1 / 24 + r * (1 / 120) + square * (1 / 720)));
}

/** Up to it the series of eˣ - 1 has its terms below 2⁻⁵⁵ of x after the twelfth. */
const SERIES_ENDS = 0.125;
const INVERSE_FACTORIALS: readonly number[] = [
  479001600, 39916800, 3628800, 362880, 40320, 5040, 720, 120, 24, 6,
].map((factorial) => 1 / factorial);

/** eˣ - 1 without cancellation, the same bits on every machine; at most one unit in the last place off. */
export function expm1(x: number): number {
  if (Math.abs(x) < SERIES_ENDS) return expm1Series(x);
  // Beyond 2⁵⁶ the 1 is less than a sixteenth of a unit in the last place; below -40 so is eˣ.
  if (!(x < 39)) return exp(x);
  if (x < -40) return -1;
  const k = x * STEPS + ROUNDER - ROUNDER;
  const r = x - k * STEP_HIGH - k * STEP_LOW;
  const n = k | 0;
  const entry = (n & 63) << 1;
  const scale = POWERS_OF_TWO[(n >> 6) + 1023] as number;
  const power = TABLE[entry] as number;
  return scale * power - 1 + scale * ((TABLE[entry + 1] as number) + power * growth(r));
}

function expm1Series(x: number): number {
  if (Math.abs(x) < 1e-17) return x;
  let sum = 0;
  for (const factor of INVERSE_FACTORIALS) sum = sum * x + factor;
  const square = x * x;
  return x + (0.5 * square + square * x * sum);
}

/** Hyperbolic tangent, the same bits on every machine; at most two units in the last place off. */
export function tanh(x: number): number {
  const size = Math.abs(x);
  // 1 - tanh(22) is below half a unit in the last place of 1.
  if (size > 22) return Math.sign(x);
  if (size < 1) {
    const t = expm1(2 * x);
    return t / (t + 2);
  }
  const value = 1 - 2 / (exp(2 * size) + 1);
  return x < 0 ? -value : value;
}
