/**
 * Fourteen days of lab time in one process: campaigns one after the other with faults at random. Does anything grow, is
 * anything left behind, and does every campaign conclude?
 *
 * Usage: npm run bench:soak [-- --short]
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { playNight } from "../../src/lab/rehearse/night-task.ts";

const SHORT = process.argv.includes("--short");
const CAMPAIGNS = SHORT ? 3 : 20;
const DAYS = SHORT ? 0.2 : 14;
const HOUR = 3_600_000;
/** Faults of one instrument in an hour. */
const RATE = 0.1;
/** MB that the heap may gain from the fifth campaign to the last. */
const MOST_GROWTH = 8;

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "labloop-soak-"));

/** The example with an hour between its steps: 17 hours for each campaign, whatever fails in it. */
function campaign(): string {
  const example = join(root, "examples/colour-match");
  const text = readFileSync(join(example, "campaign.yaml"), "utf8");
  const changed = text
    .replace("goal: { minimise: distance, enough: 0.05 AU }", "goal: { minimise: distance }")
    .replace("- wait: 5 min", "- wait: 50 min")
    .replace(
      /experiments: 40\n  time: 12 h/,
      "experiments: 21\nfailures: { in_a_row: 20, in_doubt: discard }",
    );
  if (!changed.includes("in_a_row"))
    throw new Error("the example has changed: nothing of it could be replaced");
  const file = join(folder, "campaign.yaml");
  writeFileSync(file, changed);
  const lab = readFileSync(join(example, "lab.yaml"), "utf8");
  writeFileSync(
    join(folder, "lab.yaml"),
    lab.replaceAll(/port: (cyan|magenta|yellow) \}/g, "port: $1, supply: endless }"),
  );
  return file;
}

function heap(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
}

/** What keeps the process alive: timers, sockets, threads. */
function handles(): number {
  return process.getActiveResourcesInfo().filter((each) => each !== "TTYWrap" && each !== "PipeWrap").length;
}

const file = campaign();
const heaps: number[] = [];
const rows: string[] = [];
let [lab, failed] = [0, 0];
const before = handles();
const began = performance.now();
for (let k = 1; k <= CAMPAIGNS; k++) {
  const night = await playNight({ file, seed: k, rehearsal: {}, chaos: { rate: RATE, hours: 24 } });
  lab += night.to - night.from;
  failed += night.experiments - night.measured;
  heaps.push(heap());
  rows.push(
    `| ${k} | ${night.reason} | ${night.experiments} | ${night.experiments - night.measured} | ${((night.to - night.from) / HOUR).toFixed(1)} | ${(heaps.at(-1) as number).toFixed(1)} |`,
  );
}
const seconds = (performance.now() - began) / 1000;
const left = handles() - before;
rmSync(folder, { recursive: true });
const settled = heaps[Math.min(4, heaps.length - 1)] as number;
const growth = (heaps.at(-1) as number) - settled;
const days = lab / (24 * HOUR);
const met = growth < MOST_GROWTH && left <= 0 && days >= DAYS;
const lines = [
  "# Two weeks of campaigns in one process, virtual time, with faults at random",
  "",
  `| campaign | concluded | experiments | without a result | lab time, h | heap, MB |`,
  "|---|---|---|---|---|---|",
  ...rows,
  "",
  `${days.toFixed(1)} days of lab time in ${seconds.toFixed(0)} s; ${failed} experiments without a result; the heap gained ${growth.toFixed(1)} MB from the fifth campaign on (goal < ${MOST_GROWTH}); ${left} timers, sockets or threads left (goal 0): ${met ? "met" : "MISSED"}`,
  "",
];
process.stdout.write(lines.join("\n"));
if (!SHORT) writeFileSync(join(root, "bench/rehearse/soak.md"), lines.join("\n"));
if (!met) process.exitCode = 1;
