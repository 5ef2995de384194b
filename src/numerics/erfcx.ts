import { exp } from "../base/elementary.ts";

const TWO_OVER_SQRT_PI = 2 / Math.sqrt(Math.PI);

/** Below it the series loses less than a digit to cancellation; above it the fraction converges fast. */
const SERIES_ENDS = 1.25;

/**
 * Scaled complementary error function, erfcx(x) = exp(x²)·erfc(x).
 *
 * Series of erf for small x (Abramowitz and Stegun 7.1.6), Laplace's continued fraction beyond (7.1.14).
 *
 * @returns relative error under 1e-14; ∞ where exp(x²) overflows, x < -26.6
 */
export function erfcx(x: number): number {
  if (x < 0) return 2 * exp(x * x) - erfcx(-x);
  return x < SERIES_ENDS ? exp(x * x) - TWO_OVER_SQRT_PI * erfSeries(x) : laplaceFraction(x);
}

/** Σ 2ⁿ x²ⁿ⁺¹ / (1·3·5…(2n+1)); every term is positive. */
function erfSeries(x: number): number {
  const factor = 2 * x * x;
  let term = x;
  let sum = x;
  for (let odd = 3; term > 1e-17 * sum; odd += 2) {
    term *= factor / odd;
    sum += term;
  }
  return sum;
}

/** 1/√π · 1/(x + ½/(x + 1/(x + 3⁄2/(x + …)))); the error falls as exp(-x√(8n)), hence the depth for e⁻³⁸. */
function laplaceFraction(x: number): number {
  const depth = Math.ceil(180 / (x * x)) + 16;
  let tail = x;
  for (let k = depth; k > 0; k--) tail = x + (0.5 * k) / tail;
  return TWO_OVER_SQRT_PI / 2 / tail;
}
