import { type Clock, sleep } from "../../base/clock.ts";
import { randomStream } from "../../base/random.ts";
import type { Call, Instrument, Outcome } from "../../instrument/contract/instrument.ts";
import {
  type DurationSample,
  ENOUGH_SAMPLES,
  usualDuration,
} from "../../measurement/quality/usual-duration.ts";

/** Durations that actions had, by instrument of the lab and action, such as "bath.reach". */
export type LearnedDurations = Readonly<Record<string, readonly DurationSample[]>>;

/** What a simulated instrument is slowed down with. */
export interface Pace {
  /** Of the instrument, in the lab file. */
  readonly name: string;
  readonly durations: LearnedDurations;
  readonly clock: Clock;
  readonly seed: number;
}

/**
 * A simulated instrument whose actions take as long as those of the real one did: each a duration of the learned
 * distribution. One that takes longer by itself is left as it is, and so is one that fails.
 */
export function paced(instrument: Instrument, { name, durations, clock, seed }: Pace): Instrument {
  let nth = 0;
  const perform = async (call: Call, signal: AbortSignal): Promise<Outcome> => {
    const samples = durations[`${name}.${call.action}`] ?? [];
    const begun = clock.now();
    const outcome = await instrument.perform(call, signal);
    if (samples.length < ENOUGH_SAMPLES || outcome.kind !== "done") return outcome;
    const share = randomStream(seed, nth++, `duration ${name}`).uniform();
    const took = usualDuration(samples, instrument.estimate(call)).quantile(share);
    const left = begun + took - clock.now();
    // What is broken off now is done all the same: the simulated instrument has done it.
    if (left > 0) await sleep(clock, left, signal).catch(() => undefined);
    return outcome;
  };
  return new Proxy(instrument, {
    get: (target, key) => {
      if (key === "perform") return perform;
      const value: unknown = Reflect.get(target, key, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
