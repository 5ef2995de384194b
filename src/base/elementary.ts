/**
 * Elementary functions that give the same bits on every machine: made of +, -, ×, ÷ and √ only, which IEEE 754
 * defines to the last bit. `Math.exp` and its like differ between engines, so pure code may not use them.
 */

export { exp, expm1, tanh } from "./elementary/exponential.ts";
export { log, log1p, log2, log10 } from "./elementary/logarithm.ts";
export { hypot, pow } from "./elementary/power.ts";
export { cos, sin, tan } from "./elementary/trigonometric.ts";
