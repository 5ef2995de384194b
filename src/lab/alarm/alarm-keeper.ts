import type { Cancel, Clock } from "../../base/clock.ts";
import type { Instrument } from "../../instrument/index.ts";
import type { LoopEvent } from "../../loop/event.ts";
import type { LoopState } from "../../loop/loop.ts";
import { isWatched } from "../watch/is-watched.ts";
import { AlarmWatch } from "./alarm-watch.ts";
import { type Due, dueOf } from "./due.ts";
import { type AlarmBook, beginAlarms, foldAlarms } from "./fold-alarms.ts";
import type { AlarmPolicy } from "./policy.ts";

/** What keeps the alarms of a campaign. */
export interface AlarmKeeperOptions {
  readonly policy: AlarmPolicy;
  /** By their names in the lab file. */
  readonly instruments: Readonly<Record<string, Instrument>>;
  readonly clock: Clock;
  /** Whether time stands still while a person is waited for, as virtual time does. */
  readonly standsStill: boolean;
  /** The alarms that a journal left behind; those of a lab before anything happened when absent. */
  readonly book?: AlarmBook;
  /** Has an event journaled. */
  tell(event: LoopEvent): void;
}

/**
 * Keeps the alarms of a campaign while it runs: reads what they are about, and has journaled what readings and time do to
 * them. It only tells events, from timers and readings: nothing that the campaign does waits for it or depends on it.
 */
export class AlarmKeeper {
  readonly #options: AlarmKeeperOptions;
  readonly #watches: readonly AlarmWatch[];
  #book: AlarmBook;
  #watching = false;
  #timer: Cancel | undefined;

  constructor(options: AlarmKeeperOptions) {
    const { policy, instruments, clock, tell } = options;
    this.#options = options;
    this.#book = options.book ?? beginAlarms(policy);
    this.#watches = policy.readings
      .filter(({ off }) => off === undefined)
      .map((alarm) => {
        const { standing } = this.#book[alarm.name] ?? {};
        const raised = standing === "unacknowledged" || standing === "acknowledged";
        return new AlarmWatch({ alarm, raised, instruments, clock, tell });
      });
  }

  /** The alarms as they are; another book whenever one has changed. */
  get book(): AlarmBook {
    return this.#book;
  }

  /** Follows the campaign. */
  observe(event: LoopEvent, { campaign }: LoopState, now: number): void {
    const { policy, standsStill } = this.#options;
    const book = foldAlarms(policy, this.#book, event, now);
    const watching = isWatched(campaign, standsStill);
    const isNew = book !== this.#book || watching !== this.#watching;
    this.#book = book;
    this.#watching = watching;
    if (!isNew) return;
    if (watching) for (const watch of this.#watches) watch.start();
    else for (const watch of this.#watches) watch.stop();
    this.#schedule();
  }

  /** Ends all watching. */
  stop(): void {
    for (const watch of this.#watches) watch.stop();
    this.#timer?.();
  }

  #schedule(): void {
    this.#timer?.();
    this.#timer = undefined;
    const [next] = this.#watching ? this.#due() : [];
    if (next !== undefined) this.#timer = this.#options.clock.at(next.at, () => this.#elapsed());
  }

  #elapsed(): void {
    const now = this.#options.clock.now();
    for (const { at, event } of this.#due()) if (at <= now) this.#options.tell(event);
  }

  #due(): readonly Due[] {
    return dueOf(this.#options.policy, this.#book);
  }
}
