import type { Fault } from "../../base/fault.ts";
import { parseQuantity } from "../../base/quantity.ts";
import { fromSi, type Unit } from "../../base/unit.ts";
import { parseSourceFile } from "../../campaign/file/source-file.ts";
import type { WrittenCampaign } from "../../campaign/schema/campaign-schema.ts";
import { explain } from "../../experiment/explain/explain.ts";
import type { Explanation } from "../../experiment/explain/explanation.ts";
import type { HypothesisBelief } from "../../hypothesis/belief.ts";
import { type Alarm, byUrgency, stateOf } from "../../lab/alarm/alarm.ts";
import { inlineCompute } from "../../lab/compute/inline-compute.ts";
import type { LoadedCampaign } from "../../lab/load-campaign.ts";
import { standingOf } from "../../lab/ownership.ts";
import type { Progress } from "../../lab/progress.ts";
import { recover } from "../../lab/recover.ts";
import type { RehearsedAction } from "../../lab/rehearse/night.ts";
import { actOf } from "../../lab/safety/rules.ts";
import { countStock, roomIn, type StockLevel } from "../../lab/stock/count-stock.ts";
import { added, usedBy } from "../../lab/stock/supply.ts";
import type { Account } from "../../loop/account.ts";
import type { LoopDefinition } from "../../loop/definition.ts";
import type { EventOf } from "../../loop/event.ts";
import { createLoop } from "../../loop/loop.ts";
import { type ExperimentRecord, experimentRecords } from "../../record/export/experiment-record.ts";
import { commandsOf, eventOf, type JournalEntry } from "../../record/journal-entry.ts";
import type { CampaignRow, Store } from "../../record/store.ts";
import { initialBelief } from "../../update/bayes/update-belief.ts";
import { alarmsAfter, outsideOf } from "../cli/alarms-of.ts";
import { CliError } from "../cli/cli-error.ts";
import { readCampaign } from "../cli/stored-campaign.ts";
import { type TripRecord, tripsIn } from "../cli/trips.ts";
import { verifyCampaign } from "../cli/verify-campaign.ts";
import { type BelievedOptimum, believedOptimum } from "./believed-optimum.ts";
import { type NextSuggestion, nextSuggestion } from "./next-suggestion.ts";
import { type Incident, type Rest, restsIn, timelineOf } from "./timeline.ts";

/** A file as a campaign was run with it. */
export interface RunFile {
  /** Such as "campaign", "lab" or "table dyes.csv". */
  readonly part: string;
  readonly sha256: string;
  /** Undefined when the database doesn't have it any more. */
  readonly text: string | undefined;
}

/** What was used of something, in the unit in which it is told. */
export interface Usage {
  readonly name: string;
  readonly unit: string;
  readonly used: number;
  /** What there was for this campaign, or what a supply of the lab holds. */
  readonly of: number;
  /** What is left for further experiments; absent where only real instruments would count. */
  readonly left?: number;
  readonly kind: "budget" | "stock" | "waste";
}

/** All that a report tells of a campaign. */
export interface ToldCampaign {
  readonly row: CampaignRow;
  readonly state: string;
  /** Why it ends or ended; null while it goes on. */
  readonly reason: string | null;
  readonly loaded: LoadedCampaign;
  /** The campaign file as it was written. */
  readonly written: WrittenCampaign;
  readonly started: EventOf<"campaign.started">;
  /** Milliseconds since 1970, of the first and the last entry. */
  readonly from: number;
  readonly to: number;
  readonly records: readonly ExperimentRecord[];
  readonly account: Account;
  readonly hypotheses: readonly HypothesisBelief[];
  readonly explanations: readonly Explanation[];
  readonly optimum: BelievedOptimum | undefined;
  readonly next: NextSuggestion;
  /** Alarms that aren't normal. */
  readonly alarms: readonly Alarm[];
  readonly trips: readonly TripRecord[];
  readonly incidents: readonly Incident[];
  readonly rests: readonly Rest[];
  readonly actions: readonly RehearsedAction[];
  readonly uses: readonly Usage[];
  readonly files: readonly RunFile[];
  readonly entries: number;
  readonly headHash: string;
  /** What is wrong with the journal; empty when it is intact. */
  readonly faults: readonly Fault[];
}

/**
 * Gathers all that a report tells of a campaign, up to the entry that its row knows: it may be running.
 *
 * @throws CliError when its files can't be read
 */
export async function tellCampaign(database: Store, row: CampaignRow): Promise<ToldCampaign> {
  const store = upTo(database, row);
  const stored = await readCampaign(store, row);
  if (stored.kind === "faults") throw new CliError(...stored.faults);
  const { loaded, started } = stored;
  const { definition } = loaded.campaign;
  const verified = await verifyCampaign(store, row);
  const { entries, faults } = verified;
  const records = await experimentRecords(entries);
  const progress = verified.progress ?? (await replayed(definition, entries));
  const { account, reason, designed } = progress.state.campaign.context;
  const { belief } = progress;
  const task = { problem: definition.problem, data: belief.observations, belief, decision: designed };
  const outside = await outsideOf(store, row, entries);
  const book = alarmsAfter(loaded.lab.alarms, row, entries, outside);
  const [from, to] = [timeOf(entries[0]), timeOf(entries.at(-1))];
  const written = writtenCampaign(loaded);
  const actions = actionsIn(entries);
  return {
    row,
    state: standingOf(row),
    reason,
    loaded,
    written,
    started,
    from,
    to,
    records,
    account,
    hypotheses: belief.hypotheses,
    explanations: explain({ ...task, options: {} }),
    optimum: believedOptimum(task),
    next: nextSuggestion(definition, progress),
    alarms: byUrgency(Object.values(book)).filter((alarm) => stateOf(alarm) !== "normal"),
    trips: tripsIn(entries, await store.acknowledgements(row.key)),
    incidents: timelineOf(entries, outside, loaded.lab.zone),
    rests: restsIn(entries, to),
    actions,
    uses: [
      ...usesOfBudget(written, account),
      ...(await usesOfLab(store, loaded, started.mode === "live", entries)),
    ],
    files: await filesOf(store, started),
    entries: entries.length,
    headHash: row.headHash,
    faults,
  };
}

/** Where the entries before the first one that is wrong lead. */
async function replayed(definition: LoopDefinition, entries: readonly JournalEntry[]): Promise<Progress> {
  const belief = initialBelief(definition.problem);
  return (await recover(createLoop(definition), inlineCompute(), belief, entries)).progress;
}

/** A store in which a campaign's journal ends where its row says. */
function upTo(store: Store, { key, headSeq }: CampaignRow): Store {
  return {
    ...store,
    entries: async function* (of, afterSeq) {
      for await (const entry of store.entries(of, afterSeq)) {
        if (of === key && entry.seq > headSeq) return;
        yield entry;
      }
    },
    latestSnapshot: async (of) => {
      const snapshot = await store.latestSnapshot(of);
      return of === key && snapshot !== undefined && snapshot.seq > headSeq ? undefined : snapshot;
    },
  };
}

function timeOf(entry: JournalEntry | undefined): number {
  return entry === undefined ? 0 : Date.parse(entry.time);
}

/** The campaign file as it was written; it has been checked when it was loaded. */
function writtenCampaign({ texts }: LoadedCampaign): WrittenCampaign {
  const parsed = parseSourceFile("campaign.yaml", texts["campaign"] ?? "");
  if (parsed.kind === "faults") throw new CliError(...(parsed.faults as [Fault, ...Fault[]]));
  return parsed.source.data as WrittenCampaign;
}

/** The actions of a journal that ended, with the times at which they were ordered. */
function actionsIn(entries: readonly JournalEntry[]): RehearsedAction[] {
  const begun = new Map<string, number>();
  return entries.flatMap((entry) => {
    const now = Date.parse(entry.time);
    for (const command of commandsOf(entry)) if (command.kind === "perform") begun.set(command.id, now);
    const event = eventOf(entry);
    if (event.type !== "action.finished" && event.type !== "action.failed") return [];
    const { command, experiment, instrument: role, action } = event;
    const failed = event.type === "action.failed";
    return [{ experiment, role, action, from: begun.get(command) ?? now, to: now, failed }];
  });
}

function usesOfBudget({ budget }: WrittenCampaign, { used }: Account): Usage[] {
  return Object.entries(budget.consumables ?? {}).flatMap(([name, { available }]) => {
    const said = parseQuantity(available);
    if (said.kind === "problem") return [];
    const spent = inUnit(used[name] ?? 0, said.unit);
    const left = said.value - spent;
    return [{ kind: "budget", name, unit: said.unit.symbol, used: spent, of: said.value, left }];
  });
}

async function usesOfLab(
  store: Store,
  { lab, campaign }: LoadedCampaign,
  live: boolean,
  entries: readonly JournalEntry[],
): Promise<Usage[]> {
  if (lab.supplies.length === 0) return [];
  const used = entries
    .map(eventOf)
    .flatMap((event) => {
      const ended = event.type === "action.finished" || event.type === "action.failed";
      if (!ended || (event.type === "action.failed" && event.effect === "none")) return [];
      const act = actOf(campaign.roles, event.instrument, event.action, event.arguments);
      return [usedBy(lab.supplies, act)];
    })
    .reduce(
      added,
      lab.supplies.map(() => 0),
    );
  const levels: readonly (StockLevel | undefined)[] = live
    ? await countStock(store, lab.name, lab.supplies)
    : [];
  return lab.supplies.map(({ kind, name, unit, holds }, i) => {
    const level = levels[i];
    return {
      kind,
      name,
      unit: unit.symbol,
      used: inUnit(used[i] ?? 0, unit),
      of: inUnit(holds, unit),
      ...(level && { left: inUnit(roomIn(level), unit) }),
    };
  });
}

/** An amount in the unit in which people speak of it, without the digits of the conversion. */
function inUnit(si: number, unit: Unit): number {
  return Number(fromSi(si, unit).toPrecision(12));
}

async function filesOf(store: Store, { files }: EventOf<"campaign.started">): Promise<RunFile[]> {
  const found: RunFile[] = [];
  for (const [part, sha256] of Object.entries(files)) {
    const body = await store.block(sha256);
    found.push({ part, sha256, text: body && Buffer.from(body).toString("utf8") });
  }
  return found;
}
