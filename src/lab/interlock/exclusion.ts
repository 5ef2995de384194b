import { type ExclusionInterlock, type GuardedAction, guards } from "./interlock.ts";

interface Holder {
  readonly instrument: string;
  readonly exclusions: readonly ExclusionInterlock[];
}

interface Waiting {
  readonly holder: Holder;
  readonly go: () => void;
}

/** Lets actions that exclude each other through one after the other, in the order in which they were asked for. */
export class Exclusions {
  readonly #exclusions: readonly ExclusionInterlock[];
  readonly #holders = new Set<Holder>();
  #waiting: readonly Waiting[] = [];

  constructor(exclusions: readonly ExclusionInterlock[]) {
    this.#exclusions = exclusions;
  }

  /**
   * Waits until nothing runs that excludes an action.
   *
   * @returns what to call at the action's end
   * @throws the signal's reason when it aborts first
   */
  async enter(action: Required<GuardedAction>, signal: AbortSignal): Promise<() => void> {
    const exclusions = this.#exclusions.filter((each) => guards(each.actions, action));
    if (exclusions.length === 0) return () => undefined;
    const holder: Holder = { instrument: action.instrument, exclusions };
    if (this.#isFree(holder, this.#waiting)) this.#holders.add(holder);
    else await this.#turn(holder, signal);
    return () => {
      this.#holders.delete(holder);
      this.#next();
    };
  }

  #isFree(holder: Holder, before: readonly Waiting[]): boolean {
    return ![...this.#holders, ...before.map((each) => each.holder)].some((each) => exclude(each, holder));
  }

  #turn(holder: Holder, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const entry: Waiting = {
        holder,
        go: () => {
          signal.removeEventListener("abort", leave);
          resolve();
        },
      };
      const leave = (): void => {
        this.#waiting = this.#waiting.filter((each) => each !== entry);
        reject(signal.reason);
        this.#next();
      };
      if (signal.aborted) return reject(signal.reason);
      this.#waiting = [...this.#waiting, entry];
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  /** Lets everybody go who waits for nothing any more. */
  #next(): void {
    const stay: Waiting[] = [];
    for (const each of this.#waiting) {
      if (!this.#isFree(each.holder, stay)) {
        stay.push(each);
        continue;
      }
      this.#holders.add(each.holder);
      each.go();
    }
    this.#waiting = stay;
  }
}

/** One instrument doesn't exclude itself: it does one thing at a time anyhow. */
function exclude(a: Holder, b: Holder): boolean {
  return a.instrument !== b.instrument && a.exclusions.some((each) => b.exclusions.includes(each));
}
