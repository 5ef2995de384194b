import { firstMoment, wallTime } from "../../campaign/window/wall-clock.ts";
import type { Schedule, ScheduleRow } from "../../record/schedule.ts";
import type { CampaignRow } from "../../record/store.ts";

/** How a process that ran a campaign ended. */
export interface RunEnd {
  /** The exit code; null when it was killed, or isn't waited for any more. */
  readonly status: number | null;
}

/** What the steward of a schedule works with. */
export interface StewardOptions {
  readonly schedule: Schedule;
  /** Milliseconds since 1970. */
  now(): number;
  /** A campaign by its key. */
  find(key: string): Promise<CampaignRow | undefined>;
  /** Whether a living process drives a campaign. */
  isDriven(row: CampaignRow): boolean;
  /** Whether the process lives that has taken a run. */
  livesStill(note: string): boolean;
  /** By what a run is taken, different each time. */
  token(): string;
  /** Starts a run in a process of its own, which says with the token that it does; or goes on with its campaign. */
  start(row: ScheduleRow, how: "run" | "resume", token: string): Promise<RunEnd>;
  say(text: string): void;
}

/** Milliseconds behind its time at which a run counts as missed. */
const GRACE = 5 * 60_000;

/** How often a campaign whose process dies is taken up again, before a person has to look. */
const MOST_RESUMES = 3;

const DAY = 86_400_000;

/**
 * Runs what is due on a schedule, one campaign after the other. Whatever it needs to know after a restart is in the
 * database; a run that another steward has taken is left to it.
 */
export class Steward {
  readonly #options: StewardOptions;
  readonly #resumed = new Map<number, number>();
  #busy = false;

  constructor(options: StewardOptions) {
    this.#options = options;
  }

  /** Looks once at what there is to do, and does it, until the run that it starts has ended. */
  async look(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const rows = await this.#options.schedule.rows();
      if (await this.#isOccupied(rows)) return;
      const due = rows.find(({ state, due: at }) => state === "waiting" && at <= this.#options.now());
      if (due !== undefined) await this.#begin(due);
    } finally {
      this.#busy = false;
    }
  }

  /** Takes care of what was begun before; whether some of it still runs. */
  async #isOccupied(rows: readonly ScheduleRow[]): Promise<boolean> {
    for (const row of rows) {
      if (row.state !== "starting" && row.state !== "started") continue;
      if (row.campaign === null) {
        if (this.#options.livesStill(row.note)) return true;
        await this.#startAgain(row);
        return true;
      }
      const campaign = await this.#options.find(row.campaign);
      if (campaign === undefined || campaign.state === "concluded") {
        await this.#over(row, campaign === undefined ? "its campaign was deleted" : "");
        continue;
      }
      if (this.#options.isDriven(campaign)) return true;
      await this.#resume(row);
      return true;
    }
    return false;
  }

  async #begin(row: ScheduleRow): Promise<void> {
    const { schedule, now, say, start } = this.#options;
    const late = now() - row.due;
    if (late > GRACE && row.missed === "skip") {
      await this.#repeat(row);
      if (await schedule.move(row.id, "waiting", "skipped", "nobody served the schedule at its time"))
        say(`run ${row.id} (${row.file}) was missed and is skipped`);
      return;
    }
    const token = this.#options.token();
    if (!(await schedule.move(row.id, "waiting", "starting", token))) return;
    say(`run ${row.id}: ${row.file}${late > GRACE ? ", late" : ""}`);
    await this.#ended(row, await start(row, "run", token));
  }

  /** Of a run whose process ended before it had begun anything; one that is only slow loses its token by that. */
  async #startAgain(row: ScheduleRow): Promise<void> {
    const { say, schedule } = this.#options;
    if (this.#hasTried(row)) return this.#fail(row, `its process died ${MOST_RESUMES + 1} times`);
    if (await schedule.move(row.id, row.state, "waiting", "", row.note))
      say(`run ${row.id} had not begun; it is taken up again`);
  }

  /** Counts how often a run was taken up again; whether that was often enough. */
  #hasTried({ id }: ScheduleRow): boolean {
    const times = this.#resumed.get(id) ?? 0;
    this.#resumed.set(id, times + 1);
    return times >= MOST_RESUMES;
  }

  async #fail(row: ScheduleRow, why: string): Promise<void> {
    if (!(await this.#options.schedule.move(row.id, row.state, "failed", why, row.note))) return;
    this.#options.say(`run ${row.id} FAILED: ${why}`);
    await this.#repeat(row);
  }

  async #resume(row: ScheduleRow): Promise<void> {
    const { say, start } = this.#options;
    if (this.#hasTried(row))
      return this.#fail(
        row,
        `its process died ${MOST_RESUMES + 1} times; \`labloop resume ${row.campaign}\` goes on`,
      );
    say(`run ${row.id}: campaign ${row.campaign} was interrupted and goes on`);
    await this.#ended(row, await start(row, "resume", ""));
  }

  async #ended({ id }: ScheduleRow, { status }: RunEnd): Promise<void> {
    const { schedule, find } = this.#options;
    const row = (await schedule.rows()).find((each) => each.id === id);
    if (row === undefined) return;
    const campaign = row.campaign === null ? undefined : await find(row.campaign);
    if (campaign?.state === "concluded")
      return this.#over(row, status === 0 ? "" : `it ended with code ${status}`);
    // What was begun and isn't concluded, or was killed before, is taken up at the next look.
    if (campaign !== undefined || status === null) return;
    await this.#fail(row, `it did not begin: \`labloop run\` ended with code ${status}`);
  }

  async #over(row: ScheduleRow, note: string): Promise<void> {
    const { schedule, say } = this.#options;
    if (!(await schedule.move(row.id, row.state, "done", note))) return;
    await this.#repeat(row);
    say(`run ${row.id} is done${note === "" ? "" : `: ${note}`}`);
  }

  /** Puts the next of a repeated run on the schedule: the same time on the wall. */
  async #repeat(row: ScheduleRow): Promise<void> {
    if (row.every === null) return;
    const { schedule, now } = this.#options;
    const step = row.every === "day" ? DAY : 7 * DAY;
    let wall = wallTime(row.due, row.zone);
    do wall += step;
    while (firstMoment(wall, row.zone) <= now());
    const { file, words, zone, every, missed, by } = row;
    await schedule.add({ file, words, zone, every, missed, by, due: firstMoment(wall, row.zone) });
  }
}
