/** Whether a campaign goes on using instruments, waits for its next window, or uses them no more. */
type Need = "at work" | "resting" | "over";

interface User {
  readonly instruments: ReadonlySet<string>;
  need: Need;
}

/** Which campaigns on one lab go on using which instruments, so that none is made safe under the hands of another. */
export class Parking {
  readonly #users = new Map<string, User>();

  /** @param instruments - by their names in the lab file */
  join(id: string, instruments: Iterable<string>): void {
    this.#users.set(id, { instruments: new Set(instruments), need: "at work" });
  }

  /** A campaign that is over never needs an instrument again. */
  needs(id: string, need: Need): void {
    const user = this.#users.get(id);
    if (user !== undefined && user.need !== "over") user.need = need;
  }

  /** A campaign other than this one that goes on using an instrument. */
  userBeside(id: string, instrument: string): string | undefined {
    for (const [other, { instruments, need }] of this.#users)
      if (other !== id && need === "at work" && instruments.has(instrument)) return other;
    return undefined;
  }
}
