import { exp, log } from "../base/elementary.ts";

/** ln Σ exp(xᵢ) without overflow; -∞ for no values. */
export function logSumExp(values: ArrayLike<number>): number {
  let largest = -Infinity;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, values[i] as number);
  if (!Number.isFinite(largest)) return largest;
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += exp((values[i] as number) - largest);
  return largest + log(sum);
}
