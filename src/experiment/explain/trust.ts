import type { FittedProcess } from "../../hypothesis/surrogate/fit-gaussian-process.ts";
import { leaveOneOut } from "../../hypothesis/surrogate/leave-one-out.ts";
import { normalDensity, normalProbability, normalQuantile } from "../../numerics/index.ts";
import type { Trust } from "./explanation.ts";

/** With fewer values a prediction from all others says nothing. */
const LEAST_DATA = 5;
const HALF_WIDTH_90 = normalQuantile(0.95);

/**
 * How well each value is predicted from all others, by the most probable model.
 *
 * @returns undefined with fewer than five values
 */
export function trustIn(members: readonly FittedProcess[]): Trust | undefined {
  const process = members[0]?.process;
  if (process === undefined || process.data.count < LEAST_DATA) return undefined;
  const { values } = process.data;
  const { means, sds } = leaveOneOut(process);
  const centre = values.reduce((sum, value) => sum + value, 0) / values.length;
  let left = 0;
  let all = 0;
  let covered = 0;
  for (const [i, value] of values.entries()) {
    const miss = value - (means[i] as number);
    left += miss * miss;
    all += (value - centre) * (value - centre);
    if (Math.abs(miss) <= HALF_WIDTH_90 * (sds[i] as number)) covered += 1;
  }
  const spread = Math.sqrt(all / (values.length - 1));
  const score = (meanOf: (i: number) => number, sdOf: (i: number) => number): number =>
    values.reduce((sum, value, i) => sum + crps(value, meanOf(i), sdOf(i)), 0);
  const ours = score(
    (i) => means[i] as number,
    (i) => sds[i] as number,
  );
  const plain = score(
    () => centre,
    () => spread,
  );
  return {
    r2: all === 0 ? 0 : 1 - left / all,
    coverage90: covered / values.length,
    relativeCrps: plain === 0 ? 1 : ours / plain,
  };
}

/**
 * Continuous ranked probability score of a normal prediction, σ (z (2Φ(z) - 1) + 2φ(z) - 1/√π).
 * Source: Gneiting and Raftery, Strictly proper scoring rules (JASA 102, 2007), equation 21.
 */
export function crps(value: number, mean: number, sd: number): number {
  if (sd <= 0) return Math.abs(value - mean);
  const z = (value - mean) / sd;
  return sd * (z * (2 * normalProbability(z) - 1) + 2 * normalDensity(z) - 1 / Math.sqrt(Math.PI));
}
