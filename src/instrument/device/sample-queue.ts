import type { Clock } from "../../base/clock.ts";
import type { Sample } from "../contract/instrument.ts";
import type { Emit } from "./behaviour.ts";

/** Samples that wait at most; of more the oldest are dropped, since a stream doesn't wait for its reader. */
const MOST = 1000;

/** Hands over the values of a stream to whoever takes them, in order; counts what was dropped. */
export class SampleQueue {
  readonly #clock: Clock;
  readonly #waiting: Sample[] = [];
  #dropped = 0;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes a value in. */
  readonly emit: Emit = (value, measuredAt) => {
    if (this.#ended) return;
    if (this.#waiting.length >= MOST) {
      this.#waiting.shift();
      this.#dropped += 1;
    }
    this.#waiting.push({
      ...(typeof value === "number" ? { value } : { flag: value.unusable }),
      at: this.#clock.now(),
      ...(measuredAt === undefined ? {} : { measuredAt }),
      dropped: this.#dropped,
    });
    this.#wake?.();
  };

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  /** The samples, until the end. */
  async *samples(): AsyncGenerator<Sample> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next !== undefined) yield next;
      else if (this.#ended) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}
