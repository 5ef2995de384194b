import type { Cancel, Clock } from "../../base/clock.ts";
import type { Standing } from "./standing.ts";
import { type Claim, whoseTurn } from "./whose-turn.ts";

/**
 * Milliseconds for which instruments are kept for a campaign that decides on its next experiment: a decision takes seconds,
 * and who waits longer than this for it (for a person's approval, say) is no longer waited for.
 */
export const PATIENCE = 30_000;

/** On what terms a campaign shares a lab. */
export type Terms = Pick<Claim, "id" | "uses" | "priority" | "share" | "atOnce">;

interface Member extends Terms, Standing {
  asked: number;
  wants: Claim["wants"];
  /** Leases by where the campaign stands. */
  holds: number;
  /** Whether it was given one that it doesn't know of yet. */
  given: boolean;
  turn: number;
  used: number;
  /** Since when it holds any, milliseconds since 1970. */
  since: number;
  /** Takes the lease that it waits for. */
  take: (() => void) | undefined;
  /** Whether it has begun. */
  begun: boolean;
  /** Whether it took so long to decide that nothing is kept for it. */
  late: boolean;
  patience: Cancel;
}

/** Lets the campaigns on one lab have leases, one after the other or at once, as {@link whoseTurn} says. */
export class Arbiter {
  readonly #clock: Clock;
  readonly #members = new Map<string, Member>();
  readonly #kept = new Map<symbol, readonly string[]>();
  #asked = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes a campaign in; nothing that it uses is given to those behind it before it has begun. */
  join(terms: Terms): void {
    this.#members.set(terms.id, {
      ...terms,
      asked: this.#asked++,
      wants: "soon",
      holds: 0,
      given: false,
      turn: 0,
      used: 0,
      since: 0,
      take: undefined,
      begun: false,
      late: false,
      patience: () => undefined,
    });
  }

  /**
   * Has a campaign get the lease that it has asked for.
   *
   * @param take - called when it is given
   */
  lease(id: string, take: () => void): void {
    this.#member(id).take = take;
    this.#reconsider();
  }

  /**
   * Follows a campaign: what it wants, and what it has given back.
   *
   * @param isTold - whether it knows of the lease that it was given
   */
  update(id: string, { wants, holds }: Standing, isTold: boolean): void {
    const member = this.#member(id);
    const before = heldBy(member);
    const wasThere = isThere(member);
    if (isTold) member.given = false;
    member.holds = holds;
    if (before > 0 && heldBy(member) === 0) this.#ended(member);
    if (wants !== member.wants || !member.begun) this.#want(member, wants);
    if (!wasThere && isThere(member)) this.#returned(member);
    this.#reconsider();
  }

  /** Whether a campaign holds a lease. */
  holds(id: string): boolean {
    return heldBy(this.#member(id)) > 0;
  }

  /** Keeps things from everybody until it is called off. */
  keep(names: readonly string[]): () => void {
    const key = Symbol("kept");
    this.#kept.set(key, names);
    return () => {
      this.#kept.delete(key);
      this.#reconsider();
    };
  }

  /** Takes back all that a campaign has, and expects nothing more of it. */
  leave(id: string): void {
    const member = this.#member(id);
    member.take = undefined;
    this.update(id, { wants: "nothing", holds: 0 }, true);
  }

  #member(id: string): Member {
    const member = this.#members.get(id);
    if (member === undefined) throw new Error(`the campaign "${id}" doesn't share this lab`);
    return member;
  }

  #ended(member: Member): void {
    // Whoever keeps things for no time at all would be first for ever.
    member.used += Math.max(1, this.#clock.now() - member.since);
    member.turn = 0;
  }

  #want(member: Member, wants: Claim["wants"]): void {
    if (member.wants === "nothing") member.asked = this.#asked++;
    member.wants = wants;
    member.begun = true;
    member.late = false;
    member.patience();
    if (wants !== "soon") return;
    member.patience = this.#clock.at(this.#clock.now() + PATIENCE, () => {
      member.late = true;
      this.#reconsider();
    });
  }

  /** What isn't used isn't saved up: a campaign that was away begins beside the one that has used least. */
  #returned(member: Member): void {
    const rivals = [...this.#members.values()].filter(
      (each) => each !== member && isThere(each) && each.uses.some((name) => member.uses.includes(name)),
    );
    const least = Math.min(...rivals.map((each) => this.#usedBy(each) / each.share));
    if (Number.isFinite(least)) member.used = Math.max(member.used, least * member.share);
  }

  #usedBy(member: Member): number {
    return member.used + (heldBy(member) > 0 ? this.#clock.now() - member.since : 0);
  }

  #reconsider(): void {
    const claims = [...this.#members.values()].map((each) => this.#claimOf(each));
    for (const id of whoseTurn(claims, [...this.#kept.values()].flat())) this.#give(this.#member(id));
  }

  #claimOf(member: Member): Claim {
    const { wants, take, given, late } = member;
    // What was asked for is asked for here a moment later.
    const soon = late ? "nothing" : "soon";
    const wanted =
      wants === "lease" && take !== undefined ? "lease" : wants === "nothing" || given ? "nothing" : soon;
    return { ...member, wants: wanted, holds: heldBy(member), used: this.#usedBy(member) };
  }

  #give(member: Member): void {
    const { take } = member;
    if (heldBy(member) === 0) member.since = this.#clock.now();
    member.given = true;
    member.turn += 1;
    member.take = undefined;
    take?.();
  }
}

function heldBy({ holds, given }: Member): number {
  return holds + (given ? 1 : 0);
}

function isThere(member: Member): boolean {
  return member.wants !== "nothing" || heldBy(member) > 0;
}
