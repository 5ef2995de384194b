import { type Cancel, type Clock, interruption } from "../base/clock.ts";
import type { Fault } from "../base/fault.ts";
import { nextOpenSpan, type Window } from "../campaign/window/window.ts";
import { brokenConstraints } from "../experiment/space/feasibility.ts";
import type { Belief } from "../hypothesis/belief.ts";
import type { Setting } from "../hypothesis/parameter.ts";
import type { Instrument, Outcome, Readings } from "../instrument/contract/instrument.ts";
import { closesNow } from "../loop/campaign-machine.ts";
import { type Command, mayRepeat, type PerformCommand } from "../loop/command.ts";
import { DOUBT_ANSWERS, type DoubtAnswer } from "../loop/doubt.ts";
import type { EventOf, LoopEvent, PersonRequest, RaisedAlarm } from "../loop/event.ts";
import { CLOSING_WINDOW, givenUp } from "../loop/experiment-machine.ts";
import { forecast, type PlannedAction } from "../loop/forecast.ts";
import type { History } from "../loop/history.ts";
import type { Loop, LoopState } from "../loop/loop.ts";
import { type Measured, measure } from "../loop/measure.ts";
import { FAILURE_ANSWERS, type FailureAnswer } from "../loop/step-failure.ts";
import type { UnlikePolicy } from "../loop/suspicion.ts";
import type { CampaignJournal } from "../record/journal.ts";
import type { JournalEntry } from "../record/journal-entry.ts";
import { RecordError } from "../record/record-error.ts";
import type { AlarmKeeper } from "./alarm/alarm-keeper.ts";
import { type AskPerson, askAmong } from "./ask-person.ts";
import type { Compute } from "./compute/compute.ts";
import type { Supervisor } from "./interlock/supervisor.ts";
import { learnFrom } from "./learn-from.ts";
import { makeAllSafe } from "./make-all-safe.ts";
import type { NotifyKeeper } from "./notify/notify-keeper.ts";
import { type Progress, proceed } from "./progress.ts";
import type { Guard } from "./safety/guard.ts";
import type { LabShare, ParkingKind } from "./share/seat.ts";
import { judgeMeasurement } from "./suspicion/judge-measurement.ts";
import { watchOverdue } from "./suspicion/overdue-watch.ts";

/** What a campaign's runtime is made of. */
export interface RuntimeOptions {
  readonly loop: Loop;
  readonly clock: Clock;
  readonly journal: CampaignJournal;
  readonly compute: Compute;
  /** Instruments by role. */
  readonly instruments: Readonly<Record<string, Instrument>>;
  /** Where to go on from. */
  readonly from: Progress;
  /** Called in order with every entry that is durable. */
  readonly onEntry: (entry: JournalEntry, event: LoopEvent) => void;
  /** Called with every state, before it is durable. */
  readonly onState?: (state: LoopState) => void;
  /** Puts a question to the person in the lab. */
  readonly ask: AskPerson;
  /** When actions may happen; at any time when absent. */
  readonly windows?: readonly Window[];
  /** Carries out a safe procedure of the lab; gives what went wrong. */
  readonly safeProcedure?: (name: string) => Promise<readonly Fault[]>;
  /** Judges the lab's interlocks; there are none when absent. */
  readonly supervisor?: Supervisor;
  /** Keeps the alarms; there are none when absent. */
  readonly alarms?: Pick<AlarmKeeper, "book" | "observe" | "stop">;
  /** Decides who is told what; nobody is when absent. */
  readonly notify?: Pick<NotifyKeeper, "observe" | "stop">;
  /** Keeps the rules of safety; there are none when absent. */
  readonly guard?: Guard;
  /** The lab that it shares with other campaigns; it has the lab for itself when absent. */
  readonly share?: LabShare;
  /** What is usual; nothing is found unusual when absent. */
  readonly history?: History;
  /** What an experiment measures in place of what its readings give, in a rehearsal. */
  readonly outcomes?: (experiment: number, setting: Setting) => Measured;
  /** Requests that the journal holds already, to be taken up again at the same place of a re-run. */
  readonly recorded?: (seq: number) => { readonly event: LoopEvent; readonly now: number } | undefined;
}

/** How a campaign's run ended. */
export type RunEnd =
  | { readonly kind: "concluded"; readonly event: EventOf<"campaign.concluded"> }
  | { readonly kind: "broken"; readonly fault: Fault; readonly cause: unknown };

/** What a person wants of an effect that is under way, or the campaign of one that is overdue: to be done again, or to fail. */
interface BreakingOff {
  readonly kind: "discard" | "skip" | "retry" | "hold" | "overdue" | "fail";
  readonly by: string;
}

/** Whether a request is about alarms alone, and nothing that the campaign does. */
export function isAboutAlarms({ request }: PersonRequest): boolean {
  return request === "acknowledge-alarm" || request === "shelve" || request === "unshelve";
}

/** What requests want of effects that are under way. */
const BREAKS: Partial<Record<PersonRequest["request"], BreakingOff["kind"]>> = {
  discard: "discard",
  skip: "skip",
  retry: "retry",
  pause: "hold",
};

/** Whether a request can break off what is under way. */
export function breaksOff({ request, at }: PersonRequest): boolean {
  return BREAKS[request] !== undefined && (request !== "pause" || at === "now");
}

/** What an instrument is told when its action is broken off. */
const BROKEN_OFF: Readonly<Record<BreakingOff["kind"], string>> = {
  discard: "its sample is discarded",
  skip: "it is skipped",
  retry: "it is to be done again",
  hold: "the campaign is paused",
  overdue: "it went on for much longer than usual, and is to be done again",
  fail: "it went on for much longer than usual",
};

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
  /** Waits that are under way; they must not outlive the campaign. */
  readonly #timers = new Set<Cancel>();
  /** What people can have broken off of an experiment; each tells whether it takes that. */
  readonly #breaking = new Map<number, Set<(why: BreakingOff) => boolean>>();
  /** What goes on when the campaign is resumed. */
  readonly #paused: (() => void)[] = [];
  /** Effects that were broken off so far. */
  #brokenOff = 0;
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
    const brokenOff = this.#brokenOff;
    const book = this.#options.alarms?.book;
    this.dispatch({ type: "person.requested", ...request });
    if (isAboutAlarms(request)) return this.#options.alarms?.book !== book;
    return this.#brokenOff > brokenOff || JSON.stringify(this.#progress.state) !== before;
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
    const kind = BREAKS[request];
    if (kind === undefined || (kind === "hold" && !this.#isPausedNow())) return;
    const { performing } = this.#progress.state.campaign.context;
    for (const experiment of performing.filter((each) => which === undefined || each === which)) {
      for (const takes of this.#breaking.get(experiment) ?? []) if (takes({ kind, by })) this.#brokenOff += 1;
    }
  }

  /** Has something called when a person wants an experiment's effect broken off, until it is cancelled. */
  #onBreak(experiment: number, takes: (why: BreakingOff) => boolean): Cancel {
    const all = this.#breaking.get(experiment) ?? new Set();
    this.#breaking.set(experiment, all.add(takes));
    return () => {
      all.delete(takes);
      if (all.size === 0) this.#breaking.delete(experiment);
    };
  }

  /** Whether even what is under way waits, where it may be done again. */
  #isPausedNow(): boolean {
    const { value, context } = this.#progress.state.campaign;
    const { mode } = value as { mode?: unknown };
    return context.hold === "now" && (mode === "pausing" || mode === "paused");
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

  #take(event: LoopEvent): void {
    if (this.#end === undefined) return;
    this.#recorded();
    // The journal keeps whole milliseconds, and a replay must see the same time.
    this.#apply(event, Math.floor(this.#options.clock.now()));
    if (this.#outstanding.size === 0) this.#recorded();
  }

  /** In a re-run in which nothing goes on until a person does something, that comes from the journal too. */
  held(): void {
    const waiting = (this.#options.supervisor?.held ?? 0) + this.#paused.length;
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
    const { loop, journal, clock } = this.#options;
    if (event.type === "window.closing" && closesNow(this.#progress.state.campaign.context, event.command))
      this.#breakOff({ request: "discard", by: CLOSING_WINDOW });
    const stepped = loop.step(this.#progress.state, event, now);
    const command = "command" in event ? event.command : "";
    this.#progress = proceed(this.#progress, event, stepped, this.#learned.get(command));
    if (event.type === "person.requested") this.#breakOff(event);
    if (this.#paused.length > 0 && !this.#isPausedNow()) for (const go of this.#paused.splice(0)) go();
    this.#outstanding.delete(command);
    this.#learned.delete(command);
    this.#options.onState?.(stepped.state);
    this.#options.supervisor?.observe(stepped.state);
    this.#options.share?.observe(event, stepped.state);
    this.#options.guard?.observe(event, (each) => stepped.state.experiments[each] !== undefined);
    this.#options.alarms?.observe(event, stepped.state, now);
    this.#options.notify?.observe(event, stepped.state, now);
    this.#options.history?.observe(event, now, stepped.commands);
    const { entry, committed } = journal.append(now, event, stepped.commands, this.#label());
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
    for (const command of stepped.commands) this.#outstanding.add(command.id);
    const waits = this.#uncommitted > MOST_UNCOMMITTED;
    const after = stepped.commands.filter((command) => waits || !mayRepeat(command));
    for (const command of stepped.commands) if (!after.includes(command)) this.#start(command);
    if (after.length > 0) {
      clock.external(durable).then(
        () => {
          for (const command of after) this.#start(command);
        },
        () => {},
      );
    }
  }

  #label(): string | undefined {
    const value = this.#progress.state.campaign.value as { mode?: unknown };
    return typeof value.mode === "string" ? value.mode : undefined;
  }

  #start(command: Command): void {
    if (this.#end === undefined) return;
    this.#effect(command).then(
      (event) => {
        this.#options.clock.touch();
        this.dispatch(event);
      },
      (error: unknown) => this.#break(error),
    );
  }

  async #effect(command: Command): Promise<LoopEvent> {
    switch (command.kind) {
      case "decide":
        return this.#decide(command);
      case "review":
        return this.#review(command);
      case "perform":
        return this.#perform(command);
      case "wait":
        return this.#wait(command);
      case "ask":
        return this.#ask(command);
      case "measure":
        return this.#measure(command.id, command.experiment);
      case "update":
        return this.#update(command.id, command.experiment);
      case "open":
        return this.#open(command);
      case "close":
        await this.#moment(command.at);
        return { type: "window.closing", command: command.id, ends: command.ends };
      case "lease":
        await this.#options.share?.lease();
        return { type: "lease.given", command: command.id };
      case "look":
        await this.#moment(command.at);
        return { type: "turn.due", command: command.id };
      case "rest":
        return { type: "instruments.rested", command: command.id, ...(await this.#makeSafe("rest")) };
      case "park":
        return this.#park(command);
      case "conclude":
        return this.#conclude(command.id);
    }
  }

  async #decide(command: Extract<Command, { kind: "decide" }>): Promise<LoopEvent> {
    const { clock, compute, loop } = this.#options;
    const { waiting } = this.#progress.state.campaign.context;
    const running = Object.values(this.#progress.state.experiments).map(({ context }) => context.setting);
    const pending: Setting[] = [...waiting.map(({ setting }) => setting), ...running];
    const suggestions = await clock.external(
      compute.decide({
        kind: "decide",
        problem: loop.definition.problem,
        data: this.#progress.belief.observations,
        belief: this.#progress.belief,
        pending,
        count: command.count,
        decision: this.#progress.state.campaign.context.designed,
      }),
    );
    return { type: "suggestion.made", command: command.id, decision: command.decision, suggestions };
  }

  async #review(command: Extract<Command, { kind: "review" }>): Promise<LoopEvent> {
    const { guard, loop } = this.#options;
    const broken = brokenConstraints(loop.definition.problem.space, command.setting);
    const refused = broken.map(({ text }): Fault => {
      return { code: "experiment.refused", message: `the setting breaks the constraint "${text}"` };
    });
    const { id, experiment, setting } = command;
    const about = { type: "experiment.reviewed", command: id, experiment } as const;
    const reviewed =
      guard === undefined || refused.length > 0 ? { refused } : await guard.review(experiment, setting);
    const { window, experiment: definition } = loop.definition;
    if (window === undefined && definition.sharing === undefined) return { ...about, ...reviewed };
    const { longest, actions } = forecast(definition, setting);
    return {
      ...about,
      ...reviewed,
      ...(window && Number.isFinite(longest) && { longest }),
      ...(definition.sharing && { takes: this.#expected(id, actions) }),
    };
  }

  /** Milliseconds that actions are expected to take, by instruction; of those that are done several times the longest. */
  #expected(key: string, actions: readonly PlannedAction[]): Record<number, number> {
    const { history, instruments } = this.#options;
    const takes: Record<number, number> = {};
    for (const { at, role, action, arguments: planned } of actions) {
      const known = Object.entries(planned).filter(([, value]) => value !== undefined);
      const given = Object.fromEntries(known) as Record<string, number | string>;
      const expected =
        history?.expected({ id: key, role, action, arguments: given }) ??
        instruments[role]?.estimate({ action, arguments: given, key }) ??
        0;
      if (Number.isFinite(expected)) takes[at] = Math.max(takes[at] ?? 0, Math.round(expected));
    }
    return takes;
  }

  #instrumentFor({ role }: PerformCommand): Instrument {
    const instrument = this.#options.instruments[role];
    if (instrument === undefined) throw new Error(`the role "${role}" has no instrument`);
    return instrument;
  }

  /** What rule of safety an action would break. */
  async #unsafe(guard: Guard, command: PerformCommand, signal: AbortSignal): Promise<Fault | undefined> {
    const context = this.#progress.state.experiments[command.experiment]?.context;
    if (context === undefined)
      throw new Error(`${command.id} is to be done, but its experiment is not in flight`);
    return guard.permit(command, context.setting, signal);
  }

  /** Until an action has ended in whatever way; one that a person had broken off to be done again is begun again. */
  async #perform(command: PerformCommand): Promise<LoopEvent> {
    for (let again = false; ; ) {
      const context = this.#progress.state.experiments[command.experiment]?.context;
      const discarded = context && givenUp(context, command.id);
      if (discarded !== undefined)
        return { type: "action.failed", ...aboutOf(command), fault: discarded, effect: "none" };
      if (this.#isPausedNow() && mayRepeat(command)) await this.#resumed();
      const { outcome, broken } = await this.#attempt(command, again);
      if (outcome.kind === "done")
        return {
          type: "action.finished",
          ...aboutOf(command),
          ...numbersOf(outcome.readings, outcome.flags),
        };
      const { fault, effect } = outcome;
      const failed = { type: "action.failed", ...aboutOf(command), fault, effect } as const;
      if (broken?.kind === "discard") return { ...failed, discardedBy: broken.by };
      const isKnown = effect === "none" || (broken !== undefined && mayRepeat(command));
      if (!isKnown) return this.#inDoubt(command, fault, "failed");
      if (broken?.kind === "skip") return { ...failed, skippedBy: broken.by };
      if (broken?.kind === "fail") return failed;
      if (broken?.kind === "overdue") again = true;
      if (broken !== undefined) continue;
      const decided = await this.#afterFailure(command, fault);
      if (decided === "retry") continue;
      if (decided === "skip") return { ...failed, skippedBy: "a person" };
      if (decided === "discard") return { ...failed, discardedBy: "a person" };
      return failed;
    }
  }

  /** Has an instrument do an action once, until it has ended, is too late or is broken off. */
  async #attempt(
    command: PerformCommand,
    again: boolean,
  ): Promise<{ readonly outcome: Outcome; readonly broken?: BreakingOff }> {
    const instrument = this.#instrumentFor(command);
    const { id, role, action, experiment, within } = command;
    const { clock, supervisor, guard } = this.#options;
    const interrupt = interruption(this.#abort.signal);
    let broken: BreakingOff | undefined;
    const forget = this.#onBreak(experiment, (why) => {
      // To break off what may not be repeated would spoil the sample.
      if (why.kind === "hold" && !mayRepeat(command)) return false;
      if (broken?.kind !== "discard") broken = why;
      interrupt.abort(new Error(BROKEN_OFF[why.kind]));
      return true;
    });
    const permit = supervisor && (await supervisor.permit(command, interrupt.signal));
    let outcome: Outcome;
    const unsafe =
      permit?.kind === "refused"
        ? permit.fault
        : guard && (await this.#unsafe(guard, command, interrupt.signal));
    if (unsafe !== undefined) outcome = { kind: "failed", fault: unsafe, effect: "none" };
    else {
      const late = (): Error => new Error(`${role}.${action} took longer than ${within / 1000} s`);
      const inTime = clock.at(clock.now() + within, () => interrupt.abort(late()));
      const call = { action, arguments: command.arguments, key: id };
      const watched = this.#watchOverdue(command, again, (kind) => {
        broken ??= { kind, by: "the campaign file" };
        interrupt.abort(new Error(BROKEN_OFF[kind]));
      });
      outcome = await instrument.perform(call, interrupt.signal);
      inTime();
      watched();
    }
    if (permit?.kind === "granted") permit.release();
    interrupt.cancel();
    forget();
    return { outcome, ...(broken && { broken }) };
  }

  /** Tells when an action outlives its usual duration. */
  #watchOverdue(
    command: PerformCommand,
    again: boolean,
    breakOff: (how: "overdue" | "fail") => void,
  ): Cancel {
    const { history, clock, ask, loop } = this.#options;
    if (history === undefined) return () => undefined;
    const policies = loop.definition.suspicion?.overdue;
    const alarm = `slow.${command.role}.${command.action}`;
    let raised = false;
    const tell = (event: EventOf<"action.overdue">): void => {
      clock.touch();
      this.dispatch(event);
      raised = true;
      this.#find(alarm, overdueCause(event), "look whether the instrument still moves");
    };
    const forget = watchOverdue({ history, clock, policies, ask, again, tell, breakOff }, command);
    return () => {
      forget();
      if (raised) this.#findingOver(alarm);
    };
  }

  /** Raises an alarm over something that was found to be unlike what is usual. */
  #find(alarm: string, cause: string, say: string): void {
    if (this.#options.alarms === undefined) return;
    this.raise({ alarm, source: "finding", priority: "low", cause, say, readings: [] });
  }

  #findingOver(alarm: string): void {
    if (this.#options.alarms !== undefined) this.clear(alarm);
  }

  /** What a person or the campaign's policy makes of an action that failed and did nothing. */
  async #afterFailure({ role, action }: PerformCommand, fault: Fault): Promise<FailureAnswer> {
    const { atFailure, asked } = this.#options.loop.definition;
    const policy = atFailure?.byAction[`${role}.${action}`] ?? atFailure?.usual ?? "fail";
    if (policy === "fail" || this.#abort.signal.aborted) return "fail";
    const question = `${fault.message}. ${role}.${action} did nothing: what now?`;
    const { signal } = this.#abort;
    const choice = { question, answers: FAILURE_ANSWERS, signal, terms: asked?.failure };
    return (await askAmong(this.#options.ask, choice)) ?? "fail";
  }

  async #resumed(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#paused.push(resolve);
      this.held();
    });
  }

  /** Finds out what became of a command that may not be repeated; what can't be known is journaled as unknown. */
  async #settle(command: PerformCommand): Promise<void> {
    const { id, role, action } = command;
    const call = { action, arguments: command.arguments, key: id };
    const settled = await this.#instrumentFor(command).settle(call, this.#abort.signal);
    if (settled.kind === "not done") return this.#start(command);
    if (settled.kind === "done")
      return this.dispatch({
        type: "action.finished",
        ...aboutOf(command),
        ...numbersOf(settled.readings),
      });
    const fault: Fault = {
      code: "instrument.outcome-unknown",
      message: `nobody knows whether ${role}.${action} was done: ${settled.why}`,
      advice: "look at the sample; the experiment is left without a measurement",
    };
    this.dispatch(await this.#inDoubt(command, fault, "lost"));
  }

  /**
   * What becomes of a command of which nobody knows whether it was done, by the campaign's policy. Only one whose result
   * was lost can count as done unseen: of one that failed it is known that something went wrong.
   */
  async #inDoubt(command: PerformCommand, fault: Fault, why: "failed" | "lost"): Promise<LoopEvent> {
    const { role, action } = command;
    const about = aboutOf(command);
    const { doubts } = this.#options.loop.definition;
    const policy = doubts?.byAction[`${role}.${action}`] ?? doubts?.usual ?? "stop";
    const failed = { type: "action.failed", ...about, fault, effect: "unknown" } as const;
    const done = (by: string): LoopEvent => ({
      type: "action.finished",
      ...about,
      readings: {},
      flags: [`${role}.${action} counts as done, as ${by} says`],
    });
    if (this.#abort.signal.aborted) return failed;
    if (policy === "accept") return why === "lost" ? done("the campaign file") : failed;
    if (policy === "discard") return { ...failed, discardedBy: "the campaign file" };
    if (policy === "stop") return failed;
    switch (await this.#askAbout(command, fault)) {
      case "done":
        return done("a person");
      case "not done":
        return this.#perform(command);
      case "discard":
        return { ...failed, discardedBy: "a person" };
      case "stop":
        return failed;
    }
  }

  /** Where nobody is there to answer, the campaign stops. */
  async #askAbout({ role, action }: PerformCommand, fault: Fault): Promise<DoubtAnswer> {
    const { asked } = this.#options.loop.definition;
    const question = `${fault.message}. Look at the sample: was ${role}.${action} done?`;
    const choice = { question, answers: DOUBT_ANSWERS, terms: asked?.doubt };
    return (await askAmong(this.#options.ask, choice)) ?? "stop";
  }

  async #measure(id: string, experiment: number): Promise<LoopEvent> {
    const { loop, history, ask, outcomes } = this.#options;
    const context = this.#progress.state.experiments[experiment]?.context;
    if (context === undefined) throw new Error(`experiment ${experiment} is measured but not in flight`);
    const { setting, repeats, procedure } = context;
    const measured = outcomes?.(experiment, setting) ?? measure(loop.definition.measurements, procedure);
    const about = { type: "measurement.recorded", command: id, experiment, setting } as const;
    if (history === undefined) return { ...about, ...measured };
    const judged = await judgeMeasurement(
      {
        history,
        // A campaign that ends does nothing once more.
        policy: this.#progress.state.campaign.context.reason === null ? this.#unlikePolicy() : "note",
        ask,
        signal: this.#abort.signal,
      },
      { experiment, setting, measured, ...(repeats !== undefined && { repeats }) },
    );
    return { ...about, ...judged };
  }

  #unlikePolicy(): UnlikePolicy {
    return this.#options.loop.definition.suspicion?.unlike ?? "note";
  }

  async #update(id: string, experiment: number): Promise<LoopEvent> {
    const { clock, compute, loop } = this.#options;
    const task = learnFrom(compute, loop.definition.problem, this.#progress, experiment);
    const updated = await clock.external(task);
    if (updated === undefined)
      throw new Error(`experiment ${experiment} is to be learned from but has no measurement`);
    const { belief, report } = updated;
    this.#learned.set(id, belief);
    return { type: "belief.updated", command: id, experiment, report };
  }

  async #park(command: Extract<Command, { kind: "park" }>): Promise<LoopEvent> {
    if (command.urgent && !this.#abort.signal.aborted)
      this.#abort.abort(new Error("the campaign is brought to a safe state"));
    const { procedure } = command;
    const failed = procedure === undefined ? [] : ((await this.#options.safeProcedure?.(procedure)) ?? []);
    const made = await this.#makeSafe("park");
    const unknown = [...failed, ...made.unknown];
    return { type: "instruments.parked", command: command.id, ...made, unknown };
  }

  async #makeSafe(
    kind: ParkingKind,
  ): Promise<Pick<EventOf<"instruments.parked">, "states" | "unknown" | "left">> {
    const { instruments, clock, share } = this.#options;
    const { reason } = this.#progress.state.campaign.context;
    const isEmergency = reason === "interlock" || reason === "halted by a person";
    const parking = share?.parks(isEmergency ? "all" : kind);
    const left = parking?.left ?? {};
    const own = instrumentsBeside(instruments, left);
    const made = await makeAllSafe(own, clock);
    parking?.done();
    return {
      states: Object.fromEntries(Object.keys(own).map((role) => [role, made.safe[role] ?? "unknown"])),
      unknown: Object.keys(own).flatMap((role) => made.unknown[role] ?? []),
      ...(Object.keys(left).length > 0 && { left }),
    };
  }

  /** Until actions may happen for so long. */
  async #open({ id, least }: Extract<Command, { kind: "open" }>): Promise<LoopEvent> {
    const { clock, windows = [] } = this.#options;
    const span = nextOpenSpan(windows, clock.now(), least);
    if (span === undefined) return { type: "window.opened", command: id, until: null };
    if (span.from > clock.now()) await this.#moment(span.from);
    return { type: "window.opened", command: id, until: span.to };
  }

  #moment(at: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.clock.at(at, () => {
        this.#timers.delete(cancel);
        resolve();
      });
      this.#timers.add(cancel);
    });
  }

  #conclude(id: string): LoopEvent {
    const { account, reason } = this.#progress.state.campaign.context;
    const { best } = account;
    return {
      type: "campaign.concluded",
      command: id,
      reason: reason ?? "nothing left to try",
      experiments: account.measured + account.failed,
      ...(best === null
        ? {}
        : { best: { experiment: best.experiment, setting: best.setting, outcome: best.outcome } }),
    };
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

  /** Until a moment comes, or a person doesn't want to wait for it. */
  #wait({ id, until, experiment }: Extract<Command, { kind: "wait" }>): Promise<LoopEvent> {
    return new Promise((resolve) => {
      const end = (skippedBy?: string): void => {
        cancel();
        forget();
        this.#timers.delete(cancel);
        resolve({
          type: "timer.elapsed",
          command: id,
          experiment,
          ...(skippedBy !== undefined && { skippedBy }),
        });
      };
      const cancel = this.#options.clock.at(until, () => end());
      const forget = this.#onBreak(experiment, ({ kind, by }) => {
        if (kind !== "discard" && kind !== "skip") return false;
        end(kind === "skip" ? by : undefined);
        return true;
      });
      this.#timers.add(cancel);
    });
  }

  /** Until a person has answered, or doesn't want to any more. */
  async #ask({
    id,
    experiment,
    text,
    confirm,
    terms,
  }: Extract<Command, { kind: "ask" }>): Promise<LoopEvent> {
    const back = new AbortController();
    let forget: Cancel = () => undefined;
    const broken = new Promise<BreakingOff>((resolve) => {
      forget = this.#onBreak(experiment, (why) => {
        if (why.kind !== "discard" && why.kind !== "skip") return false;
        resolve(why);
        back.abort(new Error(BROKEN_OFF[why.kind]));
        return true;
      });
    });
    const asked = this.#options.ask(text, confirm, undefined, back.signal, terms);
    // A question that was taken back may end in whatever way.
    asked.catch(() => {});
    const said = await Promise.race([asked, broken]);
    forget();
    const about = { type: "person.answered", command: id, experiment, text } as const;
    if (typeof said === "string") return { ...about, answer: said };
    if (said.kind === "discard") return { ...about, answer: "discarded" };
    return { ...about, answer: "skipped", skippedBy: said.by };
  }

  #finish(end: RunEnd): void {
    this.#options.supervisor?.stop();
    this.#options.alarms?.stop();
    this.#options.notify?.stop();
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    this.#end?.(end);
    this.#end = undefined;
  }
}

function overdueCause({ instrument, action, after, usual }: EventOf<"action.overdue">): string {
  const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toPrecision(3)} s`;
  return `${instrument}.${action} has been going on for ${seconds(after)}; it usually takes ${seconds(usual.median)}`;
}

/** Instruments without those that are left to other campaigns. */
export function instrumentsBeside(
  instruments: Readonly<Record<string, Instrument>>,
  left: Readonly<Record<string, string>>,
): Readonly<Record<string, Instrument>> {
  return Object.fromEntries(Object.entries(instruments).filter(([role]) => left[role] === undefined));
}

/** What the events of a command say of it. */
function aboutOf({ id, experiment, role, action, arguments: given }: PerformCommand) {
  return { command: id, experiment, instrument: role, action, arguments: given };
}

/** Readings that the journal can give back; JSON keeps no other numbers than finite ones. */
function numbersOf(
  readings: Readings,
  flags: readonly string[] = [],
): Pick<EventOf<"action.finished">, "readings" | "flags"> {
  const lost = Object.keys(readings).filter((name) => !Number.isFinite(readings[name]));
  const told = [...flags, ...lost.map((name) => `unusable reading "${name}"`)];
  if (told.length === 0) return { readings };
  const kept = Object.fromEntries(Object.entries(readings).filter(([name]) => !lost.includes(name)));
  return { readings: kept, flags: told };
}
