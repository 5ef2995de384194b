import type { Cancel } from "../../base/clock.ts";
import type { EventOf } from "../../loop/event.ts";
import type { Condition } from "../watch/judge.ts";
import { Poll, type PollOptions, tellCondition } from "../watch/poll.ts";
import { beginDebounce, CHATTER_WINDOW, type Change, type Debounce, debounce } from "./debounce.ts";
import type { ReadingAlarm } from "./policy.ts";

/** What becomes of an alarm over readings. */
export type AlarmChange = EventOf<"alarm.raised"> | EventOf<"alarm.cleared"> | EventOf<"alarm.chattering">;

/** What an alarm's watch is made with. */
export interface AlarmWatchOptions extends Pick<PollOptions, "instruments" | "clock"> {
  readonly alarm: ReadingAlarm;
  /** Whether it was raised before and not cleared. */
  readonly raised: boolean;
  tell(event: AlarmChange): void;
}

/** Reads what one alarm is about, and tells when it begins and ends. */
export class AlarmWatch {
  readonly #options: AlarmWatchOptions;
  readonly #poll: Poll;
  #debounce: Debounce;
  #condition: Condition | undefined;

  constructor(options: AlarmWatchOptions) {
    const { alarm, raised, instruments, clock } = options;
    this.#options = options;
    this.#debounce = beginDebounce(raised, clock.now());
    this.#poll = new Poll({
      watched: alarm,
      instruments,
      clock,
      judged: (condition, isRead) => {
        // Without a reading nobody knows that it is over.
        if (condition !== undefined || isRead) this.#judged(condition);
      },
    });
  }

  start(): void {
    this.#poll.start();
  }

  readonly stop: Cancel = () => this.#poll.stop();

  #judged(condition: Condition | undefined): void {
    this.#condition = condition ?? this.#condition;
    const { alarm, clock, tell } = this.#options;
    const { after, changes } = debounce(this.#debounce, condition !== undefined, clock.now(), alarm);
    this.#debounce = after;
    for (const change of changes) tell(this.#event(change));
  }

  #event(change: Change): AlarmChange {
    const { alarm } = this.#options;
    const { name, priority, say } = alarm;
    const readings = this.#poll.readingsOf(this.#condition);
    switch (change) {
      case "raised": {
        const cause = this.#condition === undefined ? "" : tellCondition(alarm, this.#condition, readings);
        const about = { alarm: name, source: "reading", priority, cause } as const;
        return { type: "alarm.raised", ...about, ...(say !== undefined && { say }), readings };
      }
      case "cleared":
        return { type: "alarm.cleared", alarm: name, readings };
      case "chattering": {
        const times = this.#debounce.begun.length;
        return { type: "alarm.chattering", alarm: name, times, within: CHATTER_WINDOW };
      }
    }
  }
}
