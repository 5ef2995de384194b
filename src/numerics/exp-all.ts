import { exp } from "../base/elementary.ts";

/**
 * eˣ of the first numbers, in place. In a loop of its own the compiler makes the function part of the loop; in a larger one
 * it may not, and then every result gets memory of its own.
 *
 * @param count - how many, at most as many as there are
 */
export function expAll(values: Float64Array, count: number): void {
  for (let i = 0; i < count; i++) values[i] = exp(values[i] as number);
}
