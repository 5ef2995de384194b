import type { Fault } from "../base/fault.ts";
import type { Belief } from "../hypothesis/belief.ts";
import { closesNow } from "../loop/campaign-machine.ts";
import { modeOf } from "../loop/campaign-mode.ts";
import { type Command, mayRepeat, type PerformCommand } from "../loop/command.ts";
import type { EventOf, LoopEvent, PersonRequest, RaisedAlarm } from "../loop/event.ts";
import { CLOSING_WINDOW } from "../loop/experiment-machine.ts";
import type { LoopState, Stepped } from "../loop/loop.ts";
import type { CampaignJournal } from "../record/journal.ts";
import type { JournalEntry } from "../record/journal-entry.ts";
import { RecordError } from "../record/record-error.ts";
import type { AlarmKeeper } from "./alarm/alarm-keeper.ts";
import { isAboutAlarms } from "./alarm/is-about-alarms.ts";
import { type EffectAbilities, Effects } from "./effects.ts";
import type { Supervisor } from "./interlock/supervisor.ts";
import { makeAllSafe } from "./make-all-safe.ts";
import type { NotifyKeeper } from "./notify/notify-keeper.ts";
import { BreakOffs, breakingOf } from "./perform/break-offs.ts";
import { Pause } from "./perform/pause.ts";
import { type Progress, proceed } from "./progress.ts";
import type { Guard } from "./safety/guard.ts";
import type { LabShare } from "./share/seat.ts";

/** What a campaign's runtime is made of. */
export interface RuntimeOptions extends EffectAbilities {
  readonly journal: CampaignJournal;
  /** Where to go on from. */
  readonly from: Progress;
  /** Called in order with every entry that is durable. */
  readonly onEntry: (entry: JournalEntry, event: LoopEvent) => void;
  /** Called with every state, before it is durable. */
  readonly onState?: (state: LoopState) => void;
  readonly supervisor?: Supervisor;
  /** Keeps the alarms; there are none when absent. */
  readonly alarms?: Pick<AlarmKeeper, "book" | "observe" | "stop">;
  /** Decides who is told what; nobody is when absent. */
  readonly notify?: Pick<NotifyKeeper, "observe" | "stop">;
  readonly guard?: Guard;
  readonly share?: LabShare;
  /** Requests that the journal holds already, to be taken up again at the same place of a re-run. */
  readonly recorded?: (seq: number) => { readonly event: LoopEvent; readonly now: number } | undefined;
}

/** How a campaign's run ended. */
export type RunEnd =
  | { readonly kind: "concluded"; readonly event: EventOf<"campaign.concluded"> }
  | { readonly kind: "broken"; readonly fault: Fault; readonly cause: unknown };

/** Entries that may wait for their commit before the next repeatable command waits too. */
const MOST_UNCOMMITTED = 1024;

/**
 * Runs one campaign: takes an event, steps the machines, appends event and commands to the journal, starts the
 * effects. An effect that may not be repeated starts when its intent is durable.
 */
export class Runtime {
  readonly #options: RuntimeOptions;
  readonly #queue: LoopEvent[] = [];
  readonly #abort = new AbortController();
  readonly #outstanding = new Set<string>();
  readonly #breakOffs = new BreakOffs();
  /** What goes on when the campaign is resumed. */
  readonly #pause = new Pause();
  readonly #effects: Effects;
  /** Beliefs by the command that asked for them, until the journal has their report. */
  readonly #learned = new Map<string, Belief>();
  #progress: Progress;
  #draining = false;
  #uncommitted = 0;
  #end: ((end: RunEnd) => void) | undefined;
  readonly ended: Promise<RunEnd>;

  constructor(options: RuntimeOptions) {
    this.#options = options;
    this.#progress = options.from;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#effects = new Effects({
      ...options,
      progress: () => this.#progress,
      abort: this.#abort,
      breakOffs: this.#breakOffs,
      ...(options.alarms && { findings: this }),
      isPaused: () => this.#isPausedNow(),
      resumed: () => this.#pause.over(() => this.held()),
      tell: (event) => this.dispatch(event),
      learned: (command, belief) => this.#learned.set(command, belief),
    });
  }

  /** What a snapshot keeps. */
  progress(): Progress {
    return this.#progress;
  }

  /** Takes an event in; it is handled before anything that comes later. */
  dispatch(event: LoopEvent): void {
    this.#queue.push(event);
    if (this.#draining) return;
    this.#draining = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) this.#take(next);
    } catch (error) {
      this.#break(error);
    } finally {
      this.#draining = false;
    }
  }

  /**
   * A person wants something of the campaign. An emergency doesn't wait for the journal.
   *
   * @returns whether it changed anything
   */
  request(request: PersonRequest): boolean {
    if (request.request === "halt" && this.#end !== undefined) {
      this.makeSafeAtOnce("halted by a person");
    }
    if (request.request === "abort") this.#abort.abort(new Error("aborted by a person"));
    const before = JSON.stringify(this.#progress.state);
    const brokenOff = this.#breakOffs.count;
    const book = this.#options.alarms?.book;
    this.dispatch({ type: "person.requested", ...request });
    if (isAboutAlarms(request)) return this.#options.alarms?.book !== book;
    return this.#breakOffs.count > brokenOff || JSON.stringify(this.#progress.state) !== before;
  }

  /** Something wants a person's attention; nothing that the campaign does depends on it. */
  raise(alarm: RaisedAlarm): void {
    this.dispatch({ type: "alarm.raised", ...alarm });
  }

  /** What raised an alarm is over. */
  clear(alarm: string): void {
    this.dispatch({ type: "alarm.cleared", alarm, readings: [] });
  }

  /** Tells every instrument to be safe before anything is written down; what comes of it is read back when they are parked. */
  makeSafeAtOnce(why: string): void {
    this.#abort.abort(new Error(why));
    void makeAllSafe(this.#options.instruments, this.#options.clock);
  }

  /** Breaks off what experiments are at, as far as that is what a request means. */
  #breakOff({ request, by, experiment: which }: PersonRequest): void {
    const kind = breakingOf(request);
    if (kind === undefined || (kind === "hold" && !this.#isPausedNow())) return;
    const { performing } = this.#progress.state.campaign.context;
    const experiments = performing.filter((each) => which === undefined || each === which);
    this.#breakOffs.breakOff(experiments, { kind, by });
  }

  /** Whether even what is under way waits, where it may be done again. */
  #isPausedNow(): boolean {
    const { campaign } = this.#progress.state;
    const mode = modeOf(campaign);
    return campaign.context.hold === "now" && (mode === "pausing" || mode === "paused");
  }

  /** Takes up commands whose results were lost with a former process; what goes wrong ends the run as broken. */
  async takeUp(commands: readonly Command[]): Promise<void> {
    try {
      for (const command of commands) {
        this.#outstanding.add(command.id);
        if (command.kind === "perform" && !mayRepeat(command)) await this.#settle(command);
        else this.#start(command);
      }
    } catch (error) {
      this.#break(error);
    }
  }

  /** Finds out what became of a command that may not be repeated; what can't be known is journaled as unknown. */
  async #settle(command: PerformCommand): Promise<void> {
    const event = await this.#effects.settle(command);
    if (event === undefined) this.#start(command);
    else this.dispatch(event);
  }

  #take(event: LoopEvent): void {
    if (this.#end === undefined) return;
    this.#recorded();
    // The journal keeps whole milliseconds, and a replay must see the same time.
    this.#apply(event, Math.floor(this.#options.clock.now()));
    if (this.#outstanding.size === 0) this.#recorded();
  }

  /** In a re-run in which nothing goes on until a person does something, that comes from the journal too. */
  held(): void {
    const waiting = (this.#options.supervisor?.held ?? 0) + this.#pause.waiting;
    if (waiting >= this.#outstanding.size) this.takeRecorded();
  }

  /** In a re-run, takes the request that stands next in the journal, if it is one. */
  takeRecorded(): void {
    if (this.#end === undefined) return;
    try {
      this.#recorded();
    } catch (error) {
      this.#break(error);
    }
  }

  /** In a re-run, requests of persons come from the journal, where they stood. */
  #recorded(): void {
    for (;;) {
      const found = this.#options.recorded?.(this.#options.journal.head().seq + 1);
      if (found === undefined) return;
      this.#apply(found.event, found.now);
    }
  }

  #apply(event: LoopEvent, now: number): void {
    if (event.type === "window.closing" && closesNow(this.#progress.state.campaign.context, event.command))
      this.#breakOff({ request: "discard", by: CLOSING_WINDOW });
    const stepped = this.#options.loop.step(this.#progress.state, event, now);
    const command = "command" in event ? event.command : "";
    this.#progress = proceed(this.#progress, event, stepped, this.#learned.get(command));
    if (event.type === "person.requested") this.#breakOff(event);
    if (this.#pause.waiting > 0 && !this.#isPausedNow()) this.#pause.end();
    this.#outstanding.delete(command);
    this.#learned.delete(command);
    this.#observed(event, stepped, now);
    const durable = this.#append(event, stepped, now);
    for (const { id } of stepped.commands) this.#outstanding.add(id);
    this.#startAll(stepped.commands, durable);
  }

  /** Tells everything that follows the campaign, before the event is durable. */
  #observed(event: LoopEvent, { state, commands }: Stepped, now: number): void {
    const { onState, supervisor, share, guard, alarms, notify, history } = this.#options;
    onState?.(state);
    supervisor?.observe(state);
    share?.observe(event, state);
    guard?.observe(event, (each) => state.experiments[each] !== undefined);
    alarms?.observe(event, state, now);
    notify?.observe(event, state, now);
    history?.observe(event, now, commands);
  }

  /** Settles when an event is durable. */
  #append(event: LoopEvent, { commands }: Stepped, now: number): Promise<void> {
    const { entry, committed } = this.#options.journal.append(
      now,
      event,
      commands,
      modeOf(this.#progress.state.campaign),
    );
    this.#uncommitted += 1;
    const durable = committed.then(
      () => {
        this.#uncommitted -= 1;
        this.#options.onEntry(entry, event);
        if (event.type === "campaign.concluded") this.#finish({ kind: "concluded", event });
      },
      (error: unknown) => {
        this.#break(error);
        throw error;
      },
    );
    durable.catch(() => {});
    return durable;
  }

  /** Starts what may be repeated at once, and the rest when its intent is durable. */
  #startAll(commands: readonly Command[], durable: Promise<void>): void {
    const waits = this.#uncommitted > MOST_UNCOMMITTED;
    const after = commands.filter((command) => waits || !mayRepeat(command));
    for (const command of commands) if (!after.includes(command)) this.#start(command);
    if (after.length === 0) return;
    this.#options.clock.external(durable).then(
      () => {
        for (const command of after) this.#start(command);
      },
      () => {},
    );
  }

  #start(command: Command): void {
    if (this.#end === undefined) return;
    this.#effects.carryOut(command).then(
      (event) => {
        this.#options.clock.touch();
        this.dispatch(event);
      },
      (error: unknown) => this.#break(error),
    );
  }

  #break(error: unknown): void {
    const fault: Fault =
      error instanceof RecordError
        ? error.fault
        : {
            code: "labloop.bug",
            message: `labloop itself failed: ${error instanceof Error ? error.message : String(error)}`,
            advice: "run again with --debug and report what it prints; the journal is intact",
          };
    this.#abort.abort(error);
    this.#finish({ kind: "broken", fault, cause: error });
  }

  #finish(end: RunEnd): void {
    this.#options.supervisor?.stop();
    this.#options.alarms?.stop();
    this.#options.notify?.stop();
    this.#effects.end();
    this.#end?.(end);
    this.#end = undefined;
  }
}
