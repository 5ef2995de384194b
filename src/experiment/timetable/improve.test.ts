import { describe, expect, it } from "vitest";
import { randomStream } from "../../base/random.ts";
import { improve } from "./improve.ts";
import type { Activity, TimetableTask } from "./task.ts";

/**
 * A job shop whose least end is known, since every machine is busy all the time in one timetable: each machine's time is cut
 * into as many pieces as there are jobs, and the job that is at a machine goes on to the next one when it has ended there.
 */
function jobShop(seed: number, jobs: number): { task: TimetableTask; optimum: number } {
  const random = randomStream(seed, 0, "job shop");
  const length = 100;
  // All machines are cut at the same times, so that in round r job j is at machine (j + r) mod jobs.
  const cuts = Array.from({ length: jobs - 1 }, () => 1 + random.integer(length - 1)).sort((a, b) => a - b);
  const edges = [0, ...cuts, length];
  const activities: Activity[] = [];
  for (let job = 0; job < jobs; job++)
    for (let round = 0; round < jobs; round++)
      activities.push({
        job,
        duration: (edges[round + 1] as number) - (edges[round] as number),
        uses: [(job + round) % jobs],
        after: round === 0 ? [] : [activities.length - 1],
      });
  const capacities = Array.from({ length: jobs }, () => 1);
  return { task: { activities, capacities, holdings: [], now: 0 }, optimum: length };
}

describe("the search for a timetable", () => {
  it("comes within 5 % of the least end of job shops on the average", () => {
    const gaps = [1, 2, 3, 4, 5, 6].map((seed) => {
      const { task, optimum } = jobShop(seed, 6);
      const byJob = task.activities.map((_, i) => i);
      const { timetable } = improve(task, {
        random: randomStream(seed, 0, "search"),
        tries: 3000,
        from: [byJob],
      });
      return timetable.end / optimum - 1;
    });
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
    expect(gaps.reduce((sum, each) => sum + each, 0) / gaps.length).toBeLessThan(0.05);
  });

  it("is never worse than the order that it begins with, and the same for the same random numbers", () => {
    const { task } = jobShop(7, 5);
    const byJob = task.activities.map((_, i) => i);
    const search = (tries: number) =>
      improve(task, { random: randomStream(1, 0, "search"), tries, from: [byJob] }).timetable;
    expect(search(200).cost).toBeLessThanOrEqual(search(0).cost);
    expect(search(200)).toEqual(search(200));
  });

  it("moves nothing that is under way", () => {
    const activities: Activity[] = [
      { job: 0, duration: 50, uses: [0], after: [], begun: 0 },
      { job: 1, duration: 1, uses: [0], after: [] },
      { job: 1, duration: 80, uses: [1], after: [1] },
    ];
    const task = { activities, capacities: [1, 1], holdings: [], now: 10 };
    const { timetable } = improve(task, {
      random: randomStream(1, 0, "search"),
      tries: 100,
      from: [[0, 1, 2]],
    });
    expect(timetable.starts).toEqual([0, 50, 51]);
  });
});
