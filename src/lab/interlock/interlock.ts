import type { TripAction } from "../../loop/event.ts";
import type { WatchedConditions } from "../watch/watched.ts";

/** An action of an instrument; every action when it has no name. */
export interface GuardedAction {
  readonly instrument: string;
  readonly action?: string;
}

/** Conditions on a reading, and what follows when one of them holds. */
export interface ReadingInterlock extends WatchedConditions {
  readonly kind: "reading";
  readonly name: string;
  /** Judged right before these actions; all the time when absent. */
  readonly before?: readonly GuardedAction[];
  readonly then: TripAction;
  /** Name of the safe procedure that comes first. */
  readonly procedure?: string;
  /** What a person does about it. */
  readonly say?: string;
}

/** Actions of which only one instrument's are under way at a time; the others wait. */
export interface ExclusionInterlock {
  readonly kind: "exclusion";
  readonly name: string;
  readonly actions: readonly GuardedAction[];
}

/** A condition that must hold for the lab to be safe, as data. */
export type Interlock = ReadingInterlock | ExclusionInterlock;

/** Whether an action is one of those that an interlock guards. */
export function guards(
  actions: readonly GuardedAction[],
  { instrument, action }: Required<GuardedAction>,
): boolean {
  return actions.some(
    (each) => each.instrument === instrument && (each.action === undefined || each.action === action),
  );
}
