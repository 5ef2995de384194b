import { log } from "../base/elementary.ts";
import { logImprovement } from "./expected-improvement.ts";
import { logSumExp } from "./log-sum-exp.ts";

/** A straight line a + b·z. */
interface Line {
  readonly a: number;
  readonly b: number;
}

/**
 * ln of what the largest of some lines aᵢ + bᵢ·Z, Z standard normal, is expected to be above the largest aᵢ:
 *     ln h(a, b) = ln Σᵢ (bᵢ₊₁ - bᵢ) f(-|cᵢ|),   f(u) = φ(u) + u Φ(u),
 * over the lines that are the largest somewhere, in the order of their slopes, with cᵢ the places where one takes over
 * from the one before.
 * Source: Frazier, Powell and Dayanik, The knowledge-gradient policy for correlated normal beliefs (INFORMS J.
 * Computing 21:599, 2009), algorithm 1.
 *
 * @param a - at least one; shape (lines)
 * @param b - shape (lines)
 * @returns -∞ when all slopes are alike
 */
export function logExpectedMaximum(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const rising = Array.from(a, (value, i): Line => ({ a: value, b: b[i] as number })).sort(
    (one, other) => one.b - other.b || one.a - other.a,
  );
  const top: Line[] = [];
  const from: number[] = [];
  for (const line of rising) {
    let start = -Infinity;
    while (top.length > 0) {
      const last = top.at(-1) as Line;
      start = last.b === line.b ? -Infinity : (last.a - line.a) / (line.b - last.b);
      if (start > (from.at(-1) as number)) break;
      top.pop();
      from.pop();
      start = -Infinity;
    }
    top.push(line);
    from.push(start);
  }
  return logSumExp(
    top
      .slice(1)
      .map((line, i) => log(line.b - (top[i] as Line).b) + logImprovement(-Math.abs(from[i + 1] as number))),
  );
}
