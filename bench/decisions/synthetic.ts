/**
 * Decisions on functions whose minimum is known: ours, random search, and the peers that LABLOOP_BENCH_PYTHON has, each
 * from the same 5 points of a scrambled Sobol sequence. The figure is the median of final regret.
 *
 * Usage: npm run bench:functions [-- --seeds 20 --only branin,… --peers optuna,botorch --short]
 * `--short` is 2 seeds of 2 functions; without it and `--only` bench/decisions/functions.md is rewritten.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median } from "labloop/numerics";
import type { Optimiser, Point } from "../peers/optimiser.ts";
import { openPeers, PEERS } from "../peers/python-peers.ts";
import { CLASSIC_FUNCTIONS } from "./classic-functions.ts";
import { type FunctionFigures, playFunction } from "./function-campaign.ts";
import type { TestFunction } from "./functions.ts";
import { HARD_FUNCTIONS } from "./hard-functions.ts";
import { labloopOptimiser } from "./labloop-optimiser.ts";
import { randomSearch } from "./random-search.ts";
import { runLine, tableHead, tableRow } from "./report.ts";

const { values: given } = parseArgs({
  options: {
    seeds: { type: "string" },
    only: { type: "string" },
    peers: { type: "string", default: PEERS.join(",") },
    short: { type: "boolean", default: false },
  },
});
const seeds = Number(given.seeds ?? (given.short ? 2 : 20));
const only = given.only?.split(",") ?? (given.short ? ["branin", "hartmann3"] : undefined);
const functions = [...CLASSIC_FUNCTIONS, ...HARD_FUNCTIONS].filter(
  ({ name }) => only === undefined || only.includes(name),
);

type Begin = (test: TestFunction, seed: number) => Promise<Optimiser<Point>>;

const { process: python, peers } = await openPeers(given.peers.split(","));
const contenders: { readonly name: string; readonly begin: Begin }[] = [
  { name: "labloop", begin: async (test, seed) => labloopOptimiser(test, seed) },
  { name: "random", begin: async (test, seed) => randomSearch(test, seed) },
];
for (const { kind, name } of peers) {
  if (kind === "present" && python !== undefined)
    contenders.push({
      name,
      begin: (test, seed) =>
        python.begin({
          peer: name,
          seed,
          acquisition: test.noise === undefined ? "logei" : "lognei",
          space: {
            columns: test.columns,
            ...(test.total === undefined ? {} : { total: test.total }),
            ...(test.constraints === undefined
              ? {}
              : { margins: test.constraints.map((each) => each.python) }),
          },
        }),
    });
}

async function figuresOf(begin: Begin, test: TestFunction): Promise<FunctionFigures[]> {
  const figures: FunctionFigures[] = [];
  for (let seed = 0; seed < seeds; seed++)
    figures.push(await playFunction({ test, seed, optimiser: await begin(test, seed) }));
  return figures;
}

/** Median regret, experiments lost where there were some, and the median time of a suggestion. */
function cell(figures: readonly FunctionFigures[]): string {
  const regret = median(figures.map((each) => each.regret)).toPrecision(2);
  const lost = median(figures.map((each) => each.lost));
  const seconds = median(figures.flatMap((each) => each.seconds));
  return `${regret}${lost > 0 ? `, ${lost} lost` : ""} (${seconds.toPrecision(2)} s)`;
}

function verdict({ target }: TestFunction, figures: readonly FunctionFigures[]): string {
  if (target === undefined) return "–";
  return median(figures.map(({ regret }) => regret)) <= target ? `${target}: met` : `${target}: **missed**`;
}

const lines = [
  "# Decisions on functions",
  "",
  runLine(peers, `${seeds} seeds`),
  "",
  "Median of final regret from the same 5 start points; experiments that failed or broke a known constraint (median); in brackets the median time of observing and suggesting, one thread. BoTorch scores by LogEI, with noise by qLogNEI. Optuna knows no constraint between settings and is told margins as outcomes; neither peer models failures, which are told as the worst value seen.",
  "",
  ...tableHead(["function", "experiments", "target: labloop", ...contenders.map(({ name }) => name)]),
];
for (const test of functions) {
  const figures: FunctionFigures[][] = [];
  for (const { begin } of contenders) figures.push(await figuresOf(begin, test));
  const row = tableRow([
    test.name,
    String(test.experiments),
    verdict(test, figures[0] as FunctionFigures[]),
    ...figures.map(cell),
  ]);
  console.error(row);
  lines.push(row);
}
python?.end();
console.log(lines.join("\n"));
if (only === undefined)
  writeFileSync(
    fileURLToPath(new URL("../../../bench/decisions/functions.md", import.meta.url)),
    `${lines.join("\n")}\n`,
  );
