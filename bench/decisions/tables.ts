/**
 * Decisions on real tables: every set below a folder, one experiment at a time, from two rows drawn by the seed (or
 * published with the set). The figure is the area under Top%: the share of the best 5 % of the rows that has been found,
 * averaged over the experiments up to the budget. Random order is known in closed form.
 *
 * Usage: npm run bench:tables -- FOLDER [--seeds 50] [--only set,…]; without `--only` it rewrites
 * bench/decisions/results.md.
 */
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type DataSet, dataSets } from "./data-sets.ts";

/** Experiments of a campaign, as a share of the rows and at most. */
const BUDGET = { share: 0.5, most: 75 } as const;
/** The top set, as PV-Lab takes it. */
const TOP = 0.05;

const root = fileURLToPath(new URL("../../..", import.meta.url));
const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: "string", default: "50" }, only: { type: "string" } },
});
const folder = positionals[0] ?? process.env["LABLOOP_DATA"] ?? `${root}../shared/data/benchmarks`;
const seeds = Number(given.seeds);
const only = given.only?.split(",");
const sets = dataSets(folder).filter(({ name }) => only === undefined || only.includes(name));
if (sets.length === 0) {
  console.error(`there are no tables below "${folder}"; give the folder that holds pvlab, olympus and edbo`);
  process.exit(2);
}

interface Figures {
  readonly areas: readonly number[];
  readonly regrets: readonly number[];
  readonly seconds: number;
}

/** Size of the budget for a set. */
function budgetOf({ scores }: DataSet): number {
  return Math.min(BUDGET.most, Math.round(scores.length * BUDGET.share));
}

/** Rows that count as the best, given as a least score. */
function topOf(scores: readonly number[]): { size: number; least: number } {
  const size = Math.max(1, Math.ceil(scores.length * TOP));
  return { size, least: [...scores].sort((a, b) => b - a)[size - 1] as number };
}

async function play(set: DataSet, seed: number): Promise<{ area: number; regret: number; seconds: number }> {
  const budget = budgetOf(set);
  const start = set.starts[seed] ?? drawn(set.scores.length, seed);
  const began = performance.now();
  const rows = await replay(set, { budget, seed, start });
  const seconds = (performance.now() - began) / 1000;
  const { size, least } = topOf(set.scores);
  let found = 0;
  let area = 0;
  let best = -Infinity;
  for (const row of rows) {
    const score = set.scores[row] as number;
    if (score >= least && found < size) found += 1;
    best = Math.max(best, score);
    area += found / size / budget;
  }
  const range = Math.max(...set.scores) - Math.min(...set.scores);
  return { area, regret: (Math.max(...set.scores) - best) / range, seconds };
}

interface Campaign {
  readonly budget: number;
  readonly seed: number;
  readonly start: readonly number[];
}

function replay(set: DataSet, { budget, seed, start }: Campaign): Promise<number[]> {
  const args = ["--budget", String(budget), "--seed", String(seed), "--start", start.join(",")];
  const child = spawn(
    process.execPath,
    [`${root}dist/src/operator/cli/main.js`, "replay", set.file, ...set.roles, ...args, "--json", "--quiet"],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  return new Promise((resolve, reject) => {
    child.on("close", (status) => {
      if (status !== 0) return reject(new Error(`labloop replay of ${set.name} ended with ${status}`));
      const events = text
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { event: string; row?: number });
      resolve(events.flatMap(({ event, row }) => (event === "measurement.recorded" ? [row as number] : [])));
    });
  });
}

/** Two different rows for a seed, the same on every machine (a step of a linear congruential generator each). */
function drawn(rows: number, seed: number): [number, number] {
  const next = (x: number): number => (Math.imul(x, 1664525) + 1013904223) >>> 0;
  const first = next(next(seed + 1));
  const a = first % rows;
  return [a, (a + 1 + (next(first) % (rows - 1))) % rows];
}

async function figures(set: DataSet): Promise<Figures> {
  const results: { area: number; regret: number; seconds: number }[] = [];
  const left = Array.from({ length: seeds }, (_, seed) => seed);
  const work = async (): Promise<void> => {
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      results[seed] = await play(set, seed);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return {
    areas: results.map(({ area }) => area),
    regrets: results.map(({ regret }) => regret),
    seconds: mean(results.map(({ seconds }) => seconds)),
  };
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}

const lines = [
  "# Decisions on real tables",
  "",
  `${new Date().toISOString().slice(0, 10)}, Node ${process.version}, ${cpus()[0]?.model ?? "unknown processor"}, ${seeds} seeds; area under Top% and its standard error; regret as a share of the range`,
  "",
  "| set | rows | experiments | random order | labloop | final regret | s a campaign |",
  "|---|---|---|---|---|---|---|",
];
const ratios: number[] = [];
for (const set of sets) {
  const { areas, regrets, seconds } = await figures(set);
  const budget = budgetOf(set);
  // In random order a share of i/n of the top set is found after i of n rows, on the average.
  const random = (budget + 1) / 2 / set.scores.length;
  const area = mean(areas);
  const error = Math.sqrt(mean(areas.map((each) => (each - area) ** 2)) / Math.max(1, areas.length - 1));
  ratios.push(area / random);
  const row = `| ${set.name} | ${set.scores.length} | ${budget} | ${random.toFixed(3)} | ${area.toFixed(3)} ± ${error.toFixed(3)} | ${mean(regrets).toFixed(4)} | ${seconds.toFixed(2)} |`;
  console.error(row);
  lines.push(row);
}
lines.push("", `geometric mean of labloop / random: ${Math.exp(mean(ratios.map(Math.log))).toFixed(2)}`);
console.log(lines.join("\n"));
if (only === undefined) writeFileSync(`${root}bench/decisions/results.md`, `${lines.join("\n")}\n`);
