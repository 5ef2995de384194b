import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { layOut } from "./lay-out.ts";
import type { Activity, TimetableTask } from "./task.ts";

function task(activities: readonly Activity[], changes: Partial<TimetableTask> = {}): TimetableTask {
  return { activities, capacities: [1, 1], holdings: [], now: 0, ...changes };
}

function activity(
  job: number,
  duration: number,
  uses: readonly number[],
  after: readonly number[] = [],
): Activity {
  return { job, duration, uses, after };
}

const inOrder = (activities: readonly Activity[]): number[] => activities.map((_, i) => i);

describe("activities that are laid out", () => {
  it("follow each other on a resource, and go on side by side on different ones", () => {
    const all = [
      activity(0, 3, [0]),
      activity(0, 2, [1], [0]),
      activity(1, 4, [0]),
      activity(1, 1, [1], [2]),
    ];
    const { starts, end } = layOut(task(all), inOrder(all));
    expect(starts).toEqual([0, 3, 3, 7]);
    expect(end).toBe(8);
  });

  it("are placed into gaps that are long enough", () => {
    const all = [activity(0, 5, [0]), activity(0, 5, [1], [0]), activity(1, 5, [1]), activity(2, 6, [1])];
    expect(layOut(task(all), inOrder(all)).starts).toEqual([0, 5, 0, 10]);
  });

  it("use as many of a resource as there are", () => {
    const all = [activity(0, 4, [0]), activity(1, 4, [0]), activity(2, 4, [0])];
    expect(layOut(task(all, { capacities: [2] }), inOrder(all)).starts).toEqual([0, 0, 4]);
  });

  it("begin no earlier than now, and behind what is under way", () => {
    const all: Activity[] = [
      { ...activity(0, 10, [0]), begun: 95 },
      activity(1, 2, [0]),
      activity(2, 2, [1]),
    ];
    expect(layOut(task(all, { now: 100 }), inOrder(all)).starts).toEqual([95, 105, 100]);
  });

  it("are moved to a later time so that what follows doesn't come too late after them", () => {
    // The second job's sample would wait for the sensor while the first is measured.
    const sample = (job: number, first: number): Activity[] => [
      activity(job, 1, [0]),
      { ...activity(job, 10, [1], [first]), noLater: { than: first, by: 2 } },
    ];
    const all = [...sample(0, 0), ...sample(1, 2)];
    const { starts, tooLate } = layOut(task(all), inOrder(all));
    expect(starts).toEqual([0, 1, 8, 11]);
    expect(tooLate).toBe(0);
  });

  it("are left where they are when what follows is too late whatever is done", () => {
    const all: Activity[] = [
      activity(0, 1, [0]),
      activity(0, 60, [], [0]),
      { ...activity(0, 5, [1], [1]), noLater: { than: 0, by: 10 } },
    ];
    const { starts, tooLate } = layOut(task(all), inOrder(all));
    expect(starts).toEqual([0, 1, 61]);
    expect(tooLate).toBe(50);
  });

  it("are moved with all that is held around them", () => {
    // What is mixed in the vessel has to be measured within 2; the sensor is taken until 30.
    const all: Activity[] = [
      { ...activity(0, 30, [1]), begun: 0 },
      { ...activity(1, 0, []), takes: [0], mayNeed: [] },
      activity(1, 5, [], [1]),
      { ...activity(1, 0, [], [2]), gives: [0] },
      { ...activity(1, 5, [1], [3]), noLater: { than: 2, by: 2 } },
      activity(2, 10, [0]),
    ];
    const { starts } = layOut(task(all), inOrder(all));
    expect(starts).toEqual([0, 23, 23, 28, 30, 0]);
  });

  it("fit a hold into a gap that is long enough for all of it", () => {
    const all: Activity[] = [
      { ...activity(0, 10, [0]), earliest: 20 },
      { ...activity(1, 0, []), takes: [0], mayNeed: [1] },
      activity(1, 5, [1], [1]),
      { ...activity(1, 0, [], [2]), gives: [0] },
      { ...activity(2, 0, []), takes: [0], mayNeed: [1] },
      activity(2, 25, [1], [4]),
      { ...activity(2, 0, [], [5]), gives: [0] },
    ];
    const { starts } = layOut(task(all), inOrder(all));
    expect(starts).toEqual([20, 0, 0, 5, 30, 30, 55]);
  });

  it("say by how much they come too late where nothing can be moved any more", () => {
    const all: Activity[] = [
      { ...activity(0, 9, [0]), begun: 0 },
      { ...activity(1, 1, [0]), latest: 5 },
    ];
    expect(layOut(task(all), inOrder(all)).tooLate).toBe(4);
  });

  it("hold what they take until it is given back", () => {
    const hold = (job: number, first: number): Activity[] => [
      { ...activity(job, 0, []), takes: [0], mayNeed: [1] },
      activity(job, 5, [1], [first]),
      { ...activity(job, 0, [], [first + 1]), gives: [0] },
    ];
    const all = [...hold(0, 0), ...hold(1, 3)];
    expect(layOut(task(all), inOrder(all)).starts).toEqual([0, 0, 5, 5, 5, 10]);
  });

  it("take nothing that would lock two jobs out of each other's resources", () => {
    const both = (job: number, first: number, [outer, inner]: readonly [number, number]): Activity[] => [
      { ...activity(job, 0, []), takes: [outer], mayNeed: [inner] },
      activity(job, 5, [], [first]),
      { ...activity(job, 0, [], [first + 1]), takes: [inner], mayNeed: [] },
      activity(job, 5, [], [first + 2]),
      { ...activity(job, 0, [], [first + 3]), gives: [outer, inner] },
    ];
    const all = [...both(0, 0, [0, 1]), ...both(1, 5, [1, 0])];
    // By their ranks each would take its first resource before the other takes its second.
    const ranks = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
    expect(layOut(task(all), ranks).end).toBe(20);
  });

  it("know what is held already", () => {
    const all: Activity[] = [
      activity(0, 5, []),
      { ...activity(0, 0, [], [0]), gives: [0] },
      activity(1, 1, [0]),
    ];
    const holdings = [{ job: 0, resource: 0 }];
    expect(layOut(task(all, { holdings }), inOrder(all)).starts).toEqual([0, 5, 5]);
  });
});

const jobs = fc.array(
  fc.array(fc.record({ duration: fc.integer({ min: 0, max: 9 }), uses: fc.subarray([0, 1, 2]) }), {
    minLength: 1,
    maxLength: 6,
  }),
  { minLength: 1, maxLength: 5 },
);

function chains(written: readonly (readonly { duration: number; uses: readonly number[] }[])[]): Activity[] {
  const all: Activity[] = [];
  for (const [job, steps] of written.entries())
    for (const [i, { duration, uses }] of steps.entries())
      all.push(activity(job, duration, uses, i === 0 ? [] : [all.length - 1]));
  return all;
}

describe("a timetable", () => {
  prop.prop([jobs, fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 30, maxLength: 30 })])(
    "never has more in use than there is, and nothing before what it waits for",
    (written, ranks) => {
      const activities = chains(written);
      const capacities = [1, 2, 1];
      const { starts, end } = layOut(task(activities, { capacities }), ranks);
      const endOf = (i: number): number => (starts[i] as number) + (activities[i]?.duration ?? 0);
      for (const [i, { after, uses }] of activities.entries()) {
        expect(starts[i]).toBeLessThan(Infinity);
        for (const before of after) expect(starts[i]).toBeGreaterThanOrEqual(endOf(before));
        for (const resource of uses) {
          const users = activities.filter(
            (each, k) =>
              each.uses.includes(resource) &&
              (starts[k] as number) <= (starts[i] as number) &&
              endOf(k) > (starts[i] as number),
          );
          expect(users.length).toBeLessThanOrEqual(capacities[resource] as number);
        }
      }
      expect(end).toBe(Math.max(...activities.map((_, i) => endOf(i))));
    },
  );
});
