import type { Cancel, Clock } from "../base/clock.ts";

/** Waits of a campaign that are under way; they must not outlive it. */
export class Moments {
  readonly #clock: Clock;
  readonly #timers = new Set<Cancel>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `due` once at a time (milliseconds since 1970), unless it is cancelled or the campaign ends before. */
  at(at: number, due: () => void): Cancel {
    const stop = this.#clock.at(at, () => {
      this.#timers.delete(cancel);
      due();
    });
    const cancel = (): void => {
      stop();
      this.#timers.delete(cancel);
    };
    this.#timers.add(cancel);
    return cancel;
  }

  /** Until a time comes, milliseconds since 1970. */
  until(at: number): Promise<void> {
    return new Promise((resolve) => {
      this.at(at, resolve);
    });
  }

  /** Ends all waiting. */
  end(): void {
    for (const cancel of this.#timers) cancel();
  }
}
