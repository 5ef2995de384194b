import { normalProbability } from "labloop/numerics";

/** Most pairs for which every assignment of signs is counted. */
const EXACT_UP_TO = 50;

/**
 * Two-sided Wilcoxon signed-rank test of paired differences, zeros left out (Wilcoxon's own treatment): exact for at
 * most 50 pairs without ties, otherwise the normal approximation with corrections for continuity and ties.
 * Source: Hollander, Wolfe and Chicken, Nonparametric Statistical Methods (2014), section 3.1.
 *
 * @param differences - one for each pair
 * @returns probability of differences at least as one-sided when neither side is better; 1 when all are zero
 */
export function signedRankTest(differences: readonly number[]): number {
  const nonzero = differences.filter((each) => each !== 0);
  const { ties } = ranksOf(nonzero.map(Math.abs));
  const n = nonzero.length;
  if (n === 0) return 1;
  const smaller = ((n * (n + 1)) / 2 - Math.abs(signedRankSum(nonzero))) / 2;
  if (ties.length === 0 && n <= EXACT_UP_TO) return Math.min(1, 2 * shareAtMost(smaller, n));
  const correction = ties.reduce((sum, size) => sum + size ** 3 - size, 0) / 48;
  const variance = (n * (n + 1) * (2 * n + 1)) / 24 - correction;
  const z = Math.min(0, smaller - (n * (n + 1)) / 4 + 0.5) / Math.sqrt(variance);
  return Math.min(1, 2 * normalProbability(z));
}

/**
 * Sum of the ranks of positive differences less that of negative ones, zeros left out: which side the test is on.
 *
 * @param differences - one for each pair
 */
export function signedRankSum(differences: readonly number[]): number {
  const nonzero = differences.filter((each) => each !== 0);
  return ranksOf(nonzero.map(Math.abs)).ranks.reduce(
    (sum, rank, i) => sum + Math.sign(nonzero[i] as number) * rank,
    0,
  );
}

/** Ranks from 1, means among equals; sizes of the groups of equals. */
function ranksOf(numbers: readonly number[]): { ranks: number[]; ties: number[] } {
  const order = numbers.map((_, i) => i).sort((a, b) => (numbers[a] as number) - (numbers[b] as number));
  const ranks = numbers.map(() => 0);
  const ties: number[] = [];
  for (let first = 0; first < order.length; ) {
    let next = first + 1;
    while (next < order.length && numbers[order[next] as number] === numbers[order[first] as number]) next++;
    for (let k = first; k < next; k++) ranks[order[k] as number] = (first + 1 + next) / 2;
    if (next - first > 1) ties.push(next - first);
    first = next;
  }
  return { ranks, ties };
}

/** Share of the 2ⁿ assignments of signs whose positive ranks sum to at most `limit`. */
function shareAtMost(limit: number, n: number): number {
  const shares = new Float64Array((n * (n + 1)) / 2 + 1);
  shares[0] = 1;
  for (let rank = 1; rank <= n; rank++) {
    for (let sum = shares.length - 1; sum >= 0; sum--) {
      const positive = sum >= rank ? (shares[sum - rank] as number) : 0;
      shares[sum] = ((shares[sum] as number) + positive) / 2;
    }
  }
  return shares.slice(0, limit + 1).reduce((total, share) => total + share, 0);
}

/**
 * Probabilities of a family of tests, corrected so that the chance of any false finding stays at the level chosen.
 * Source: Holm, A simple sequentially rejective multiple test procedure (1979).
 *
 * @param probabilities - one for each test
 * @returns corrected ones in the same order, at most 1
 */
export function holmCorrection(probabilities: readonly number[]): number[] {
  const order = probabilities
    .map((_, i) => i)
    .sort((a, b) => (probabilities[a] as number) - (probabilities[b] as number));
  const corrected = probabilities.map(() => 0);
  let least = 0;
  for (const [k, i] of order.entries()) {
    least = Math.max(least, Math.min(1, (order.length - k) * (probabilities[i] as number)));
    corrected[i] = least;
  }
  return corrected;
}
