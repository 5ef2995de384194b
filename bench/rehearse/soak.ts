/**
 * Fourteen days of lab time in one process: campaigns one after the other with faults at random, each played without a
 * break and then broken off now and then and resumed. Does anything grow, is anything left behind, does every campaign
 * conclude, and does a restart change anything?
 *
 * Usage: npm run bench:soak [-- --short]
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { randomStream } from "../../src/base/random.ts";
import { handles, heap } from "./leaks.ts";
import { type Outcome, playBrokenOff } from "./restarts.ts";
import { soakCampaign } from "./soak-campaign.ts";

const SHORT = process.argv.includes("--short");
const CAMPAIGNS = SHORT ? 3 : 20;
const DAYS = SHORT ? 0.2 : 14;
const HOUR = 3_600_000;
/** MB that the heap may gain from the fifth campaign to the last. */
const MOST_GROWTH = 8;
/** Restarts of one campaign, at most. */
const MOST_RESTARTS = 3;

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "labloop-soak-"));

/** Entries after which a campaign is broken off: one to three of them, anywhere but before the first. */
function breaksOf(seed: number, entries: number): number[] {
  const random = randomStream(seed, 0, "restarts");
  const count = 1 + random.integer(MOST_RESTARTS);
  const places = Array.from({ length: count }, () => 1 + random.integer(entries - 1));
  return [...new Set(places)].sort((a, b) => a - b);
}

const heaps: number[] = [];
const rows: string[] = [];
let [lab, failed, restarts, different] = [0, 0, 0, 0];
const before = handles();
const began = performance.now();
for (let seed = 1; seed <= CAMPAIGNS; seed++) {
  const file = await soakCampaign({
    example: join(root, "examples/colour-match"),
    folder: join(folder, String(seed)),
    seed,
    experiments: 21,
    // 17 hours for each campaign, whatever fails in it.
    minutes: 50,
    rate: 0.1,
    hours: 24,
  });
  const unbroken = await playBrokenOff({ file, seed }, []);
  const breaks = breaksOf(seed, unbroken.entries);
  const broken: Outcome = await playBrokenOff({ file, seed }, breaks);
  const same = broken.head === unbroken.head && broken.entries === unbroken.entries;
  lab += broken.to - broken.from;
  failed += broken.experiments - broken.measured;
  restarts += breaks.length;
  if (!same) different += 1;
  heaps.push(heap());
  rows.push(
    `| ${seed} | ${broken.reason} | ${broken.experiments} | ${broken.experiments - broken.measured} | ${((broken.to - broken.from) / HOUR).toFixed(1)} | ${breaks.join(", ")} of ${broken.entries} | ${same ? "the same" : "DIFFERENT"} | ${(heaps.at(-1) as number).toFixed(1)} |`,
  );
}
const seconds = (performance.now() - began) / 1000;
const left = handles() - before;
rmSync(folder, { recursive: true });
const settled = heaps[Math.min(4, heaps.length - 1)] as number;
const growth = (heaps.at(-1) as number) - settled;
const days = lab / (24 * HOUR);
const met = growth < MOST_GROWTH && left <= 0 && days >= DAYS && different === 0;
const lines = [
  "# Two weeks of campaigns in one process, virtual time, with faults at random and restarts",
  "",
  "Each campaign is played without a break first, then broken off after the entries named and resumed each time; compared are",
  "both journals, by the hash of their last entry.",
  "",
  "| campaign | concluded | experiments | without a result | lab time, h | broken off after | journal | heap, MB |",
  "|---|---|---|---|---|---|---|---|",
  ...rows,
  "",
  `${days.toFixed(1)} days of lab time, twice, in ${seconds.toFixed(0)} s; ${restarts} restarts, after which ${different} journals differ (goal 0); ${failed} experiments without a result; the heap gained ${growth.toFixed(1)} MB from the fifth campaign on (goal < ${MOST_GROWTH}); ${left} timers, sockets or threads left (goal 0): ${met ? "met" : "MISSED"}`,
  "",
];
process.stdout.write(lines.join("\n"));
if (!SHORT) writeFileSync(join(root, "bench/rehearse/soak.md"), lines.join("\n"));
if (!met) process.exitCode = 1;
