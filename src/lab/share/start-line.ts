import type { Fault } from "../../base/fault.ts";

/** Where campaigns wait for each other, so that all of them begin at one moment and in their order, or none does. */
export class StartLine {
  readonly #waiting = new Map<string, (fault: Fault | undefined) => void>();
  readonly #order: readonly string[];
  #fault: Fault | undefined;
  readonly #go: () => void;

  /**
   * @param order - ids of the campaigns
   * @param go - called as soon as it is known whether they begin
   */
  constructor(order: readonly string[], go: () => void) {
    this.#order = order;
    this.#go = go;
  }

  /** @returns why nobody begins, if nobody does */
  ready(id: string): Promise<Fault | undefined> {
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      // The last one waits as well by then: who is told first goes first.
      if (this.#fault !== undefined || this.#waiting.size === this.#order.length)
        queueMicrotask(() => this.#settle());
    });
  }

  /** A campaign can't begin; one that has begun is none of those that wait. */
  giveUp(id: string): void {
    this.#fault ??= {
      code: "campaign.not-together",
      message: `campaign ${id} doesn't begin, so the campaigns that were to share its lab don't either`,
      advice: "mend what keeps it from beginning, or run the others without it",
    };
    this.#settle();
  }

  #settle(): void {
    this.#go();
    for (const id of this.#order) this.#waiting.get(id)?.(this.#fault);
  }
}
