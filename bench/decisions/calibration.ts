/**
 * How often 90 % intervals hold what is measured: on each table some rows are told to a strategy and the others are
 * forecast, noise included. The goal is 85 … 95 % on the average of the sets.
 *
 * Usage: npm run bench:calibration -- FOLDER [--seeds 5]; without a folder, ../shared/data/benchmarks.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createStrategy, type Setting } from "labloop";
import type { DataSet } from "./data-set.ts";
import { dataSets } from "./data-sets.ts";
import { randomNumbers } from "./random-numbers.ts";
import { runLine } from "./report.ts";

/** Rows that are told: as many as a campaign has, and at most half of the table. */
const TOLD = { most: 60, share: 0.5 } as const;
/** Rows that are forecast. */
const FORECAST = 200;

const root = fileURLToPath(new URL("../../..", import.meta.url));
const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: "string", default: "5" } },
});
const folder = positionals[0] ?? process.env["LABLOOP_DATA"] ?? `${root}../shared/data/benchmarks`;
const seeds = Number(given.seeds);

/** Share of held-back rows within their 90 % intervals. */
function coverage(set: DataSet, seed: number): number {
  const { uniform } = randomNumbers(seed);
  const { candidates = [], ...question } = set.question;
  const rows = candidates
    .map((_, row) => ({ row, key: uniform() }))
    .sort((a, b) => a.key - b.key)
    .map(({ row }) => row);
  const told = Math.min(TOLD.most, Math.floor(rows.length * TOLD.share));
  const strategy = createStrategy({ ...question, candidates, seed });
  const [name = ""] = set.objectives;
  const valueOf = (row: number): number => set.outcomes[row]?.[0] as number;
  for (const row of rows.slice(0, told))
    strategy.observe({
      setting: candidates[row] as Setting,
      outcome: Object.fromEntries(set.objectives.map((each, i) => [each, set.outcomes[row]?.[i] as number])),
    });
  const held = rows.slice(told, told + FORECAST);
  const forecasts = strategy.predict(held.map((row) => candidates[row] as Setting));
  const inside = held.filter((row, i) => {
    const forecast = forecasts[i]?.[name];
    return forecast !== undefined && valueOf(row) >= forecast.lower && valueOf(row) <= forecast.upper;
  });
  return inside.length / held.length;
}

const sets = dataSets(folder);
if (sets.length === 0) {
  console.error(`there are no tables below "${folder}"; give the folder that holds pvlab, olympus and edbo`);
  process.exit(2);
}
const lines = [
  "# Calibration on real tables",
  "",
  runLine([], `${seeds} seeds; share of held-back rows within 90 % intervals`),
  "",
  "| set | rows | covered |",
  "|---|---|---|",
];
const shares = sets.map((set) => {
  const each = Array.from({ length: seeds }, (_, seed) => coverage(set, seed));
  const share = each.reduce((sum, one) => sum + one, 0) / seeds;
  lines.push(`| ${set.name} | ${set.outcomes.length} | ${(100 * share).toFixed(1)} % |`);
  return share;
});
const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
const met = mean >= 0.85 && mean <= 0.95;
lines.push("", `mean of the sets: ${(100 * mean).toFixed(1)} %; goal 85 … 95 %: ${met ? "met" : "missed"}`);
console.log(lines.join("\n"));
writeFileSync(`${root}bench/decisions/calibration.md`, `${lines.join("\n")}\n`);
process.exitCode = met ? 0 : 1;
