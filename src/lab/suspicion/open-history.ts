import type { Instrument } from "../../instrument/contract/instrument.ts";
import type { RunMode } from "../../loop/event.ts";
import { History, type HistoryOptions, type Learned, NOTHING_LEARNED } from "../../loop/history.ts";
import type { Store } from "../../record/store.ts";
import type { LabDescription } from "../lab-description.ts";
import { type HistoryRecord, learnHistory } from "./learn-history.ts";

/** An open lab, whose drivers know how long their actions take. */
export interface HistoryBench {
  readonly lab: LabDescription;
  /** Instrument of the lab for each role. */
  readonly roles: Readonly<Record<string, string>>;
  /** By role. */
  readonly instruments: Readonly<Record<string, Instrument>>;
}

/** How a campaign that begins is run. */
export interface HistoryCampaign {
  readonly name: string;
  readonly mode: RunMode;
  /** Whether a simulated campaign learns from earlier ones too; it would not be the same in another database. */
  readonly asked: boolean;
}

/** What a campaign that begins knows of earlier ones: on real instruments always, in a simulation only when asked. */
export async function earlierHistory(
  store: HistoryRecord,
  bench: HistoryBench,
  { name, mode, asked }: HistoryCampaign,
): Promise<Learned> {
  if (mode !== "live" && !asked) return NOTHING_LEARNED;
  const { lab, roles } = bench;
  const estimate = estimator(bench);
  const roleOf = new Map(Object.entries(roles).map(([role, instrument]) => [instrument, role]));
  return learnHistory(store, {
    lab: lab.name,
    drivers: driversOf(lab),
    simulated: mode !== "live",
    campaign: name,
    estimate: (call) => estimate({ ...call, role: roleOf.get(call.role) ?? call.role }),
  });
}

/** The id of each instrument's driver. */
export function driversOf({ instruments }: Pick<LabDescription, "instruments">): Record<string, string> {
  return Object.fromEntries(Object.entries(instruments).map(([name, { driverName }]) => [name, driverName]));
}

/** The history of a campaign, on top of what it learned from earlier ones. */
export function openHistory(bench: HistoryBench, learned: Learned): History {
  return new History({ roles: bench.roles, estimate: estimator(bench), learned });
}

/** Keeps what a campaign knows of earlier ones, so that a resumption judges by the same; gives its SHA-256. */
export function keepLearned(store: Pick<Store, "keepBlock">, learned: Learned): Promise<string> {
  return store.keepBlock("application/json", Buffer.from(JSON.stringify(learned)));
}

/**
 * Reads what a campaign knew of earlier ones when it began.
 *
 * @returns undefined for a campaign that was begun by a version of labloop that found nothing suspect
 */
export async function readLearned(
  store: Pick<Store, "block">,
  digest: string | undefined,
): Promise<Learned | undefined> {
  const body = digest === undefined ? undefined : await store.block(digest);
  return body === undefined ? undefined : (JSON.parse(Buffer.from(body).toString("utf8")) as Learned);
}

/** What drivers expect; 0, so that durations count as they are, of an action that a driver doesn't have any more. */
function estimator({ lab, roles, instruments }: HistoryBench): HistoryOptions["estimate"] {
  return ({ role, action, id, arguments: given }) => {
    const actions = lab.instruments[roles[role] ?? role]?.declaration.actions ?? {};
    const instrument = Object.hasOwn(actions, action) ? instruments[role] : undefined;
    const expected = instrument?.estimate({ action, arguments: given, key: id }) ?? 0;
    return Number.isFinite(expected) ? expected : 0;
  };
}
