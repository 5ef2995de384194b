import type { RunMode } from "../../loop/event.ts";
import type { Database } from "../../record/database.ts";
import type { LoadedCampaign } from "../load-campaign.ts";
import { postWatchdog, type Watchdog } from "./watchdog.ts";

/** What is to be watched over. */
export interface Watched {
  readonly loaded: LoadedCampaign;
  /** Names of the instruments that are in use. */
  readonly instruments: readonly string[];
  readonly mode: RunMode;
  readonly database: Database;
  note(text: string): void;
}

/** Starts the watchdog of a lab that is driven live, unless its file wants none. */
export function watchdogFor({ loaded, instruments, mode, database, note }: Watched): Watchdog | undefined {
  const after = loaded.lab.watchdog;
  // Sources (under a test runner) can't be loaded by a process without the runner's transformations.
  if (mode !== "live" || after === undefined || import.meta.url.endsWith(".ts")) return undefined;
  const orders = {
    labFile: loaded.lab.file,
    labText: loaded.texts["lab"] ?? "",
    instruments,
    after,
    database: database.address,
  };
  return postWatchdog(orders, note);
}
