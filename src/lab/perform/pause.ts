/** Actions that wait until their campaign is resumed. */
export class Pause {
  readonly #waiting: (() => void)[] = [];

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Waits until the campaign is resumed.
   *
   * @param held - called when it waits
   */
  async over(held: () => void): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      held();
    });
  }

  /** Lets everything go on that waits. */
  end(): void {
    for (const go of this.#waiting.splice(0)) go();
  }
}
