/**
 * How many more experiments a lab does when several of them share it: examples/colour-carousel with its four vials, against
 * one experiment at a time on the same bench. Both go on all night whatever they find.
 *
 * Usage: npm run bench:throughput [-- --short]
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Night } from "../../src/lab/rehearse/night.ts";
import { playNight } from "../../src/lab/rehearse/night-task.ts";

const SHORT = process.argv.includes("--short");
const GOAL = 1.8;
const SEEDS = SHORT ? [1] : [1, 2, 3];
const EXPERIMENTS = SHORT ? 16 : 40;

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "labloop-throughput-"));
const example = join(root, "examples/colour-carousel");

/** The example with so many experiments at once, without an end before its budget. */
function written(atOnce: number): string {
  const text = readFileSync(join(example, "campaign.yaml"), "utf8");
  const changed = text
    .replace(/^at_once: 4.*$/m, `at_once: ${atOnce}`)
    .replace("goal: { minimise: distance, enough: 0.05 AU }", "goal: { minimise: distance }")
    .replace("experiments: 40", `experiments: ${EXPERIMENTS}`);
  if (!changed.includes(`at_once: ${atOnce}`) || changed.includes("enough"))
    throw new Error("the example has changed: nothing of it could be replaced");
  const file = join(folder, `campaign-${atOnce}.yaml`);
  writeFileSync(file, changed);
  return file;
}

writeFileSync(join(folder, "lab.yaml"), readFileSync(join(example, "lab.yaml"), "utf8"));
const hours = ({ from, to }: Night): number => (to - from) / 3_600_000;

async function perHour(atOnce: number): Promise<number> {
  const file = written(atOnce);
  let [experiments, time] = [0, 0];
  for (const seed of SEEDS) {
    const night = await playNight({ file, seed, rehearsal: {} });
    if (night.troubles.length > 0) throw new Error(night.troubles.map(({ what }) => what).join("; "));
    experiments += night.measured;
    time += hours(night);
  }
  return experiments / time;
}

const one = await perHour(1);
const rows: string[] = [];
let best = 0;
for (const atOnce of [1, 2, 3, 4]) {
  const rate = atOnce === 1 ? one : await perHour(atOnce);
  best = Math.max(best, rate / one);
  rows.push(`| ${atOnce} | ${rate.toFixed(1)} | ${(rate / one).toFixed(2)} |`);
}
rmSync(folder, { recursive: true });
const lines = [
  "# Experiments an hour on examples/colour-carousel",
  "",
  `${SEEDS.length} seeds, ${EXPERIMENTS} experiments each, real drivers at the lines' real speed, virtual time`,
  "",
  "| at once | experiments an hour | against one at a time |",
  "|---|---|---|",
  ...rows,
  "",
  `${best.toFixed(2)} times as many (goal ${GOAL}): ${best >= GOAL ? "met" : "MISSED"}`,
  "",
];
process.stdout.write(lines.join("\n"));
if (!SHORT) writeFileSync(join(root, "bench/sharing/throughput.md"), lines.join("\n"));
if (best < GOAL) process.exitCode = 1;
