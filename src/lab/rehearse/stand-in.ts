import { type Clock, sleep } from "../../base/clock.ts";
import { randomStream } from "../../base/random.ts";
import type { Declaration } from "../../instrument/contract/declaration.ts";
import type { Instrument, Readings } from "../../instrument/contract/instrument.ts";
import { ENOUGH_SAMPLES } from "../../measurement/quality/usual-duration.ts";
import type { LearnedDurations } from "./learned-durations.ts";

/** Milliseconds that an action takes of which nothing is known, as with drivers that don't say. */
const USUAL = 1000;
/** Relative scatter of readings, so that none of them is stuck. */
const SCATTER = 0.01;

/** What stands in for an instrument that can't be simulated. */
export interface StandIn {
  readonly name: string;
  readonly declaration: Declaration;
  readonly clock: Clock;
  readonly seed: number;
  readonly durations?: LearnedDurations;
}

/**
 * Does everything that an instrument declares, and takes the time for it; learned durations are added by whoever paces it.
 * What it reads means nothing: one of each unit, and some scatter.
 */
export function standIn({ name, declaration, clock, seed, durations = {} }: StandIn): Instrument {
  const random = randomStream(seed, 0, `stand-in ${name}`);
  const isLearned = (action: string): boolean =>
    (durations[`${name}.${action}`]?.length ?? 0) >= ENOUGH_SAMPLES;
  return {
    identity: { model: `stand-in for ${declaration.title}` },
    declaration,
    perform: async ({ action }, signal) => {
      // What is broken off now is done all the same.
      if (!isLearned(action)) await sleep(clock, USUAL, signal).catch(() => undefined);
      const readings = Object.keys(declaration.actions[action]?.readings ?? {});
      const read: Readings = Object.fromEntries(
        readings.map((each) => [each, 1 + SCATTER * random.normal()]),
      );
      return { kind: "done", readings: read };
    },
    settle: async () => ({ kind: "unknown", why: "it is no instrument" }),
    read: async (property) => ({ kind: "value", value: valueWithin(declaration.properties[property]) }),
    estimate: () => USUAL,
    check: async () => ({ kind: "ok" }),
    makeSafe: async () => ({ kind: "safe", state: {} }),
    close: async () => undefined,
  };
}

/** In the middle of its limits. */
function valueWithin(property: Declaration["properties"][string] | undefined): number {
  const { minimum, maximum } = property ?? {};
  if (minimum !== undefined && maximum !== undefined) return (minimum + maximum) / 2;
  return minimum ?? maximum ?? 0;
}
