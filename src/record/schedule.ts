import type { Database } from "./database.ts";
import { statementsOf } from "./statements.ts";

/** What a scheduled run is at. */
export type ScheduleState = "waiting" | "starting" | "started" | "done" | "skipped" | "failed" | "removed";

/** How often a run comes again. */
export type Every = "day" | "week";

/** A campaign that is to be run at a time. */
export interface ScheduleRow {
  readonly id: number;
  /** Path of the campaign file. */
  readonly file: string;
  /** Further words of `labloop run`. */
  readonly words: readonly string[];
  readonly zone: string;
  /** Milliseconds since 1970. */
  readonly due: number;
  readonly every: Every | null;
  /** What becomes of it when nobody served the schedule at its time. */
  readonly missed: "run" | "skip";
  readonly state: ScheduleState;
  /** Key of the campaign that was begun for it. */
  readonly campaign: string | null;
  /** Of a run that starts or has started, who has taken it; otherwise how it ended, in words. */
  readonly note: string;
  readonly by: string;
}

/** The schedule of a database. */
export interface Schedule {
  add(run: Omit<ScheduleRow, "id" | "state" | "campaign" | "note">): Promise<number>;
  /** In the order in which they are due. */
  rows(): Promise<ScheduleRow[]>;
  /**
   * Moves a run from one state to another.
   *
   * @param ifNote - what its note has to be
   * @returns whether it was in that state: of several processes that try, one alone succeeds
   */
  move(id: number, from: ScheduleState, to: ScheduleState, note?: string, ifNote?: string): Promise<boolean>;
  /** Keeps which campaign was begun for a run. */
  began(id: number, campaign: string): Promise<void>;
}

/** The schedule of an open database. */
export function openSchedule(database: Database): Schedule {
  const { read, change } = statementsOf(database);
  return {
    add: async ({ file, words, zone, due, every, missed, by }) => {
      const [made] = await read<{ id: number | bigint }>(
        `INSERT INTO "Schedule" ("file", "words", "zone", "due", "every", "missed", "state", "by")
         VALUES (?, ?, ?, ?, ?, ?, 'waiting', ?) RETURNING "id"`,
        file,
        JSON.stringify(words),
        zone,
        due,
        every,
        missed,
        by,
      );
      return Number(made?.id);
    },
    rows: async () =>
      (
        await read<Omit<ScheduleRow, "id" | "words"> & { id: number | bigint; words: string }>(
          `SELECT * FROM "Schedule" ORDER BY "due", "id"`,
        )
      ).map((row) => ({ ...row, id: Number(row.id), words: JSON.parse(row.words) as string[] })),
    move: async (id, from, to, note = "", ifNote) =>
      (await change(
        `UPDATE "Schedule" SET "state" = ?, "note" = ? WHERE "id" = ? AND "state" = ? AND "note" = coalesce(CAST(? AS TEXT), "note")`,
        to,
        note,
        id,
        from,
        ifNote ?? null,
      )) === 1,
    began: async (id, campaign) => {
      await change(`UPDATE "Schedule" SET "campaign" = ? WHERE "id" = ?`, campaign, id);
    },
  };
}
