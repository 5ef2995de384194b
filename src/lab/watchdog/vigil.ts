/** Milliseconds between two looks whether the watched process was heard. */
export const LOOK = 50;

/**
 * Judges whether a watched process has stalled. Time in which the watch itself was not run (a suspended computer, a busy
 * one) doesn't count, since the beats of that time may only be unread; after much of it the process gets a whole new period.
 *
 * @param after - milliseconds of silence that are a stall
 * @param now - milliseconds on a clock that never goes back
 */
export class Vigil {
  readonly #after: number;
  #heard: number;
  #looked: number;

  constructor(after: number, now: number) {
    this.#after = after;
    this.#heard = now;
    this.#looked = now;
  }

  /** The process gave a sign of life. */
  hear(now: number): void {
    this.#heard = now;
  }

  /** Looks; due every {@link LOOK}. */
  isStalled(now: number): boolean {
    const late = Math.max(0, now - this.#looked - LOOK);
    this.#looked = now;
    this.#heard = late < this.#after / 2 ? Math.min(now, this.#heard + late) : now;
    return now - this.#heard >= this.#after;
  }
}
