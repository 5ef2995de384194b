import type { Expression } from "../../base/expression/expression.ts";
import type { Unit } from "../../base/unit.ts";
import type { TripAction } from "../../loop/event.ts";
import type { Condition } from "./judge.ts";

/** A property of an instrument that an interlock looks at. */
export interface WatchedProperty {
  /** As expressions have it, such as "bath.temperature". */
  readonly name: string;
  readonly instrument: string;
  readonly property: string;
  /** In which the driver gives it. */
  readonly unit: Unit;
}

/** A property, or an expression of several. */
export interface Watched {
  readonly text: string;
  readonly expression: Expression;
  readonly properties: readonly WatchedProperty[];
}

/** An action of an instrument; every action when it has no name. */
export interface GuardedAction {
  readonly instrument: string;
  readonly action?: string;
}

/** Conditions on a reading, and what follows when one of them holds. */
export interface ReadingInterlock {
  readonly kind: "reading";
  readonly name: string;
  readonly watch: Watched;
  /** Another reading of the same, which has to agree. */
  readonly against?: Watched;
  readonly conditions: readonly Condition[];
  /** Milliseconds between two readings. */
  readonly every: number;
  /** Milliseconds after which a reading is no longer one. */
  readonly stale: number;
  /** Judged right before these actions; all the time when absent. */
  readonly before?: readonly GuardedAction[];
  readonly then: TripAction;
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

/** The instruments that interlocks read. */
export function watchedInstruments(interlocks: readonly Interlock[]): string[] {
  const properties = interlocks.flatMap((each) => (each.kind === "reading" ? propertiesOf(each) : []));
  return [...new Set(properties.map(({ instrument }) => instrument))];
}

/** Every property that an interlock reads, once. */
export function propertiesOf({ watch, against }: ReadingInterlock): WatchedProperty[] {
  const all = [...watch.properties, ...(against?.properties ?? [])];
  return [...new Map(all.map((each) => [each.name, each])).values()];
}
