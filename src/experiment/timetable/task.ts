/** Something that a job does in one piece. Times are in any unit, the same for all. */
export interface Activity {
  /** What it belongs to: jobs are independent of each other, and share resources. */
  readonly job: number;
  readonly duration: number;
  /** Resources of which it uses one each while it goes on, by their index. */
  readonly uses: readonly number[];
  /** Activities of its job that have to be over before it begins, by index; all before its own. */
  readonly after: readonly number[];
  /** Time before which it doesn't begin. */
  readonly earliest?: number;
  /** Since when it is under way; it is not moved. */
  readonly begun?: number;
  /** From its beginning on its job holds one each of these resources. */
  readonly takes?: readonly number[];
  /** Resources that its job may need until it gives back what this takes. */
  readonly mayNeed?: readonly number[];
  /** At its end its job gives these back. */
  readonly gives?: readonly number[];
  /** Begins at most `by` after the end of an activity before it. */
  readonly noLater?: { readonly than: number; readonly by: number };
  /** Time at which it should begin at the latest, since what it must not come too late after is over already. */
  readonly latest?: number;
}

/** Something that a job holds already. */
export interface Holding {
  readonly job: number;
  readonly resource: number;
}

/** Activities that share resources. */
export interface TimetableTask {
  readonly activities: readonly Activity[];
  /** How many there are of each resource. */
  readonly capacities: readonly number[];
  readonly holdings: readonly Holding[];
  /** Nothing that isn't under way begins before. */
  readonly now: number;
}

/** When everything begins. */
export interface Timetable {
  /** Begin of each activity; Infinity for what couldn't be placed. */
  readonly starts: readonly number[];
  /** When the last one ends. */
  readonly end: number;
  /** By how much activities begin too late after others, in sum. */
  readonly tooLate: number;
  /** Smaller is better: what comes too late counts most, then the end, then the ends of all jobs. */
  readonly cost: number;
}
