/**
 * Time of one suggestion with its fit, in six dimensions, after 20 … 400 results, in one thread: ours, and the peers
 * that LABLOOP_BENCH_PYTHON has in the same run. Then what 1,000 suggestions leave on the heap.
 *
 * Usage: npm run bench:suggest [-- --repetitions 5 --sizes 20,50,100,200,400]; with the usual sizes it rewrites
 * bench/decisions/speed.md.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Point } from "../peers/optimiser.ts";
import { openPeers, PEERS } from "../peers/python-peers.ts";
import { HEAP_SUGGESTIONS, heapGrowth } from "./heap-growth.ts";
import { runLine, tableHead, tableRow } from "./report.ts";
import { TIMED, timeCandidates, timeLabloop, timePeer } from "./suggestion-times.ts";

/** The goal for a suggestion among 100,000 candidates after 100 results, in seconds. */
const CANDIDATE_GOAL = 0.6;

/** Labloop's time is to be at most this share of a peer's. */
const GOALS: Readonly<Record<string, number>> = { optuna: 0.5, botorch: 0.1 };

const { values: given } = parseArgs({
  options: { repetitions: { type: "string", default: "5" }, sizes: { type: "string" } },
});
const repetitions = Number(given.repetitions);
const sizes = (given.sizes ?? "20,50,100,200,400").split(",").map(Number);

const { process: python, peers } = await openPeers(PEERS);
const present = peers.filter(({ kind }) => kind === "present").map(({ name }) => name);

const lines = [
  "# Time of one suggestion",
  "",
  runLine(peers, `medians of ${repetitions}`),
  "",
  "Seconds, one thread: observing one more result and suggesting, the fit included; BoTorch with qLogNEI. In brackets labloop's share of the peer's time, and whether it meets the goal. Restored: from its JSON text to the first suggestion.",
  "",
  ...tableHead(["results", "labloop", "labloop, restored", ...present]),
];
// What runs first would be timed while it is still compiled.
timeLabloop(30, 20);
for (const count of sizes) {
  const ours = timeLabloop(count, repetitions);
  const cells: string[] = [];
  for (const name of present) cells.push(await peerCell(name, count, ours.steady));
  const row = tableRow([String(count), seconds(ours.steady), seconds(ours.restored ?? Number.NaN), ...cells]);
  console.error(row);
  lines.push(row);
}
python?.end();
lines.push("", candidateLine(), "", heapLine());
console.log(lines.join("\n"));
if (given.sizes === undefined)
  writeFileSync(
    fileURLToPath(new URL("../../../bench/decisions/speed.md", import.meta.url)),
    `${lines.join("\n")}\n`,
  );

async function peerCell(name: string, count: number, ours: number): Promise<string> {
  if (python === undefined) return "–";
  const optimiser = await python.begin<Point>({
    peer: name,
    seed: 1,
    acquisition: "lognei",
    space: { columns: TIMED.columns },
  });
  const { steady } = await timePeer(optimiser, count, repetitions);
  const share = ours / steady;
  const goal = GOALS[name] as number;
  return `${seconds(steady)} (${share.toPrecision(2)}, goal ${goal}: ${share <= goal ? "met" : "**missed**"})`;
}

function candidateLine(): string {
  const { first, steady } = timeCandidates(100_000, 100, repetitions);
  return `100,000 candidates after 100 results: ${seconds(steady)} s, ${seconds(first)} s where they are encoded for the first time (goal ${CANDIDATE_GOAL}: ${first <= CANDIDATE_GOAL ? "met" : "**missed**"}).`;
}

function heapLine(): string {
  const { gc } = globalThis;
  if (gc === undefined) return "Heap: not measured, node runs without --expose-gc.";
  return `Heap after ${HEAP_SUGGESTIONS.toLocaleString("en")} suggestions: ${heapGrowth(() => gc()).toFixed(2)} MB more.`;
}

function seconds(time: number): string {
  return time.toPrecision(2);
}
