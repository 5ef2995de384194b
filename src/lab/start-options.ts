import type { Person } from "../instrument/index.ts";
import type { RunMode } from "../loop/event.ts";
import type { Database } from "../record/database.ts";
import type { Compute } from "./compute/compute.ts";
import type { LoadedCampaign } from "./load-campaign.ts";
import type { Observer } from "./observer.ts";
import type { DrawnOutcomes } from "./rehearse/drawn-outcomes.ts";
import type { LearnedDurations } from "./rehearse/learned-durations.ts";
import type { Seat } from "./share/seat.ts";

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
