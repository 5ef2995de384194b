import type { Fault } from "../base/fault.ts";
import type { Person } from "../instrument/index.ts";
import type { EventOf, PersonRequest } from "../loop/event.ts";
import type { Database } from "../record/database.ts";
import { eventOf, type JournalEntry } from "../record/journal-entry.ts";
import { type CampaignRow, openStore, type Store } from "../record/store.ts";
import type { ClaimedCampaign } from "./assemble/campaign-record.ts";
import { concludedFault, emptyFault, togetherFault, unfinishedFault } from "./campaign-faults.ts";
import type { Compute } from "./compute/compute.ts";
import { latchedBy, latchFault } from "./latch.ts";
import type { LoadedCampaign } from "./load-campaign.ts";
import type { Observer } from "./observer.ts";
import { type OpenedCampaign, openCampaign } from "./open-campaign.ts";
import { operatorName } from "./operator-name.ts";
import { claimCampaign, isHeld, untilMadeSafe } from "./ownership.ts";
import { readAll } from "./read-all.ts";
import { reload } from "./reload-campaign.ts";
import { rolesOf } from "./roles-of.ts";
import { launchCampaign, type RunningCampaign } from "./running-campaign.ts";
import { recoverFrom } from "./snapshot-keeper.ts";
import type { StartOptions } from "./start-options.ts";
import { observeEntry } from "./suspicion/learn-history.ts";
import {
  earlierHistory,
  type HistoryBench,
  keepLearned,
  openHistory,
  readLearned,
} from "./suspicion/open-history.ts";
import { firingsSince } from "./watchdog/firings-since.ts";
import type { Watchdog } from "./watchdog/watchdog.ts";
import { watchdogFor } from "./watchdog/watchdog-for.ts";

/** Why a campaign can't run. */
interface Refused {
  readonly kind: "refused";
  readonly reason: "input" | "instrument" | "held" | "done" | "tripped";
  readonly faults: readonly Fault[];
}

/** A running campaign, or why it can't run. */
export type Started = { readonly kind: "running"; readonly running: RunningCampaign } | Refused;

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
  const store = openStore(options.database);
  const place = await placeFor(options, store);
  if (place.kind === "refused") return place;
  const opening = await openCampaign(options, watchdog);
  if (opening.kind === "failed") return refused("instrument", opening.fault);
  const { opened } = opening;
  return closingOnError(opened, () => begin(options, opened, store, place.row));
}

/** The row that a campaign begins in, if it has one already, or what keeps it from beginning. */
async function placeFor(
  { loaded, mode }: StartOptions,
  store: Store,
): Promise<{ readonly kind: "free"; readonly row: CampaignRow | undefined } | Refused> {
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
  return { kind: "free", row: empty };
}

async function begin(
  options: StartOptions,
  opened: OpenedCampaign,
  store: Store,
  empty: CampaignRow | undefined,
): Promise<Started> {
  const { loaded, mode, speed, seat } = options;
  const row = empty ?? (await newRow(options, store));
  const files = await keepFiles(store, loaded);
  const { name, seed } = loaded.campaign;
  const bench = benchOf(loaded, opened);
  const learned = await earlierHistory(store, bench, { name, mode, asked: options.history === true });
  files["history"] = await keepLearned(store, learned);
  const claimed = await claimCampaign(store, row, opened.watchdog?.pid);
  if (claimed.kind === "held") {
    await opened.lab.close();
    return refused("held", claimed.fault);
  }
  const { claim } = claimed;
  const judged = { ...opened, history: openHistory(bench, learned) };
  const alone = await seat?.ready();
  if (alone !== undefined) {
    await Promise.all([opened.lab.close(), claim.release()]);
    return refused("held", alone);
  }
  const { running, runtime } = launchCampaign(options, judged, { store, row, claim });
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
}

function newRow({ loaded, source, mode }: StartOptions, store: Store): Promise<CampaignRow> {
  return store.create({
    id: loaded.id,
    name: loaded.campaign.name,
    source,
    simulated: mode !== "live",
    createdAt: new Date().toISOString(),
  });
}

/** Keeps the files of a campaign beside its journal; gives the hash of each. */
async function keepFiles(store: Store, { texts }: LoadedCampaign): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const [part, text] of Object.entries(texts)) {
    files[part] = await store.keepBlock("application/yaml", Buffer.from(text));
  }
  return files;
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

/** The journal of a campaign that goes on. */
interface Before {
  readonly stored: readonly JournalEntry[];
  readonly begun: EventOf<"campaign.started">;
}

async function goOn(
  start: StartOptions,
  { row, first }: ResumeOptions,
  before: Before,
  watchdog: Watchdog | undefined,
): Promise<Started> {
  const store = openStore(start.database);
  const claimed = await claimCampaign(store, row, watchdog?.pid);
  if (claimed.kind === "held") return refused("held", claimed.fault);
  const { claim } = claimed;
  const opening = await openCampaign(start, watchdog);
  if (opening.kind === "failed") {
    await claim.release();
    return refused("instrument", opening.fault);
  }
  const { opened } = opening;
  return closingOnError(opened, async () => {
    const learned = await readLearned(store, before.begun.files["history"]);
    const history = learned && openHistory(benchOf(start.loaded, opened), learned);
    const judged = { ...opened, ...(history && { history }) };
    const goes = start.mode === "virtual" ? repeat : takeUp;
    return { kind: "running", running: await goes(start, judged, { store, row, claim }, before, first) };
  });
}

/** A simulated campaign is repeated from its beginning. */
function repeat(
  options: StartOptions,
  opened: OpenedCampaign,
  claimed: ClaimedCampaign,
  { stored, begun }: Before,
  first: PersonRequest | undefined,
): RunningCampaign {
  const again = { kind: "re-run", stored, ...(first && { first }) } as const;
  const { running, runtime } = launchCampaign(options, opened, claimed, again);
  runtime.dispatch(begun);
  return running;
}

/** A campaign on instruments that have gone on meanwhile takes up what was under way. */
async function takeUp(
  options: StartOptions,
  opened: OpenedCampaign,
  claimed: ClaimedCampaign,
  { stored }: Before,
  first: PersonRequest | undefined,
): Promise<RunningCampaign> {
  const { store, row } = claimed;
  const { history } = opened;
  if (history !== undefined) for (const entry of stored) observeEntry(history, entry);
  const recovered = await recoverFrom(store, row, opened, options.compute, stored);
  const goesOn = { kind: "go on", recovered, stored } as const;
  const { running, runtime } = launchCampaign(options, opened, claimed, goesOn);
  const inDoubt = recovered.outstanding.filter((command) => command.kind === "perform").map(({ id }) => id);
  for (const firing of await firingsSince(store, row.key, stored)) runtime.dispatch(firing);
  const { found, unread } = await readAll(opened.lab.instruments, opened.clock);
  runtime.dispatch({
    type: "campaign.resumed",
    by: operatorName(),
    inDoubt,
    ...(Object.keys(found).length > 0 && { found }),
    ...(Object.keys(unread).length > 0 && { unread }),
  });
  if (first !== undefined) runtime.request(first);
  void runtime.takeUp(recovered.outstanding);
  return running;
}

function benchOf(loaded: LoadedCampaign, { lab, roles }: OpenedCampaign): HistoryBench {
  return { lab: loaded.lab, roles, instruments: lab.instruments };
}

function refused(reason: Refused["reason"], fault: Fault): Refused {
  return { kind: "refused", reason, faults: [fault] };
}
