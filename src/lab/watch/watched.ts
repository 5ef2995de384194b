import type { Expression } from "../../base/expression/expression.ts";
import type { Unit } from "../../base/unit.ts";
import type { Condition } from "./judge.ts";

/** A property of an instrument that is watched. */
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

/** Conditions on a reading that is taken again and again. */
export interface WatchedConditions {
  readonly watch: Watched;
  /** Another reading of the same, which has to agree. */
  readonly against?: Watched;
  readonly conditions: readonly Condition[];
  /** Milliseconds between two readings. */
  readonly every: number;
  /** Milliseconds after which a reading is no longer one. */
  readonly stale: number;
}

/** The instruments that are read for conditions. */
export function watchedInstruments(all: readonly WatchedConditions[]): string[] {
  return [...new Set(all.flatMap(propertiesOf).map(({ instrument }) => instrument))];
}

/** Every property that is read for conditions, once. */
export function propertiesOf({ watch, against }: WatchedConditions): WatchedProperty[] {
  const all = [...watch.properties, ...(against?.properties ?? [])];
  return [...new Map(all.map((each) => [each.name, each])).values()];
}
