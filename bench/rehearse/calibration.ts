import { availableParallelism } from "node:os";
import { join } from "node:path";
import { randomStream } from "../../src/base/random.ts";
import type { LearnedDurations } from "../../src/lab/rehearse/learned-durations.ts";
import type { Night } from "../../src/lab/rehearse/night.ts";
import { rehearseNights } from "../../src/lab/rehearse/nights.ts";
import { outlookOn, useOver } from "../../src/lab/rehearse/outlook.ts";
import type { DurationSample } from "../../src/measurement/quality/usual-duration.ts";
import { dosed, paced } from "./calibration-labs.ts";

/** Nights that really happen after each history that a lab could have. */
export const NIGHTS = 20;
/** Rehearsals after each history. */
const REHEARSALS = 60;

/** What actions of real instruments take by and large, and what their drivers expect; ms. */
type Usual = Readonly<Record<string, DurationSample>>;

const BATH: Usual = {
  "bath.set-setpoint": { took: 60_000, estimate: 0 },
  "bath.read": { took: 60_000, estimate: 0 },
};
/** 1.5 mL at 20 mL/min take 4.5 s. */
const PUMP: Usual = { "pump.dispense": { took: 6000, estimate: 4500 } };

/** The share of the nights that keep a forecast, by what is forecast. */
export type SharesKept = Readonly<Record<string, number>>;

/**
 * How often the P90 of rehearsals with learned durations is kept by nights that then really happen: by their end, and by
 * what they use up.
 *
 * @param histories - of the lab, each with {@link NIGHTS} nights
 * @param folder - for files of the campaigns
 */
export async function forecastsKept(histories: number, folder: string): Promise<SharesKept> {
  const end = await sharesKept(paced(join(folder, "paced")), BATH, histories, (rehearsed) => {
    const { p90 } = outlookOn(rehearsed).end;
    return { "the end": ({ to }) => to <= p90 };
  });
  const use = await sharesKept(dosed(join(folder, "dosed")), { ...BATH, ...PUMP }, histories, (rehearsed) => {
    const usedOf = ({ used }: Night): number => used["reagent"] ?? 0;
    const drawnOf = ({ supplies }: Night): number => supplies[0] ?? 0;
    const reagent = useOver("reagent", rehearsed.map(usedOf), 1);
    const cyan = useOver("cyan", rehearsed.map(drawnOf), 1);
    return {
      "a consumable of the budget": (night) => usedOf(night) <= reagent.p90,
      "a stock of the lab": (night) => drawnOf(night) <= cyan.p90,
    };
  });
  return { ...end, ...use };
}

/** Durations as the real instrument has them: skewed, and now and then three times as long. */
function really(n: number, seed: number, { took, estimate }: DurationSample): DurationSample[] {
  const random = randomStream(seed, 0, "real durations");
  return Array.from({ length: n }, () => ({
    took: took * Math.exp(0.4 * random.normal()) * (random.uniform() < 0.05 ? 3 : 1),
    estimate,
  }));
}

/**
 * Rehearses and then really plays nights, history after history.
 *
 * @param usual - of the actions whose durations are learned
 * @param forecasts - of what has been rehearsed, by name, and whether a real night keeps them
 */
async function sharesKept(
  file: string,
  usual: Usual,
  histories: number,
  forecasts: (rehearsed: readonly Night[]) => Readonly<Record<string, (real: Night) => boolean>>,
): Promise<SharesKept> {
  const lasting = (n: number, seed: number): LearnedDurations =>
    Object.fromEntries(
      Object.entries(usual).map(([action, each], k) => [action, really(n, seed + 50_000 * k, each)]),
    );
  const nights = (first: number, count: number, durations: LearnedDurations): Promise<Night[]> => {
    const tasks = Array.from({ length: count }, (_, k) => ({
      file,
      seed: first + k,
      rehearsal: {},
      durations,
    }));
    return rehearseNights(tasks, availableParallelism(), () => undefined);
  };
  const counts: Record<string, number> = {};
  for (let h = 1; h <= histories; h++) {
    // What is known of the real instrument are 200 actions; what it does are others of the same kind.
    const rehearsed = await nights(1000 * h, REHEARSALS, lasting(200, h));
    const real = await nights(1000 * h + 500, NIGHTS, lasting(20_000, 1000 + h));
    for (const [name, isKept] of Object.entries(forecasts(rehearsed)))
      counts[name] = (counts[name] ?? 0) + real.filter(isKept).length;
  }
  return Object.fromEntries(Object.entries(counts).map(([name, n]) => [name, n / (histories * NIGHTS)]));
}
