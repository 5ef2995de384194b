/** Ends something that was registered, such as a timer; safe to call twice. */
export type Cancel = () => void;

/**
 * Time as a port: everything that waits, waits on a clock, so that a night can pass in seconds.
 *
 * Real work that finishes outside the clock's knowledge (a worker thread, a disk write) is wrapped in
 * {@link Clock.external}; on a virtual clock this holds time still until the work is done and gives its
 * result back at a moment that doesn't depend on how fast the machine was.
 */
export interface Clock {
  /** Milliseconds since 1970-01-01 00:00 UTC. */
  now(): number;
  /** Calls `due` once at the time `at` (milliseconds since 1970), or as soon as possible when it has passed. */
  at(at: number, due: () => void): Cancel;
  /** Says that something happened in this turn of the event loop which may cause more (bytes on a line). */
  touch(): void;
  /** Waits for work outside the clock; on a virtual clock time stands still meanwhile. */
  external<T>(work: Promise<T>): Promise<T>;
}

/**
 * Waits on a clock.
 *
 * @param clock - the clock to wait on
 * @param milliseconds - how long, at least 0
 * @param signal - ends the wait early
 * @throws the signal's reason when it aborts first
 */
export function sleep(clock: Clock, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const abort = (): void => {
      cancel();
      reject(signal?.reason);
    };
    const cancel = clock.at(clock.now() + milliseconds, () => {
      signal?.removeEventListener("abort", abort);
      resolve();
    });
    signal?.addEventListener("abort", abort, { once: true });
  });
}

/** A signal that can be aborted, and what to call when it is no longer needed. */
export interface Interruption {
  readonly signal: AbortSignal;
  abort(reason: Error): void;
  readonly cancel: Cancel;
}

/** A signal that aborts with its parent, and on its own. */
export function interruption(parent?: AbortSignal): Interruption {
  const controller = new AbortController();
  const follow = (): void => controller.abort(parent?.reason);
  if (parent?.aborted) follow();
  parent?.addEventListener("abort", follow, { once: true });
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    cancel: () => parent?.removeEventListener("abort", follow),
  };
}

/**
 * A signal that aborts after a time on the clock, or with its parent.
 *
 * @param clock - the clock that counts
 * @param milliseconds - time until it aborts
 * @param reason - makes what the signal aborts with; an error costs a stack trace, and most deadlines are met
 * @param parent - aborts this one too
 */
export function deadline(
  clock: Clock,
  milliseconds: number,
  reason: () => Error,
  parent?: AbortSignal,
): Interruption {
  const { signal, abort, cancel } = interruption(parent);
  const stop = clock.at(clock.now() + milliseconds, () => abort(reason()));
  return {
    signal,
    abort,
    cancel: () => {
      stop();
      cancel();
    },
  };
}
