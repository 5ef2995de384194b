/**
 * The example campaign with 20 seeds: in how many experiments is the colour matched, and how long does it take?
 *
 * Usage: npm run bench:colour-match
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SEEDS = 20;
const GOALS = { matched: 19, experiments: 40, seconds: 10 };

interface Run {
  readonly seed: number;
  readonly reason: string;
  readonly experiments: number;
  readonly seconds: number;
  readonly labMinutes: number;
}

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "labloop-bench-"));

function play(seed: number): Run {
  const began = performance.now();
  const { stdout } = spawnSync(
    process.execPath,
    [
      `${root}dist/src/operator/cli/main.js`,
      "run",
      `${root}examples/colour-match/campaign.yaml`,
      "--simulate",
      "--json",
      "--quiet",
      "--seed",
      String(seed),
      "--db",
      join(folder, "labloop.db"),
    ],
    { encoding: "utf8", maxBuffer: 2 ** 28 },
  );
  const seconds = (performance.now() - began) / 1000;
  const events = stdout
    .trim()
    .split("\n")
    .map(
      (line) => JSON.parse(line) as { event: string; time: string; reason?: string; experiments?: number },
    );
  const last = events.at(-1);
  return {
    seed,
    reason: last?.reason ?? "did not conclude",
    experiments: last?.experiments ?? 0,
    seconds,
    labMinutes: (Date.parse(last?.time ?? "") - Date.parse(events[0]?.time ?? "")) / 60_000,
  };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] as number) + (sorted[Math.floor(middle)] as number)) / 2;
}

const runs = Array.from({ length: SEEDS }, (_, k) => play(k + 1));
rmSync(folder, { recursive: true });
const matched = runs.filter(
  ({ reason, experiments }) => reason === "goal reached" && experiments <= GOALS.experiments,
);
const seconds = median(runs.map((run) => run.seconds));
const met = matched.length >= GOALS.matched && seconds < GOALS.seconds;
const lines = [
  "# examples/colour-match, 20 seeds, simulated lab in virtual time",
  "",
  "| seed | concluded | experiments | lab time, min | wall time, s |",
  "|---|---|---|---|---|",
  ...runs.map(
    (run) =>
      `| ${run.seed} | ${run.reason} | ${run.experiments} | ${run.labMinutes.toFixed(0)} | ${run.seconds.toFixed(2)} |`,
  ),
  "",
  `matched within ${GOALS.experiments} experiments: ${matched.length} of ${SEEDS} (goal: ${GOALS.matched})`,
  `median: ${median(runs.map((run) => run.experiments))} experiments, ${(median(runs.map((run) => run.labMinutes)) / 60).toFixed(1)} h of lab time in ${seconds.toFixed(2)} s of wall time (goal: under ${GOALS.seconds} s)`,
  met ? "met" : "MISSED",
];
console.log(lines.join("\n"));
mkdirSync(`${root}bench/colour-match`, { recursive: true });
writeFileSync(`${root}bench/colour-match/results.md`, `${lines.join("\n")}\n`);
process.exitCode = met ? 0 : 1;
