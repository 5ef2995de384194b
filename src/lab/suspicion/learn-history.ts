import { History, type HistoryOptions, type Learned, NOTHING_LEARNED } from "../../loop/history.ts";
import { commandsOf, eventOf, type JournalEntry } from "../../record/journal-entry.ts";
import type { CampaignRow, Store } from "../../record/store.ts";
import { filesOfLab, rolesIn, type StoredFiles } from "../stored-files.ts";

/** What of a store is asked to learn from earlier campaigns. */
export type HistoryRecord = Pick<Store, "campaigns" | "entries" | "block">;

/** Whose history is wanted. */
export interface HistoryQuestion {
  /** Name of the lab; campaigns of labs by other names teach nothing. */
  readonly lab: string;
  /** Id of the driver of each instrument; with another driver, an instrument is another one. */
  readonly drivers: Readonly<Record<string, string>>;
  /** Whether simulated campaigns count, or those on real instruments. */
  readonly simulated: boolean;
  /** Name of the campaign: only runs of the same campaign are like each other; those of all when absent. */
  readonly campaign?: string;
  /** How long a driver expects an action to take, in milliseconds, by instrument of the lab. */
  readonly estimate: HistoryOptions["estimate"];
}

/** Campaigns that a history goes back. */
const MOST_CAMPAIGNS = 20;

/** What earlier campaigns teach about a lab's instruments and about runs of a campaign, oldest first. */
export async function learnHistory(store: HistoryRecord, question: HistoryQuestion): Promise<Learned> {
  let learned: Learned = NOTHING_LEARNED;
  for (const { row, files } of await campaignsOf(store, question)) {
    const taught = await historyOf(store, { row, files }, question, learned);
    const strangers = strangersIn(files, question.drivers);
    const durations = Object.entries(taught.durations).map(([name, samples]) =>
      strangers.has(name.slice(0, name.lastIndexOf(".")))
        ? [name, learned.durations[name] ?? []]
        : [name, samples],
    );
    const counts = (question.campaign ?? row.name) === row.name && strangers.size === 0;
    const runs = counts ? taught.runs : learned.runs;
    learned = { durations: Object.fromEntries(durations), runs };
  }
  return learned;
}

interface EarlierCampaign {
  readonly row: CampaignRow;
  readonly files: StoredFiles;
}

/** The latest campaigns of a lab, oldest first. */
async function campaignsOf(
  store: HistoryRecord,
  { lab, simulated }: HistoryQuestion,
): Promise<readonly EarlierCampaign[]> {
  const found: EarlierCampaign[] = [];
  for (const row of (await store.campaigns()).reverse()) {
    if (found.length === MOST_CAMPAIGNS) break;
    const files = row.simulated === simulated ? await filesOfLab(store, row, lab) : undefined;
    if (files !== undefined) found.unshift({ row, files });
  }
  return found;
}

async function historyOf(
  store: HistoryRecord,
  { row, files }: EarlierCampaign,
  { estimate }: HistoryQuestion,
  learned: Learned,
): Promise<Learned> {
  const roles = rolesIn(files);
  const history = new History({
    roles,
    estimate: ({ role, ...call }) => estimate({ role: roles[role] ?? role, ...call }),
    learned,
  });
  for await (const entry of store.entries(row.key)) observeEntry(history, entry);
  return history.learned();
}

/** Takes an entry of a journal into a history. */
export function observeEntry(history: History, entry: JournalEntry): void {
  history.observe(eventOf(entry), Date.parse(entry.time), commandsOf(entry));
}

/** Instruments that had another driver then. */
function strangersIn({ lab }: StoredFiles, drivers: HistoryQuestion["drivers"]): ReadonlySet<string> {
  const then = (lab["instruments"] ?? {}) as Readonly<Record<string, { readonly driver?: unknown }>>;
  const names = Object.keys(drivers).filter((name) => {
    const before = then[name]?.driver;
    return before !== undefined && before !== drivers[name];
  });
  return new Set(names);
}
