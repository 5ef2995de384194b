/**
 * Decisions on past experiments: `labloop replay` on the toughness of 600 printed barrels (crossed_barrel.csv of
 * PV-Lab), 20 seeds, 100 experiments. How many experiments find half of the 30 best barrels, against rows in random
 * order?
 *
 * Usage: npm run bench:replay -- path/to/crossed_barrel.csv
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const SEEDS = 20;
const BUDGET = 100;
/** Experiments on average, 50 runs, to half of the top set: Liang et al., npj Comput. Mater. 7:188 (2021), their data. */
const PUBLISHED = 80;
/** The goal: random order takes at least this many times as long. */
const GOAL = 2;

const root = fileURLToPath(new URL("../../..", import.meta.url));
const table = process.argv[2] ?? `${root}../shared/data/benchmarks/pvlab/crossed_barrel.csv`;
if (!existsSync(table)) {
  console.error(`there is no table "${table}"; give the path of crossed_barrel.csv`);
  process.exit(2);
}

const values = readFileSync(table, "utf8")
  .trim()
  .split("\n")
  .slice(1)
  .map((line) => Number(line.split(",")[4]));
const size = Math.round(values.length * 0.05);
const least = [...values].sort((a, b) => b - a)[size - 1] as number;
const half = Math.ceil(size / 2);
// The expected place of the k-th of m good rows in a random order of n: k (n + 1) / (m + 1).
const random = (half * (values.length + 1)) / (size + 1);

/** Experiments after which half of the top set is found, and the found share by experiment. */
function play(seed: number): { reached: number | undefined; share: number[] } {
  const { stdout } = spawnSync(
    process.execPath,
    [
      `${root}dist/src/operator/cli/main.js`,
      "replay",
      table,
      "--parameters",
      "n,theta,r,t",
      "--maximise",
      "objective_maximise",
      "--budget",
      String(BUDGET),
      "--seed",
      String(seed),
      "--json",
      "--quiet",
    ],
    { encoding: "utf8" },
  );
  let found = 0;
  const share = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { event: string; row?: number })
    .filter(({ event }) => event === "measurement.recorded")
    .map(({ row }) => {
      if ((values[row as number] as number) >= least) found += 1;
      return found / size;
    });
  const at = share.findIndex((part) => part * size >= half);
  return { reached: at < 0 ? undefined : at + 1, share };
}

const began = performance.now();
const runs = Array.from({ length: SEEDS }, (_, k) => play(k + 1));
const seconds = (performance.now() - began) / 1000;
const mean = (n: number): number => runs.reduce((sum, { share }) => sum + (share[n - 1] ?? 0), 0) / SEEDS;
const crossing = Array.from({ length: BUDGET }, (_, k) => k + 1).find((n) => mean(n) >= 0.5);
const reached = runs.map((run) => run.reached ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
const median = ((reached[SEEDS / 2 - 1] as number) + (reached[SEEDS / 2] as number)) / 2;
const factor = random / (crossing ?? Number.POSITIVE_INFINITY);
const lines = [
  "# Half of the best 5 % of crossed_barrel: experiments needed",
  "",
  `${SEEDS} seeds, ${BUDGET} experiments each, ${(seconds / SEEDS).toFixed(2)} s a campaign`,
  "",
  "| | experiments |",
  "|---|---|",
  `| random order (expected) | ${random.toFixed(0)} |`,
  `| published GP, Matérn 5/2, LCB (mean of 50 runs, given start) | ${PUBLISHED} |`,
  `| labloop, where the mean share passes half | ${crossing ?? `more than ${BUDGET}`} |`,
  `| labloop, median seed | ${Number.isFinite(median) ? median : `more than ${BUDGET}`} |`,
  `| seeds that got there within ${BUDGET} | ${runs.filter((run) => run.reached !== undefined).length} of ${SEEDS} |`,
  "",
  `share of the top set after 25 / 50 / 75 / 100: ${[25, 50, 75, 100].map((n) => `${(100 * mean(n)).toFixed(0)} %`).join(" / ")}`,
  "",
  `goal: at least ${GOAL} times fewer than random. Measured: ${factor.toFixed(2)} times. ${factor >= GOAL ? "met" : "MISSED"}`,
];
console.log(lines.join("\n"));
mkdirSync(`${root}bench/replay`, { recursive: true });
writeFileSync(`${root}bench/replay/results.md`, `${lines.join("\n")}\n`);
process.exitCode = factor >= GOAL ? 0 : 1;
