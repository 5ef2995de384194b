import type { Clock } from "../base/clock.ts";
import type { Fault } from "../base/fault.ts";
import type { Belief } from "../hypothesis/belief.ts";
import type { Person } from "../instrument/index.ts";
import type { EventOf, LoopEvent, Notification, PersonRequest, RunMode } from "../loop/event.ts";
import type { History } from "../loop/history.ts";
import { createLoop, type Loop, type LoopState } from "../loop/loop.ts";
import type { Database } from "../record/database.ts";
import { openJournal } from "../record/journal.ts";
import { EMPTY_HEAD, eventOf, type JournalEntry } from "../record/journal-entry.ts";
import { type CampaignRow, openStore, type Store } from "../record/store.ts";
import { initialBelief } from "../update/bayes/update-belief.ts";
import { AlarmKeeper } from "./alarm/alarm-keeper.ts";
import { type Announce, Announcer } from "./alarm/announcer.ts";
import { type AlarmBook, bookOf } from "./alarm/fold-alarms.ts";
import type { AskPerson } from "./ask-person.ts";
import type { Compute } from "./compute/compute.ts";
import { carryOutSafely } from "./interlock/safe-procedure.ts";
import { Supervisor, type SupervisorOptions } from "./interlock/supervisor.ts";
import { latchedBy, latchFault } from "./latch.ts";
import type { LoadedCampaign } from "./load-campaign.ts";
import type { MadeSafe } from "./make-all-safe.ts";
import { notifiedOf } from "./notify/notify-book.ts";
import { NotifyKeeper } from "./notify/notify-keeper.ts";
import type { Post } from "./notify/post.ts";
import { type AlarmRaising, Reachability } from "./notify/reachable.ts";
import { undelivered } from "./notify/undelivered.ts";
import { byRole, openRealLab, openSimulatedLab } from "./open-lab.ts";
import { type Claim, claimCampaign, isHeld, untilMadeSafe } from "./ownership.ts";
import { parkInstruments } from "./park-instruments.ts";
import { betweenMilliseconds, HALF, listenForRequests } from "./person-requests.ts";
import { QuestionDesk } from "./question/question-desk.ts";
import { readAll } from "./read-all.ts";
import type { Recovered } from "./recover.ts";
import type { DrawnOutcomes } from "./rehearse/drawn-outcomes.ts";
import { type LearnedDurations, type Pace, paced } from "./rehearse/learned-durations.ts";
import { reload } from "./reload-campaign.ts";
import { isTimed, rerunJournal } from "./rerun-journal.ts";
import { rolesOf } from "./roles-of.ts";
import { type RunEnd, Runtime, type RuntimeOptions } from "./runtime.ts";
import { askApproval } from "./safety/ask-approval.ts";
import { Guard } from "./safety/guard.ts";
import { hasRules } from "./safety/rules.ts";
import type { Seat } from "./share/seat.ts";
import { recoverFrom, snapshotKeeper } from "./snapshot-keeper.ts";
import { countStock, roomIn } from "./stock/count-stock.ts";
import { observeEntry } from "./suspicion/learn-history.ts";
import {
  earlierHistory,
  type HistoryBench,
  keepLearned,
  openHistory,
  readLearned,
} from "./suspicion/open-history.ts";
import { SystemClock } from "./system-clock.ts";
import { virtualTime, wallClock } from "./virtual-time.ts";
import { isAtWork } from "./watch/is-watched.ts";
import type { Watchdog } from "./watchdog/watchdog.ts";
import { watchdogFor } from "./watchdog/watchdog-for.ts";

/** What watches a campaign while it runs, and answers for the person in the lab. */
export interface Observer {
  /** Every event, once it is durable, in order. */
  onEntry(entry: JournalEntry, event: LoopEvent): void;
  onState?(state: LoopState, now: number): void;
  note(text: string): void;
  /** The alarms as they are, whenever something may have changed them. */
  onAlarms?(book: AlarmBook): void;
  /** Told of alarms once they are durable. */
  readonly announce?: Announce;
  /** Brings messages to people; nothing is sent when absent, as in a rehearsal. */
  readonly post?: Post;
  readonly ask: AskPerson;
}

/** How a campaign ended, and after a breakdown what became of its instruments. */
export type CampaignEnd =
  | Extract<RunEnd, { kind: "concluded" }>
  | (Extract<RunEnd, { kind: "broken" }> & {
      /** Undefined when another process drives them. */
      readonly instruments: MadeSafe | undefined;
    });

/** A campaign that is running. */
export interface RunningCampaign {
  readonly id: string;
  readonly key: string;
  readonly loop: Loop;
  readonly clock: Clock;
  readonly startedAt: number;
  /** @returns whether the request changed anything */
  request(request: PersonRequest): Promise<boolean>;
  /** Alarms about what is around the campaign, which whoever runs it may raise. */
  readonly findings: AlarmRaising;
  /** Settles when the campaign has ended and everything is closed. */
  readonly ended: Promise<CampaignEnd>;
}

/** A running campaign, or why it can't run. */
export type Started =
  | { readonly kind: "running"; readonly running: RunningCampaign }
  | {
      readonly kind: "refused";
      readonly reason: "input" | "instrument" | "held" | "done" | "tripped";
      readonly faults: readonly Fault[];
    };

/** What a campaign is started with. */
export interface StartOptions {
  /** What actions of simulated instruments take, where that is learned from real ones. */
  readonly durations?: LearnedDurations;
  /** What experiments measure in a rehearsal, where instruments can't be simulated; what instruments read when absent. */
  readonly outcomes?: DrawnOutcomes;
  readonly loaded: LoadedCampaign;
  /** Path of the campaign file. */
  readonly source: string;
  readonly mode: RunMode;
  readonly database: Database;
  readonly compute: Compute;
  readonly observer: Observer;
  /** Who answers for instruments that are people. */
  readonly person?: Person;
  /** When a campaign that goes on had begun, and when something happened last, milliseconds since 1970. */
  readonly begun?: number;
  readonly last?: number;
  /** Seconds of lab time that pass in one, in the mode "real-time"; the clock on the wall counts when absent. */
  readonly speed?: number;
  /** Whether a simulated campaign learns from earlier ones what is usual; those on real instruments always do. */
  readonly history?: boolean;
  /** Its place in a lab that it shares with other campaigns. */
  readonly seat?: Seat;
}

/** Starts a campaign from its files; one that has a seat begins when all that share its lab can. */
export async function startCampaign(options: StartOptions): Promise<Started> {
  const { seat } = options;
  if (seat === undefined) return watched(options, (watchdog) => start(options, watchdog));
  let started: Started | undefined;
  try {
    started = await start({ ...options, loaded: seat.loaded }, seat.watchdog);
    return started;
  } finally {
    if (started?.kind !== "running") await seat.giveUp();
  }
}

/** Starts a campaign with a watchdog beside it, where the lab has one; it goes when the campaign doesn't begin. */
async function watched(
  { loaded, mode, database, observer }: StartOptions,
  begin: (watchdog: Watchdog | undefined) => Promise<Started>,
): Promise<Started> {
  const watchdog = watchdogFor({
    loaded,
    instruments: [...new Set(Object.values(rolesOf(loaded)))],
    mode,
    database,
    note: (text) => observer.note(text),
  });
  let started: Started | undefined;
  try {
    started = await begin(watchdog);
    return started;
  } finally {
    if (started?.kind !== "running") await watchdog?.dismiss();
  }
}

async function start(options: StartOptions, watchdog: Watchdog | undefined): Promise<Started> {
  const { loaded, mode, database } = options;
  const store = openStore(database);
  if (mode === "live")
    for (const row of await store.campaigns()) {
      const fault = await untilMadeSafe(row);
      if (fault !== undefined) return refused("held", fault);
    }
  const before = (await store.find(loaded.id)).find(
    (row) => row.id === loaded.id && row.state !== "concluded",
  );
  // A run that never got its first entry written has done nothing: it is begun again.
  const empty = before !== undefined && before.headSeq === 0 && !isHeld(before) ? before : undefined;
  if (before !== undefined && empty === undefined && (mode === "live" || isHeld(before)))
    return refused("held", unfinishedFault(before));
  const latch = mode === "live" ? await latchedBy(store, loaded.lab.name) : undefined;
  if (latch !== undefined) return refused("tripped", latchFault(latch));
  const opened = await open(options, watchdog);
  if (opened.kind === "refused") return opened;
  return closingOnError(opened.lab, async () => {
    const row =
      empty ??
      (await store.create({
        id: loaded.id,
        name: loaded.campaign.name,
        source: options.source,
        simulated: mode !== "live",
        createdAt: new Date().toISOString(),
      }));
    const files: Record<string, string> = {};
    for (const [part, text] of Object.entries(loaded.texts)) {
      files[part] = await store.keepBlock("application/yaml", Buffer.from(text));
    }
    const { name, seed } = loaded.campaign;
    const bench = benchOf(loaded, opened.lab);
    const learned = await earlierHistory(store, bench, { name, mode, asked: options.history === true });
    files["history"] = await keepLearned(store, learned);
    const claimed = await claimCampaign(store, row, watchdog?.pid);
    if (claimed.kind === "held") {
      await opened.lab.lab.close();
      return refused("held", claimed.fault);
    }
    const judged = { ...opened.lab, history: openHistory(bench, learned) };
    const alone = await options.seat?.ready();
    if (alone !== undefined) {
      await Promise.all([opened.lab.lab.close(), claimed.claim.release()]);
      return refused("held", alone);
    }
    const { running, runtime } = launch(options, judged, store, row, claimed.claim, undefined);
    const { speed, seat } = options;
    const together = seat && { together: seat.together };
    runtime.dispatch({
      type: "campaign.started",
      name,
      seed,
      mode,
      ...(speed && { speed }),
      files,
      ...together,
    });
    return { kind: "running", running };
  });
}

/** Does what comes after the opening of a lab; a failure leaves no line open, which would keep the process alive. */
async function closingOnError<T>({ lab }: OpenedCampaign, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    await lab.close();
    throw error;
  }
}

/** What a campaign is resumed with. */
export interface ResumeOptions {
  readonly row: CampaignRow;
  readonly database: Database;
  readonly compute: Compute;
  readonly observer: Observer;
  /** Who answers for instruments that are people. */
  readonly person?: Person;
  /** What a person wants before anything else is done. */
  readonly first?: PersonRequest;
}

/** Takes up a campaign whose process ended before it was concluded. */
export async function resumeCampaign(options: ResumeOptions): Promise<Started> {
  const { row, database } = options;
  const store = openStore(database);
  if (row.state === "concluded") return refused("done", concludedFault(row));
  const stored: JournalEntry[] = [];
  for await (const entry of store.entries(row.key)) stored.push(entry);
  const first = stored[0] === undefined ? undefined : eventOf(stored[0]);
  if (first?.type !== "campaign.started") return refused("input", emptyFault(row));
  const loading = await reload(store, row, first);
  if (loading.kind === "faults") return { kind: "refused", reason: "input", faults: loading.faults };
  if (first.together !== undefined && first.mode === "virtual")
    return refused("input", togetherFault(row, first.together));
  const begun: StartOptions = {
    ...options,
    loaded: loading.loaded,
    source: row.source,
    mode: first.mode,
    ...(first.mode === "real-time" && {
      begun: Date.parse((stored[0] as JournalEntry).time),
      last: Date.parse((stored.at(-1) as JournalEntry).time),
      ...(first.speed && { speed: first.speed }),
    }),
  };
  return watched(begun, (watchdog) => goOn(begun, options, { stored, begun: first }, watchdog));
}

async function goOn(
  start: StartOptions,
  { row, first }: ResumeOptions,
  {
    stored,
    begun,
  }: { readonly stored: readonly JournalEntry[]; readonly begun: EventOf<"campaign.started"> },
  watchdog: Watchdog | undefined,
): Promise<Started> {
  const store = openStore(start.database);
  const claimed = await claimCampaign(store, row, watchdog?.pid);
  if (claimed.kind === "held") return refused("held", claimed.fault);
  const opened = await open(start, watchdog);
  if (opened.kind === "refused") {
    await claimed.claim.release();
    return opened;
  }
  return closingOnError(opened.lab, async () => {
    const learned = await readLearned(store, begun.files["history"]);
    const history = learned && openHistory(benchOf(start.loaded, opened.lab), learned);
    const judged = { ...opened.lab, ...(history && { history }) };
    if (start.mode === "virtual") {
      const { running, runtime } = launch(start, judged, store, row, claimed.claim, {
        kind: "re-run",
        stored,
        ...(first && { first }),
      });
      runtime.dispatch(begun);
      return { kind: "running", running };
    }
    if (history !== undefined) for (const entry of stored) observeEntry(history, entry);
    const recovered = await recoverFrom(store, row, opened.lab, start.compute, stored);
    const { running, runtime } = launch(start, judged, store, row, claimed.claim, {
      kind: "go on",
      recovered,
      stored,
    });
    const inDoubt = recovered.outstanding.filter((command) => command.kind === "perform").map(({ id }) => id);
    for (const firing of await firingsSince(store, row.key, stored)) runtime.dispatch(firing);
    const { found, unread } = await readAll(opened.lab.lab.instruments, opened.lab.clock);
    runtime.dispatch({
      type: "campaign.resumed",
      by: operator(),
      inDoubt,
      ...(Object.keys(found).length > 0 && { found }),
      ...(Object.keys(unread).length > 0 && { unread }),
    });
    if (first !== undefined) runtime.request(first);
    void runtime.takeUp(recovered.outstanding);
    return { kind: "running", running };
  });
}

/** Who runs this process. */
function operator(): string {
  return process.env["USER"] ?? "operator";
}

/** What watchdogs did that the journal doesn't have. */
export async function firingsSince(
  store: Store,
  key: string,
  stored: readonly JournalEntry[],
): Promise<EventOf<"watchdog.fired">[]> {
  const known = new Set(
    stored.map(eventOf).flatMap((event) => (event.type === "watchdog.fired" ? [event.at] : [])),
  );
  return (await store.firings(key)).filter(({ at }) => !known.has(at));
}

interface OpenedCampaign {
  readonly watchdog: Watchdog | undefined;
  readonly loop: Loop;
  readonly clock: Clock;
  /** Lets the clock keep pace with the wall, where it does. */
  readonly begin: () => void;
  readonly belief: Belief;
  readonly lab: Extract<Awaited<ReturnType<typeof openSimulatedLab>>, { kind: "open" }>;
  /** Instrument of the lab for each role, also for those that are only read. */
  readonly roles: Readonly<Record<string, string>>;
  /** What is usual; absent for a campaign that was begun without it. */
  readonly history?: History;
}

function benchOf(loaded: LoadedCampaign, { lab, roles }: OpenedCampaign): HistoryBench {
  return { lab: loaded.lab, roles, instruments: lab.instruments };
}

async function open(
  options: StartOptions,
  watchdog: Watchdog | undefined,
): Promise<{ kind: "open"; lab: OpenedCampaign } | Extract<Started, { kind: "refused" }>> {
  const { loaded, mode, observer } = options;
  if (options.seat !== undefined) return { kind: "open", lab: seatedCampaign(loaded, options.seat) };
  const { clock, begin } = clockFor(options);
  const opener = mode === "live" ? openRealLab : openSimulatedLab;
  const roles = rolesOf(loaded);
  const lab = await opener({
    lab: loaded.lab,
    roles,
    clock,
    seed: loaded.campaign.seed,
    signal: new AbortController().signal,
    ...(options.person === undefined ? {} : { person: options.person }),
    ...(options.begun === undefined ? {} : { begin: options.begun }),
    ...(options.outcomes && { drawn: { durations: options.durations ?? {} } }),
    note: (text) => observer.note(text),
  });
  if (lab.kind === "failed") return refused("instrument", lab.fault);
  const unwatched = await watchdog?.ready;
  if (unwatched !== undefined) {
    await lab.close();
    return refused("instrument", unwatched);
  }
  const { definition, seed } = loaded.campaign;
  const { durations } = options;
  return {
    kind: "open",
    lab: {
      watchdog,
      loop: createLoop(definition),
      clock,
      begin,
      belief: initialBelief(definition.problem),
      lab: durations === undefined ? lab : pacedLab(lab, roles, { durations, clock, seed }),
      roles,
    },
  };
}

/** A clock, and what is to be done when the campaign begins or goes on. */
interface CampaignClock {
  readonly clock: Clock;
  readonly begin: () => void;
}

/** Simulated instruments have a virtual clock also in real time, which keeps pace with the wall: the journal is the same. */
function clockFor({ loaded: { lab }, mode, speed, last }: StartOptions): CampaignClock {
  if (mode === "live") return { clock: new SystemClock(), begin: () => undefined };
  if (mode === "virtual") return { clock: virtualTime(lab.start), begin: () => undefined };
  const clock = virtualTime(speed === undefined ? Date.now() : (last ?? lab.start));
  const begin = (): void => {
    clock.keepPace(speed === undefined ? wallClock(Date.now(), 1) : wallClock(clock.now(), speed));
  };
  return { clock, begin };
}

/** A campaign in a lab that was opened for several. */
function seatedCampaign(loaded: LoadedCampaign, { clock, lab, watchdog }: Seat): OpenedCampaign {
  const { definition } = loaded.campaign;
  const belief = initialBelief(definition.problem);
  return {
    watchdog,
    loop: createLoop(definition),
    clock,
    belief,
    lab,
    begin: () => undefined,
    roles: rolesOf(loaded),
  };
}

/** A simulated lab whose instruments take their time as the real ones did. */
function pacedLab(
  lab: OpenedCampaign["lab"],
  roles: Readonly<Record<string, string>>,
  pace: Omit<Pace, "name">,
): OpenedCampaign["lab"] {
  const named = Object.fromEntries(
    Object.entries(lab.named).map(([name, instrument]) => [name, paced(instrument, { name, ...pace })]),
  );
  return { ...lab, named, instruments: byRole(roles, named) };
}

type Continuation =
  | { readonly kind: "re-run"; readonly stored: readonly JournalEntry[]; readonly first?: PersonRequest }
  | { readonly kind: "go on"; readonly recovered: Recovered; readonly stored: readonly JournalEntry[] }
  | undefined;

function launch(
  options: StartOptions,
  opened: OpenedCampaign,
  store: Store,
  row: CampaignRow,
  claim: Claim,
  continuation: Continuation,
): { running: RunningCampaign; runtime: Runtime } {
  const { watchdog, loop, clock, begin, lab, history } = opened;
  const { observer, seat } = options;
  begin();
  const writer = seat?.writer ?? openJournal(options.database);
  const last = continuation?.stored.at(-1);
  const head = last === undefined ? EMPTY_HEAD : { seq: last.seq, hash: last.hash };
  const behind = writer.campaign(row.key, claim.epoch, head);
  const rerun =
    continuation?.kind === "re-run"
      ? rerunJournal(continuation.stored, behind, continuation.first)
      : undefined;
  const journal = rerun?.journal ?? behind;
  const keeper = snapshotKeeper(store, row.key);
  const { alarms: policy } = options.loaded.lab;
  // What a re-run is told again isn't known beforehand.
  const stored = continuation?.kind === "go on" ? continuation.stored : [];
  const book = bookOf(policy, stored);
  const announcer = new Announcer(policy, observer.announce ?? (() => undefined), book);
  const tell = (event: LoopEvent): void => {
    clock.touch();
    runtime.dispatch(event);
  };
  const trip = (event: EventOf<"interlock.tripped">): void => {
    if (event.then === "halt") runtime.makeSafeAtOnce(event.fault.message);
    tell(event);
  };
  const desk = new QuestionDesk({
    ask: observer.ask,
    operator: operator(),
    roles: options.loaded.lab.roles,
    priority: policy.priorities.question,
    clock,
    runtime: () => runtime,
    tell,
  });
  const ask = options.mode === "live" ? desk.ask : observer.ask;
  const alarms = alarmsKept(options, opened, book, tell);
  const notify = notified(options, { id: row.id, clock, stored, alarms, tell });
  const post = posted(options, () => runtime);
  const runtime: Runtime = new Runtime({
    loop,
    clock,
    journal,
    compute: options.compute,
    instruments: lab.instruments,
    from:
      continuation?.kind === "go on"
        ? continuation.recovered.progress
        : { state: loop.begin(), belief: opened.belief, observed: {} },
    ask,
    ...(history && { history }),
    ...(options.outcomes && { outcomes: options.outcomes }),
    onEntry: (entry, event) => {
      keeper.durable(entry);
      observer.onEntry(entry, event);
      announcer.event(event, Date.parse(entry.time));
      if (event.type === "notification.queued") post(event);
      observer.onAlarms?.(announcer.book);
    },
    onState: (state) => {
      observer.onState?.(state, clock.now());
      keeper.offer(runtime.progress(), journal.head().seq + 1);
    },
    ...(rerun === undefined ? {} : { recorded: rerun.recorded }),
    alarms,
    ...(notify && { notify }),
    ...guarded(options, opened, stored, ask, async () => {
      const { name, supplies } = options.loaded.lab;
      await writer.flushed();
      return (await countStock(store, name, supplies)).map(roomIn);
    }),
    windows: options.loaded.windows,
    safeProcedure: (name) => {
      const carryOut = () => carryOutSafely(options.loaded.lab.safeProcedures[name] ?? [], lab.named, clock);
      return seat === undefined ? carryOut() : seat.safely(name, carryOut);
    },
    ...(seat && { share: seat }),
    ...supervised(options, opened, {
      trip: (event) => {
        trip(event);
        // What only pauses leaves the instruments as they are, and each campaign watches for it by itself.
        if (event.then !== "pause") seat?.tell.trip(event);
      },
      holds: () => runtime.held(),
    }),
  });
  const request = async (wanted: PersonRequest): Promise<boolean> => {
    if (wanted.request === "answer") return desk.answer(wanted);
    if (options.mode === "virtual" && isTimed(wanted)) await betweenMilliseconds(clock);
    const changed = runtime.request(wanted);
    if (wanted.request === "halt") seat?.tell.halt(`campaign ${row.id} was halted on the same lab`);
    return changed;
  };
  seat?.listen({
    trip: (event) => {
      if (isAtWork(runtime.progress().state.campaign)) trip(event);
    },
    halt: (why) => void runtime.request({ request: "halt", by: operator(), why }),
  });
  for (const at of rerun?.timed ?? []) clock.at(at + HALF, () => runtime.takeRecorded());
  watchdog?.arm(row.key);
  for (const each of undelivered(stored)) post(each);
  const stopListening = listenForRequests(store, row.key, request);
  const ended = runtime.ended.then(async (end) => {
    stopListening();
    // Another process that has taken the campaign over tells of it.
    if (end.kind === "broken" && end.fault.code !== "record.fenced")
      for (const each of notify?.broken(end.fault.message) ?? []) post(each);
    const settled = await afterwards(end, lab.instruments, clock, seat);
    await writer.flushed();
    await Promise.allSettled([lab.close(), claim.release(), watchdog?.dismiss()]);
    return settled;
  });
  return {
    running: {
      id: row.id,
      key: row.key,
      loop,
      clock,
      startedAt: clock.now(),
      request,
      findings: runtime,
      ended,
    },
    runtime,
  };
}

/** A run that broke off leaves no instrument as it was, unless another process has taken it over. */
async function afterwards(
  end: RunEnd,
  instruments: OpenedCampaign["lab"]["instruments"],
  clock: Clock,
  seat: Seat | undefined,
): Promise<CampaignEnd> {
  if (end.kind === "concluded") return end;
  if (end.fault.code === "record.fenced") return { ...end, instruments: undefined };
  const { safe, unknown } = await parkInstruments(
    { instruments, clock, ...(seat && { share: seat }) },
    "park",
  );
  return { ...end, instruments: { safe, unknown } };
}

/** The supervisor of a campaign in a lab that has interlocks. */
function supervised(
  { loaded, mode, seat }: StartOptions,
  { clock, roles, lab: { named } }: OpenedCampaign,
  heard: Pick<SupervisorOptions, "trip" | "holds">,
): Pick<RuntimeOptions, "supervisor"> {
  const { interlocks } = loaded.lab;
  if (interlocks.length === 0) return {};
  const standsStill = mode === "virtual";
  const shared = seat && { exclusions: seat.exclusions };
  return {
    supervisor: new Supervisor({
      interlocks,
      instruments: named,
      roles,
      clock,
      standsStill,
      ...shared,
      ...heard,
    }),
  };
}

/** The keeper of a campaign's alarms, which takes up what its journal left behind. */
function alarmsKept(
  { loaded, mode }: StartOptions,
  { clock, lab: { named: instruments } }: OpenedCampaign,
  book: AlarmBook,
  tell: (event: LoopEvent) => void,
): AlarmKeeper {
  const standsStill = mode === "virtual";
  return new AlarmKeeper({ policy: loaded.lab.alarms, instruments, clock, standsStill, book, tell });
}

/** What decides who is told what, in a lab that has rules for it. */
function notified(
  { loaded, mode, observer }: StartOptions,
  campaign: {
    readonly id: string;
    readonly clock: Clock;
    readonly stored: readonly JournalEntry[];
    readonly alarms: AlarmKeeper;
    tell(event: LoopEvent): void;
  },
): NotifyKeeper | undefined {
  const { name: lab, zone, notify: policy } = loaded.lab;
  if (policy.rules.length === 0) return undefined;
  const { id, clock, stored, alarms, tell } = campaign;
  return new NotifyKeeper({
    policy,
    subject: { id, lab, zone },
    clock,
    simulated: mode === "virtual" || observer.post === undefined,
    standsStill: mode === "virtual",
    book: notifiedOf(stored),
    alarms: () => alarms.book,
    tell,
  });
}

/** What sends the messages of a campaign, and has journaled what becomes of them. */
function posted(
  { loaded, observer }: StartOptions,
  runtime: () => Runtime,
): (notification: Notification) => void {
  const reachability = new Reachability(loaded.lab.notify, {
    raise: (alarm) => runtime().raise(alarm),
    clear: (alarm) => runtime().clear(alarm),
  });
  return (notification) => {
    if (notification.simulated) return;
    observer.post?.put(notification, (outcome) => {
      runtime().dispatch(outcome);
      reachability.outcome(outcome);
    });
  };
}

/** The guard of a campaign with rules of safety; it knows what the journal says that isn't told it again. */
function guarded(
  { loaded, mode }: StartOptions,
  { clock, roles, lab: { named } }: OpenedCampaign,
  stored: readonly JournalEntry[],
  ask: AskPerson,
  room: () => Promise<readonly number[]>,
): Pick<RuntimeOptions, "guard"> {
  const { rules, campaign } = loaded;
  const { supplies } = loaded.lab;
  if (!hasRules(rules) && supplies.length === 0) return {};
  const guard = new Guard({
    rules,
    definition: campaign.definition.experiment,
    roles,
    instruments: named,
    clock,
    supplies,
    // A rehearsal begins with what the lab file declares.
    ...(mode === "live" && { room }),
    approve: (question, terms) => askApproval(ask, question, operator(), terms),
  });
  // Which of them go on is known with the next event.
  for (const entry of stored) guard.observe(eventOf(entry), () => true);
  return { guard };
}

function refused(
  reason: Extract<Started, { kind: "refused" }>["reason"],
  fault: Fault,
): Extract<Started, { kind: "refused" }> {
  return { kind: "refused", reason, faults: [fault] };
}

function unfinishedFault(row: CampaignRow): Fault {
  return {
    code: "campaign.unfinished",
    message: `this campaign was begun before and is not finished (${row.key}, ${row.state})`,
    advice: `go on with \`labloop resume ${row.key}\`, or change the seed for a new one`,
  };
}

function togetherFault({ key, source }: CampaignRow, others: readonly string[]): Fault {
  return {
    code: "campaign.ran-together",
    message: `campaign ${key} was simulated together with ${others.join(", ")}, and what it measured depends on them; it can't go on alone`,
    advice: `run the files together again (\`labloop run ${source} … --simulate\`), which takes as long as it took`,
  };
}

function concludedFault(row: CampaignRow): Fault {
  return {
    code: "campaign.concluded",
    message: `campaign ${row.key} is concluded; there is nothing to resume`,
    advice: `see \`labloop show ${row.key}\``,
  };
}

function emptyFault(row: CampaignRow): Fault {
  return {
    code: "campaign.empty",
    message: `campaign ${row.key} has no event in its journal`,
    advice: "run it again from its file",
  };
}
