/** Tries of a link that isn't known which an address has at once. */
const MOST = 20;
/** Milliseconds after which it has one more. */
const REFILL = 3000;
/** Addresses that are kept; those that tried longest ago are forgotten. */
const MOST_ADDRESSES = 10_000;

interface Left {
  readonly tries: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Counts how often an address tried what isn't there. */
export class Tries {
  readonly #left = new Map<string, Left>();
  readonly #now: () => number;

  /** @param now - milliseconds since 1970 */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whether an address has no try left. */
  isOver(address: string): boolean {
    return this.#of(address) < 1;
  }

  /** Takes one try from an address. */
  spend(address: string): void {
    const tries = Math.max(0, this.#of(address) - 1);
    this.#left.delete(address);
    this.#left.set(address, { tries, at: this.#now() });
    const [oldest] = this.#left.keys();
    if (this.#left.size > MOST_ADDRESSES && oldest !== undefined) this.#left.delete(oldest);
  }

  #of(address: string): number {
    const left = this.#left.get(address);
    if (left === undefined) return MOST;
    return Math.min(MOST, left.tries + Math.max(0, this.#now() - left.at) / REFILL);
  }
}
