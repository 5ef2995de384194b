import type { Cancel, Clock } from "../../base/clock.ts";

/** Real time that runs faster: for real sockets, where a virtual clock would not wait for the other end. */
export class ScaledClock implements Clock {
  readonly #factor: number;
  readonly #began = performance.now();

  /** @param factor - seconds that pass in one */
  constructor(factor: number) {
    this.#factor = factor;
  }

  now(): number {
    return (performance.now() - this.#began) * this.#factor;
  }

  at(at: number, due: () => void): Cancel {
    const timer = setTimeout(due, Math.max(0, at - this.now()) / this.#factor);
    return () => clearTimeout(timer);
  }

  touch(): void {
    // Real time goes on by itself.
  }

  external<T>(work: Promise<T>): Promise<T> {
    return work;
  }
}
