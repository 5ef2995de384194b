import type { Clock } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import type { Instrument } from "../../instrument/index.ts";
import { isLatched } from "../../loop/campaign-mode.ts";
import type { PerformCommand } from "../../loop/command.ts";
import type { EventOf } from "../../loop/event.ts";
import type { LoopState } from "../../loop/loop.ts";
import { isWatched } from "../watch/is-watched.ts";
import { Exclusions } from "./exclusion.ts";
import { type GuardedAction, guards, type Interlock } from "./interlock.ts";
import { Watch } from "./watch.ts";

/** Whether an action may begin; `release` is called at its end. */
export type Permit =
  | { readonly kind: "granted"; release(): void }
  | { readonly kind: "refused"; readonly fault: Fault };

/** What supervises a campaign. */
export interface SupervisorOptions {
  readonly interlocks: readonly Interlock[];
  /** By their names in the lab file. */
  readonly instruments: Readonly<Record<string, Instrument>>;
  /** Instrument of the lab for each role. */
  readonly roles: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** Whether time stands still while a person is waited for, as virtual time does. */
  readonly standsStill: boolean;
  trip(event: EventOf<"interlock.tripped">): void;
  /** Actions that exclude each other, where campaigns on one lab share them; the supervisor's own when absent. */
  readonly exclusions?: Exclusions;
  /** Called when an action is held until a person has acknowledged a trip. */
  holds?(): void;
}

/**
 * Judges the interlocks of a lab while a campaign runs: continuously, and before each action. Once one has tripped, no
 * action begins until a person has acknowledged it; whether one has is told by the campaign's state, which a restart
 * brings back from the journal.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #watches: readonly Watch[];
  readonly #continuous: readonly Watch[];
  readonly #before: readonly Watch[];
  readonly #exclusions: Exclusions;
  #latched = false;
  #unlatch: (() => void)[] = [];

  constructor(options: SupervisorOptions) {
    const { interlocks, instruments, clock, trip, exclusions } = options;
    this.#options = options;
    this.#watches = interlocks.flatMap((interlock) =>
      interlock.kind === "reading" ? [new Watch({ interlock, instruments, clock, trip })] : [],
    );
    this.#continuous = this.#watches.filter(({ interlock }) => interlock.before === undefined);
    this.#before = this.#watches.filter(({ interlock }) => interlock.before !== undefined);
    this.#exclusions = exclusions ?? exclusionsIn(interlocks);
  }

  /** Follows the campaign: what it is at decides whether there is something to watch. */
  observe({ campaign }: LoopState): void {
    const latched = isLatched(campaign);
    const acknowledged = this.#latched && !latched;
    this.#latched = latched;
    if (acknowledged) this.#acknowledge();
    if (!isWatched(campaign, this.#options.standsStill)) this.#sleep();
    else for (const watch of this.#continuous) watch.start();
  }

  /**
   * Waits until an action may begin.
   *
   * @param signal - ends the waiting; the action is refused then
   */
  async permit({ role, action }: PerformCommand, signal: AbortSignal): Promise<Permit> {
    const guarded = { instrument: this.#options.roles[role] ?? role, action };
    let release = (): void => undefined;
    try {
      release = await this.#exclusions.enter(guarded, signal);
      await this.#safe(guarded, signal);
      return { kind: "granted", release };
    } catch (error) {
      release();
      if (!signal.aborted) throw error;
      return { kind: "refused", fault: refusal(role, action) };
    }
  }

  /** How many actions wait until a person has acknowledged a trip. */
  get held(): number {
    return this.#unlatch.length;
  }

  /** Ends all watching. */
  stop(): void {
    this.#sleep();
  }

  async #safe(action: Required<GuardedAction>, signal: AbortSignal): Promise<void> {
    const before = this.#before.filter(({ interlock }) => guards(interlock.before ?? [], action));
    do {
      await this.#acknowledged(signal);
      await Promise.all(this.#continuous.map((watch) => watch.current()));
      await Promise.all(before.map((watch) => watch.once()));
      signal.throwIfAborted();
    } while (this.#isLatched());
  }

  #isLatched(): boolean {
    // A trip counts from the moment on, even if its event waits behind others.
    return this.#latched || this.#watches.some(({ tripped }) => tripped);
  }

  async #acknowledged(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.#isLatched()) return;
    await new Promise<void>((resolve, reject) => {
      const leave = (): void => reject(signal.reason);
      signal.addEventListener("abort", leave, { once: true });
      this.#unlatch.push(() => {
        signal.removeEventListener("abort", leave);
        resolve();
      });
      this.#options.holds?.();
    });
  }

  #acknowledge(): void {
    for (const watch of this.#watches) watch.acknowledge();
    for (const go of this.#unlatch.splice(0)) go();
  }

  #sleep(): void {
    for (const watch of this.#continuous) watch.stop();
  }
}

/** The rules of a lab about actions that exclude each other. */
export function exclusionsIn(interlocks: readonly Interlock[]): Exclusions {
  return new Exclusions(interlocks.filter((each) => each.kind === "exclusion"));
}

function refusal(role: string, action: string): Fault {
  return {
    code: "lab.interlocked",
    message: `${role}.${action} did not begin: an interlock held it until it was given up`,
    advice: "see what tripped with `labloop show`",
  };
}
