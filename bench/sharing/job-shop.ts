/**
 * How near the planner's timetables come to the least possible end of published job shops.
 *
 * Usage: npm run bench:job-shop -- <folder>
 *
 * The folder has instances as text, such as ft06.txt: after lines with "#", the numbers of jobs and machines, then a job a
 * line as pairs of machine and duration.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { randomStream } from "../../src/base/random.ts";
import { improve } from "../../src/experiment/timetable/improve.ts";
import type { Activity, TimetableTask } from "../../src/experiment/timetable/task.ts";

/** Least ends of Fisher and Thompson (1963) and Lawrence (1984), by instance. */
const OPTIMA: Readonly<Record<string, number>> = {
  ft06: 55,
  ft10: 930,
  la01: 666,
  la02: 655,
  la03: 597,
  la04: 590,
  la05: 593,
  la06: 926,
  la07: 890,
  la08: 863,
  la09: 951,
  la10: 958,
};

const GOALS = { gap: 0.05, seconds: 2 };

/** Timetables that a search lays out; it is a number and no time, so that the same plan comes of it everywhere. */
const TRIES = 15_000;

function readInstance(text: string): TimetableTask {
  const rows = text
    .split("\n")
    .filter((line) => /^\s*\d/.test(line))
    .map((line) => line.trim().split(/\s+/).map(Number));
  const [[jobs = 0, machines = 0] = [], ...lines] = rows;
  const activities: Activity[] = [];
  for (const [job, line] of lines.slice(0, jobs).entries())
    for (let i = 0; i < line.length; i += 2)
      activities.push({
        job,
        duration: line[i + 1] as number,
        uses: [line[i] as number],
        after: i === 0 ? [] : [activities.length - 1],
      });
  return { activities, capacities: Array.from({ length: machines }, () => 1), holdings: [], now: 0 };
}

function solve(task: TimetableTask): { readonly end: number; readonly seconds: number } {
  const began = performance.now();
  const { timetable } = improve(task, {
    random: randomStream(1, 0, "job shop"),
    tries: TRIES,
    from: [task.activities.map(({ job }) => job)],
  });
  return { end: timetable.end, seconds: (performance.now() - began) / 1000 };
}

const folder = process.argv[2];
if (folder === undefined) {
  process.stderr.write("name the folder with the instances: npm run bench:job-shop -- <folder>\n");
  process.exit(2);
}
const results = Object.entries(OPTIMA).map(([name, optimum]) => {
  const { end, seconds } = solve(readInstance(readFileSync(join(resolve(folder), `${name}.txt`), "utf8")));
  return { name, optimum, end, seconds, gap: end / optimum - 1 };
});
const mean = results.reduce((sum, { gap }) => sum + gap, 0) / results.length;
const slowest = Math.max(...results.map(({ seconds }) => seconds));
const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const isMet = mean < GOALS.gap && slowest < GOALS.seconds;
const lines = [
  "# Timetables of published job shops",
  "",
  `${availableParallelism()} processors, Node ${process.versions.node}, one thread, ${TRIES} timetables each`,
  "",
  "| instance | optimum | found | above it | took |",
  "|---|---|---|---|---|",
  ...results.map(
    ({ name, optimum, end, gap, seconds }) =>
      `| ${name} | ${optimum} | ${end} | ${percent(gap)} | ${seconds.toFixed(2)} s |`,
  ),
  "",
  `On the average ${percent(mean)} above the optimum (goal < ${percent(GOALS.gap)}), the slowest in ${slowest.toFixed(2)} s (goal < ${GOALS.seconds} s): ${isMet ? "met" : "MISSED"}`,
  "",
];
process.stdout.write(lines.join("\n"));
writeFileSync(
  join(fileURLToPath(new URL("../../..", import.meta.url)), "bench/sharing/job-shop.md"),
  lines.join("\n"),
);
if (!isMet) process.exitCode = 1;
