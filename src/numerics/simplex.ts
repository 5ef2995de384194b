import { pow } from "../base/elementary.ts";

/**
 * Turns independent uniform numbers into a point that is uniform on the simplex of shares that sum to 1
 * (stick breaking: each share is the Beta(1, m) part of what is left).
 *
 * @param uniforms - numbers in [0, 1); shape (parts - 1)
 * @returns shares, at least 0; shape (parts)
 */
export function simplexPoint(uniforms: ArrayLike<number>): Float64Array {
  const parts = uniforms.length + 1;
  const shares = new Float64Array(parts);
  let left = 1;
  for (let i = 0; i < parts - 1; i++) {
    const part = left * (1 - pow(1 - (uniforms[i] as number), 1 / (parts - 1 - i)));
    shares[i] = part;
    left -= part;
  }
  shares[parts - 1] = Math.max(0, left);
  return shares;
}
