import type { Clock } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import type { Person } from "../../instrument/index.ts";
import type { LoopEvent, RunMode } from "../../loop/event.ts";
import type { LoopState } from "../../loop/loop.ts";
import type { Database } from "../../record/database.ts";
import { type JournalWriter, openJournal } from "../../record/journal.ts";
import type { Exclusions } from "../interlock/exclusion.ts";
import { exclusionsIn } from "../interlock/supervisor.ts";
import type { LoadedCampaign } from "../load-campaign.ts";
import { byRole, type OpenedLab, openRealLab, openSimulatedLab } from "../open-lab.ts";
import { rolesOf } from "../roles-of.ts";
import { SystemClock } from "../system-clock.ts";
import { virtualTime } from "../virtual-time.ts";
import type { Watchdog } from "../watchdog/watchdog.ts";
import { watchdogFor } from "../watchdog/watchdog-for.ts";
import { Arbiter } from "./arbiter.ts";
import { leased, leaseNames } from "./lease-names.ts";
import { Parking } from "./parking.ts";
import type { Heard, ParkingKind, Seat } from "./seat.ts";
import { standingOf } from "./standing.ts";
import { StartLine } from "./start-line.ts";

/** What a lab is opened with for several campaigns. */
export interface SharedLabOptions {
  /** All of one lab file, and no two alike. */
  readonly campaigns: readonly LoadedCampaign[];
  readonly mode: RunMode;
  readonly database: Database;
  /** Who answers for instruments that are people. */
  readonly person?: Person;
  note(text: string): void;
}

/** A seat for each campaign, in their order, or why there is none. */
export type SharedLabOpening =
  | { readonly kind: "open"; readonly seats: readonly Seat[] }
  | { readonly kind: "failed"; readonly fault: Fault };

/** Opens the instruments of a lab once for several campaigns. */
export async function openSharedLab(options: SharedLabOptions): Promise<SharedLabOpening> {
  const { campaigns, mode, database, note, person } = options;
  const [first] = campaigns;
  if (first === undefined) throw new Error("nobody shares the lab");
  const names = [...new Set(campaigns.flatMap((each) => Object.values(rolesOf(each))))];
  const clock = mode === "virtual" ? virtualTime(first.lab.start) : new SystemClock();
  const watchdog = watchdogFor({ loaded: first, instruments: names, mode, database, note });
  const opener = mode === "live" ? openRealLab : openSimulatedLab;
  const lab = await opener({
    lab: first.lab,
    roles: Object.fromEntries(names.map((name) => [name, name])),
    clock,
    seed: first.campaign.seed,
    signal: new AbortController().signal,
    ...(person && { person }),
    note,
  });
  const unwatched = lab.kind === "open" ? await watchdog?.ready : undefined;
  if (lab.kind === "open" && unwatched === undefined) {
    const shared = new SharedLab({ campaigns, clock, lab, watchdog, writer: openJournal(database) });
    return { kind: "open", seats: shared.seats };
  }
  if (lab.kind === "open") await lab.close();
  await watchdog?.dismiss();
  return lab.kind === "failed" ? lab : { kind: "failed", fault: unwatched as Fault };
}

interface Bench {
  readonly campaigns: readonly LoadedCampaign[];
  readonly clock: Clock;
  readonly lab: Extract<OpenedLab, { kind: "open" }>;
  readonly watchdog: Watchdog | undefined;
  readonly writer: JournalWriter;
}

/** One opened lab, and those who share it. */
class SharedLab {
  readonly seats: readonly Seat[];
  readonly #bench: Bench;
  readonly #arbiter: Arbiter;
  readonly #parking = new Parking();
  readonly #startLine: StartLine;
  readonly #exclusions: Exclusions;
  readonly #listeners = new Map<string, Heard>();
  readonly #procedures = new Map<string, Promise<readonly Fault[]>>();
  /** Campaigns that haven't left. */
  readonly #here: Set<string>;

  constructor(bench: Bench) {
    const { campaigns, clock } = bench;
    const ids = campaigns.map(({ id }) => id);
    this.#bench = bench;
    this.#arbiter = new Arbiter(clock);
    this.#here = new Set(ids);
    this.#exclusions = exclusionsIn((campaigns[0] as LoadedCampaign).lab.interlocks);
    // While files and rows are written for each of them, virtual time must not go on.
    let go = (): void => undefined;
    void clock.external(
      new Promise<void>((resolve) => {
        go = resolve;
      }),
    );
    this.#startLine = new StartLine(ids, () => go());
    this.seats = campaigns.map((each) => this.#seatOf(each));
  }

  #seatOf(given: LoadedCampaign): Seat {
    const { clock, lab, watchdog, writer } = this.#bench;
    const loaded = leased(given);
    const { id, campaign } = loaded;
    const roles = rolesOf(loaded);
    const uses = leaseNames(loaded);
    const { priority, share } = campaign;
    const atOnce = campaign.definition.experiment.sharing?.atOnce ?? 1;
    this.#arbiter.join({ id, uses, priority, share, atOnce });
    this.#parking.join(id, Object.values(roles));
    const names = new Set(Object.values(roles));
    return {
      loaded,
      together: [...this.#here].filter((each) => each !== id),
      clock,
      writer,
      exclusions: this.#exclusions,
      watchdog: watchdog && { ...watchdog, dismiss: async () => watchdog.disarm(id) },
      lab: {
        kind: "open",
        instruments: byRole(roles, lab.named),
        named: Object.fromEntries(Object.entries(lab.named).filter(([name]) => names.has(name))),
        close: () => this.#leave(id),
      },
      ready: () => this.#startLine.ready(id),
      giveUp: async () => {
        this.#startLine.giveUp(id);
        await this.#leave(id);
      },
      lease: () => new Promise((resolve) => this.#arbiter.lease(id, resolve)),
      observe: (event, state) => this.#observe(id, event, state),
      parks: (kind) => this.#parks({ id, roles, uses }, kind),
      listen: (heard) => void this.#listeners.set(id, heard),
      tell: {
        trip: (event) => this.#tell(id, (other) => other.trip(event)),
        halt: (why) => this.#tell(id, (other) => other.halt(why)),
      },
      safely: (name, carryOut) => this.#safely(name, carryOut),
    };
  }

  #observe(id: string, event: LoopEvent, state: LoopState): void {
    if (!this.#here.has(id)) return;
    if (event.type === "window.opened") this.#parking.needs(id, "at work");
    this.#arbiter.update(id, standingOf(state), event.type === "lease.given");
  }

  #parks(
    {
      id,
      roles,
      uses,
    }: {
      readonly id: string;
      readonly roles: Readonly<Record<string, string>>;
      readonly uses: readonly string[];
    },
    kind: ParkingKind,
  ): ReturnType<Seat["parks"]> {
    this.#parking.needs(id, kind === "rest" ? "resting" : "over");
    // What the campaign itself has at work nobody else has.
    const own = new Set(this.#arbiter.holds(id) ? uses : []);
    const left = Object.fromEntries(
      Object.entries(roles).flatMap(([role, name]) => {
        const user = kind === "all" || own.has(name) ? undefined : this.#parking.userBeside(id, name);
        return user === undefined ? [] : [[role, user] as const];
      }),
    );
    const kept = Object.entries(roles).flatMap(([role, name]) => (role in left ? [] : [name]));
    return { left, done: this.#arbiter.keep(kept) };
  }

  #tell(id: string, tell: (other: Heard) => void): void {
    for (const [each, heard] of this.#listeners) if (each !== id && this.#here.has(each)) tell(heard);
  }

  #safely(name: string, carryOut: () => Promise<readonly Fault[]>): Promise<readonly Fault[]> {
    const carriedOut = this.#procedures.get(name) ?? carryOut();
    this.#procedures.set(name, carriedOut);
    return carriedOut;
  }

  async #leave(id: string): Promise<void> {
    if (!this.#here.delete(id)) return;
    this.#parking.needs(id, "over");
    this.#arbiter.leave(id);
    if (this.#here.size > 0) return;
    await Promise.allSettled([this.#bench.lab.close(), this.#bench.watchdog?.dismiss()]);
  }
}
