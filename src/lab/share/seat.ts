import type { Clock } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import type { EventOf, LoopEvent } from "../../loop/event.ts";
import type { LoopState } from "../../loop/loop.ts";
import type { JournalWriter } from "../../record/journal.ts";
import type { Exclusions } from "../interlock/exclusion.ts";
import type { LoadedCampaign } from "../load-campaign.ts";
import type { OpenedLab } from "../open-lab.ts";
import type { Watchdog } from "../watchdog/watchdog.ts";

/** Which instruments a campaign makes safe: those of nobody else until its next window or for good, or all of them. */
export type ParkingKind = "rest" | "park" | "all";

/** What the runtime of a campaign asks of a lab that it shares with others. */
export interface LabShare {
  /** Waits until the campaign may begin one more experiment. */
  lease(): Promise<void>;
  /** Follows the campaign, since what it gives back shows in where it stands. */
  observe(event: LoopEvent, state: LoopState): void;
  /**
   * Instruments are about to be made safe.
   *
   * @returns the campaigns to which instruments are left, by role, and what to call when the others are safe
   */
  parks(kind: ParkingKind): { readonly left: Readonly<Record<string, string>>; done(): void };
}

/** What of one campaign concerns all that share its lab. */
export interface Heard {
  /** An interlock tripped in another campaign, or a person halted it. */
  trip(event: EventOf<"interlock.tripped">): void;
  halt(why: string): void;
}

/** The place of one campaign in a lab that several share. */
export interface Seat extends LabShare {
  /** The campaign, whose experiments need leases. */
  readonly loaded: LoadedCampaign;
  /** Ids of the campaigns beside it. */
  readonly together: readonly string[];
  readonly clock: Clock;
  /** The lab as this campaign sees it; closed when the last campaign has closed it. */
  readonly lab: Extract<OpenedLab, { kind: "open" }>;
  readonly writer: JournalWriter;
  readonly exclusions: Exclusions;
  readonly watchdog: Watchdog | undefined;
  /** Waits until every campaign is about to begin; why none does when one can't. */
  ready(): Promise<Fault | undefined>;
  /** Tells the campaign from here on what happens in the others. */
  listen(heard: Heard): void;
  /** Tells the others of a trip or of a halt. */
  tell: Heard;
  /** Carries out a safe procedure once for all campaigns. */
  safely(name: string, carryOut: () => Promise<readonly Fault[]>): Promise<readonly Fault[]>;
  /** The campaign doesn't begin, so the others don't either. */
  giveUp(): Promise<void>;
}
