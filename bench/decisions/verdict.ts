import { mean, tableHead, tableRow } from "./report.ts";
import { holmCorrection, signedRankSum, signedRankTest } from "./statistics.ts";
import type { TableFigures } from "./top-share.ts";

/** Chance of any false verdict in the whole table. */
export const LEVEL = 0.05;

/** Ours and a peer's campaigns on one set, seed by seed from the same rows. */
export interface Comparison {
  readonly set: string;
  readonly peer: string;
  readonly ours: readonly TableFigures[];
  readonly theirs: readonly TableFigures[];
}

/** The section of the report that judges each set against each peer, by area and by final regret. */
export function verdictReport(comparisons: readonly Comparison[]): string[] {
  if (comparisons.length === 0) return [];
  const areas = judged(comparisons.map((each) => differences(each, (figures) => figures.area)));
  const regrets = judged(comparisons.map((each) => differences(each, (figures) => -figures.regret)));
  return [
    "",
    "## Against random search and peers",
    "",
    `Seed by seed, two-sided Wilcoxon signed-rank test, Holm's correction over all ${comparisons.length} comparisons of a column, ${LEVEL * 100} %: labloop is better, worse, or not significantly different (n.s.).`,
    "",
    ...tableHead([
      "set",
      "peer",
      "area",
      "labloop's",
      "verdict (p)",
      "final regret",
      "labloop's",
      "verdict (p)",
    ]),
    ...comparisons.map(({ set, peer, ours, theirs }, i) =>
      tableRow([
        set,
        peer,
        mean(theirs.map(({ area }) => area)).toFixed(3),
        mean(ours.map(({ area }) => area)).toFixed(3),
        areas[i] as string,
        mean(theirs.map(({ regret }) => regret)).toFixed(4),
        mean(ours.map(({ regret }) => regret)).toFixed(4),
        regrets[i] as string,
      ]),
    ),
    "",
    ...ratioLines(comparisons),
  ];
}

function differences({ ours, theirs }: Comparison, figure: (figures: TableFigures) => number): number[] {
  return ours.map((each, seed) => figure(each) - figure(theirs[seed] as TableFigures));
}

function judged(families: readonly (readonly number[])[]): string[] {
  return verdictsOn(families, holmCorrection).map(
    ({ word, probability }) => `${word} (${probability.toPrecision(2)})`,
  );
}

/** What a two-sided Wilcoxon signed-rank test says of paired differences. */
export interface Verdict {
  readonly word: "better" | "worse" | "n.s.";
  readonly probability: number;
}

/**
 * Judges families of paired differences, positive where ours is better.
 *
 * @param correct - what is done to the probabilities of all families together
 */
export function verdictsOn(
  families: readonly (readonly number[])[],
  correct: (probabilities: readonly number[]) => readonly number[],
): Verdict[] {
  const probabilities = correct(families.map(signedRankTest));
  return families.map((each, i) => {
    const probability = probabilities[i] as number;
    const word = probability > LEVEL ? "n.s." : signedRankSum(each) > 0 ? "better" : "worse";
    return { word, probability };
  });
}

/** Areas below this count as this, so that a set on which someone finds nothing weighs heavily but not everything. */
const LEAST_AREA = 0.01;

/** How many times as large an area is; one for each set goes into a geometric mean. */
export function areaRatio(ours: number, theirs: number): number {
  return Math.max(ours, LEAST_AREA) / Math.max(theirs, LEAST_AREA);
}

/** Geometric mean over sets of labloop's area to each peer's. */
function ratioLines(comparisons: readonly Comparison[]): string[] {
  const peers = [...new Set(comparisons.map(({ peer }) => peer))];
  const areaOf = (figures: readonly TableFigures[]): number => mean(figures.map(({ area }) => area));
  return peers.map((peer) => {
    const logs = comparisons
      .filter((each) => each.peer === peer)
      .map(({ ours, theirs }) => Math.log(areaRatio(areaOf(ours), areaOf(theirs))));
    return `- geometric mean of area, labloop / ${peer}: ${Math.exp(mean(logs)).toFixed(2)} (${logs.length} sets; areas below ${LEAST_AREA} count as ${LEAST_AREA})`;
  });
}
