import type { TimetableTask } from "./task.ts";

/** What follows from a task's activities alone, however they are laid out. */
export interface Structure {
  /** What comes after each activity. */
  readonly followers: readonly (readonly number[])[];
  /** The activity that gives back what another one takes. */
  readonly gives: ReadonlyMap<number, number>;
  /** What took something that an activity gives back. */
  readonly takes: ReadonlyMap<number, readonly number[]>;
  /** The outermost hold that goes around one activity and ends before another; the activity itself where there is none. */
  outermost(activity: number, before: number): number;
}

const KNOWN = new WeakMap<TimetableTask, Structure>();

/** The structure of a task; a search lays one task out many times. */
export function structureOf(task: TimetableTask): Structure {
  const known = KNOWN.get(task);
  if (known !== undefined) return known;
  const structure = workedOut(task);
  KNOWN.set(task, structure);
  return structure;
}

function workedOut({ activities }: TimetableTask): Structure {
  const followers: number[][] = activities.map(() => []);
  for (const [i, { after }] of activities.entries())
    for (const before of after) (followers[before] as number[]).push(i);
  const gives = new Map<number, number>();
  const takes = new Map<number, number[]>();
  for (const [i, { job, takes: taken = [] }] of activities.entries()) {
    const give = activities.findIndex(
      (each, k) => k > i && each.job === job && each.gives?.some((resource) => taken.includes(resource)),
    );
    if (taken.length === 0 || give < 0) continue;
    gives.set(i, give);
    takes.set(give, [...(takes.get(give) ?? []), i]);
  }
  const outermost = (activity: number, before: number): number => {
    let found = activity;
    for (const [take, give] of gives)
      if (
        take < found &&
        give >= activity &&
        give < before &&
        activities[take]?.job === activities[activity]?.job
      )
        found = take;
    return found;
  };
  return { followers, gives, takes, outermost };
}
