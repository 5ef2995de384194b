import type { EventOf } from "../../loop/event.ts";
import type { Condition } from "../watch/judge.ts";
import { Poll, type PollOptions, tellCondition } from "../watch/poll.ts";
import type { ReadingInterlock } from "./interlock.ts";

/** What a watch is made with. */
export interface WatchOptions extends Pick<PollOptions, "instruments" | "clock"> {
  readonly interlock: ReadingInterlock;
  trip(event: EventOf<"interlock.tripped">): void;
}

/** Reads what one interlock is about, and judges it; it trips once until it is acknowledged. */
export class Watch {
  readonly interlock: ReadingInterlock;
  readonly #poll: Poll;
  readonly #trip: WatchOptions["trip"];
  #tripped = false;

  constructor({ interlock, instruments, clock, trip }: WatchOptions) {
    this.interlock = interlock;
    this.#trip = trip;
    this.#poll = new Poll({
      watched: interlock,
      instruments,
      clock,
      judged: (condition) => {
        if (condition !== undefined) this.#tripOn(condition);
      },
    });
  }

  /** Whether it tripped and nobody has acknowledged that. */
  get tripped(): boolean {
    return this.#tripped;
  }

  /** Reads again and again, unless it does already. */
  start(): void {
    this.#poll.start();
  }

  stop(): void {
    this.#poll.stop();
  }

  /** A person has seen the trip; it trips again if its condition still holds. */
  acknowledge(): void {
    this.#tripped = false;
  }

  /** Reads unless there is a reading as young as the interval, and judges. */
  current(): Promise<void> {
    return this.#poll.current();
  }

  /** Reads once and judges by that alone. */
  once(): Promise<void> {
    return this.#poll.once();
  }

  #tripOn(condition: Condition): void {
    if (this.#tripped) return;
    this.#tripped = true;
    const { name, then, say, procedure } = this.interlock;
    const readings = this.#poll.readingsOf(condition);
    this.#trip({
      type: "interlock.tripped",
      interlock: name,
      condition: condition.text,
      readings,
      then,
      ...(procedure !== undefined && { procedure }),
      fault: {
        code: "lab.interlock-tripped",
        message: `interlock "${name}" tripped: ${tellCondition(this.interlock, condition, readings)}`,
        advice: `${say ?? "look at the bench"}; then \`labloop acknowledge\``,
      },
    });
  }
}
