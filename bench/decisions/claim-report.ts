import { median } from "labloop/numerics";
import type { Claim, Contest, Figure } from "./claim.ts";
import { tableHead, tableRow } from "./report.ts";
import { holmCorrection } from "./statistics.ts";
import { type Verdict, verdictsOn } from "./verdict.ts";

/** What contests showed of a claim. */
export interface PlayedClaim {
  readonly claim: Claim;
  readonly contests: readonly Contest[];
}

type Verdicts = Readonly<Record<Figure, Verdict>>;

const HEADINGS: Readonly<Record<Figure, string>> = {
  lost: "lost",
  regret: "final regret",
  area: "area of regret",
};

/** Sections of the report, one for each claim, without verdicts where too few seeds were played for any. */
export function claimReport(played: readonly PlayedClaim[], judged: boolean): string[] {
  const verdicts = judged ? verdictsIn(played) : undefined;
  return played.flatMap(({ claim, contests }) => [
    "",
    `## ${claim.name}`,
    "",
    claim.text,
    "",
    ...tableHead([
      "function",
      "experiments",
      "labloop",
      "against",
      ...claim.figures.flatMap((figure) => [`${HEADINGS[figure]}: labloop`, "against", "ratio (p)"]),
      "goal",
    ]),
    ...contests.map((contest) => contestRow(claim, contest, verdicts?.get(contest))),
    ...(claim.remarks === undefined || !judged ? [] : ["", ...claim.remarks(contests)]),
  ]);
}

/** One line of a claim's table. */
export function contestRow({ figures }: Claim, contest: Contest, verdicts?: Verdicts): string {
  const { test, ours, theirs } = contest;
  const cells = figures.flatMap((figure) => {
    const [own, other] = [ours, theirs].map((way) => median(way.figures.map((each) => each[figure]))) as [
      number,
      number,
    ];
    const ratio = other === 0 ? "–" : (own / other).toPrecision(2);
    const verdict = verdicts?.[figure];
    return [
      own.toPrecision(2),
      other.toPrecision(2),
      verdict === undefined ? ratio : `${ratio} (${verdict.word}, ${verdict.probability.toPrecision(2)})`,
    ];
  });
  const goal = verdicts === undefined ? "–" : goalMet(contest, figures, verdicts);
  return tableRow([test.name, String(test.experiments), ours.name, theirs.name, ...cells, goal]);
}

function goalMet({ goal }: Contest, figures: readonly Figure[], verdicts: Verdicts): string {
  if (goal.kind === "none") return "–";
  const missing =
    goal.kind === "better"
      ? goal.by.filter((figure) => verdicts[figure].word !== "better")
      : figures.filter((figure) => verdicts[figure].word === "worse");
  return missing.length === 0
    ? `${goal.kind}: met`
    : `${goal.kind}: **missed** by ${missing.map((figure) => HEADINGS[figure]).join(", ")}`;
}

/** Verdicts by contest: corrected together where something should be better, uncorrected, which is stricter, elsewhere. */
function verdictsIn(played: readonly PlayedClaim[]): ReadonlyMap<Contest, Verdicts> {
  const tests = played.flatMap(({ claim, contests }) =>
    contests.flatMap((contest) => claim.figures.map((figure) => ({ contest, figure }))),
  );
  const hoped = tests.filter(({ contest, figure }) => isHoped(contest, figure));
  const others = tests.filter(({ contest, figure }) => !isHoped(contest, figure));
  const judged = [
    ...verdictsOn(hoped.map(differences), holmCorrection),
    ...verdictsOn(others.map(differences), (probabilities) => probabilities),
  ];
  const byContest = new Map<Contest, Partial<Record<Figure, Verdict>>>();
  for (const [i, { contest, figure }] of [...hoped, ...others].entries())
    byContest.set(contest, { ...byContest.get(contest), [figure]: judged[i] as Verdict });
  return byContest as ReadonlyMap<Contest, Verdicts>;
}

function isHoped({ goal }: Contest, figure: Figure): boolean {
  return goal.kind === "better" && goal.by.includes(figure);
}

interface PairedTest {
  readonly contest: Contest;
  readonly figure: Figure;
}

function differences({ contest: { ours, theirs }, figure }: PairedTest): number[] {
  return ours.figures.map((each, seed) => (theirs.figures[seed]?.[figure] as number) - each[figure]);
}
