import type { WrittenStep } from "../schema/step-schema.ts";

/** An action before or after a resource is used. */
export type ResourceStep = Extract<WrittenStep, { do: string }>;

/** Positions, channels, vessels: something of a lab that isn't an instrument and that experiments take for a while. */
export interface LabResource {
  /** Numbers of those that there are. */
  readonly places: readonly number[];
  /** Steps of an experiment that has taken one. */
  readonly setup: readonly ResourceStep[];
  /** Steps of an experiment that is about to give one back, also after a failure. */
  readonly cleanUp: readonly ResourceStep[];
}

/** What experiments of a campaign can share. */
export interface LabResources {
  /** By name. */
  readonly resources: Readonly<Record<string, LabResource>>;
  /** Actions that an instrument does at a time, where it is more than one. */
  readonly channels: Readonly<Record<string, number>>;
}

/** The numbers of so many alike: 1, 2 and so on. */
export function numbersTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => i + 1);
}

/** An instrument as something to hold: a number for each action that it does at a time. */
export function placesOfInstrument({ channels }: LabResources, name: string): readonly number[] {
  return numbersTo(Object.hasOwn(channels, name) ? (channels[name] as number) : 1);
}

/** A lab of which nothing but its instruments can be held. */
export const NO_RESOURCES: LabResources = { resources: {}, channels: {} };
