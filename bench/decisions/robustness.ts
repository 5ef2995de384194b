/**
 * What labloop makes of failures, gross errors, earlier data and symmetries, seed by seed against itself without them:
 * medians of final regret and of the regret's average over a campaign, with the signed-rank test of their differences.
 *
 * Usage: npm run bench:robustness [-- --seeds 30 --only failures,outliers,transfer,symmetry --short]
 * `--short` is 2 seeds of 16 experiments; without it and `--only` bench/decisions/robustness.md is rewritten.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Claim, Contest, Extent } from "./claim.ts";
import { claimReport, contestRow, type PlayedClaim } from "./claim-report.ts";
import { FAILURES } from "./crash-prone.ts";
import { GROSS_ERRORS } from "./gross-errors.ts";
import { runLine } from "./report.ts";
import { SYMMETRY } from "./symmetric.ts";
import { TRANSFER } from "./transfer.ts";
import { LEVEL } from "./verdict.ts";

const { values: given } = parseArgs({
  options: {
    seeds: { type: "string" },
    only: { type: "string" },
    short: { type: "boolean", default: false },
  },
});
const extent: Extent = {
  seeds: Number(given.seeds ?? (given.short ? 2 : 30)),
  most: given.short ? 16 : Infinity,
};
const only = given.only?.split(",");
const claims = [FAILURES, GROSS_ERRORS, TRANSFER, SYMMETRY].filter(
  ({ name }) => only === undefined || only.includes(name),
);

async function playClaim(claim: Claim): Promise<PlayedClaim> {
  const contests: Contest[] = [];
  for await (const contest of claim.contests(extent)) {
    console.error(contestRow(claim, contest));
    contests.push(contest);
  }
  return { claim, contests };
}

const played: PlayedClaim[] = [];
for (const claim of claims) played.push(await playClaim(claim));
const lines = [
  "# Decisions under failures, gross errors, earlier data and symmetries",
  "",
  runLine([], `${extent.seeds} seeds`),
  "",
  "Medians over the seeds, and their ratio. Regret is the value without noise of what a campaign would end with, less the function's minimum; its area is the mean over the experiments that the campaign chose. Unless it is said otherwise campaigns begin with the same 5 start points, and end with the setting that measured lowest.",
  ...(given.short
    ? []
    : [
        "",
        `p: two-sided Wilcoxon signed-rank test, seed by seed, at ${100 * LEVEL} %. Where a goal names a figure that has to be better, with Holm's correction over all such figures of the page; elsewhere without it, which makes a loss easier to show.`,
      ]),
  ...claimReport(played, !given.short),
];
console.log(lines.join("\n"));
if (only === undefined && !given.short)
  writeFileSync(
    fileURLToPath(new URL("../../../bench/decisions/robustness.md", import.meta.url)),
    `${lines.join("\n")}\n`,
  );
