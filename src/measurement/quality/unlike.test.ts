import { describe, expect, it } from "vitest";
import { type Random, randomStream } from "../../base/random.ts";
import { exp } from "../../numerics/index.ts";
import type { RunRecord, SuspectKind } from "./run-record.ts";
import { MOST_RUNS, shapeOf, unlike } from "./unlike.ts";

/** What an instrument's noise is like; one number, of about one standard deviation. */
const NOISES: Readonly<Record<string, (random: Random) => number>> = {
  normal: (random) => random.normal(),
  "rounded to a quarter": (random) => Math.round(4 * random.normal()) / 4,
  uniform: (random) => (random.uniform() - 0.5) * Math.sqrt(12),
  Laplace: (random) => ((random.uniform() < 0.5 ? -1 : 1) * -Math.log(1 - random.uniform())) / Math.SQRT2,
};

/** A run on a bench with two pumps and a sensor; the colour goes with the setting, dark counts and lamp don't. */
function run(random: Random, noise: (random: Random) => number, runs: readonly RunRecord[]): RunRecord {
  const setting = { dose: random.uniform(), time: random.uniform() };
  const three = (level: number, sd: number): number[] => [0, 1, 2].map(() => level + sd * noise(random));
  const took = (seconds: number) => ({
    took: 1000 * seconds * exp(0.03 * random.normal()),
    estimate: 1000 * seconds,
  });
  const record = {
    setting,
    readings: {
      "sensor.read.dark": three(20, 3),
      "sensor.read.lamp": three(5, 0.05),
      "sensor.read.colour": three(100 * exp(2 * setting.dose), 1),
    },
    durations: {
      "pump.dispense": took(5 + 20 * setting.dose),
      "water.dispense": took(25 - 20 * setting.dose),
      "sensor.read": took(2),
    },
    // The belief is too sure of itself by half, and not always by the same.
    residuals: { yield: 1.5 * random.normal() * exp(0.2 * random.normal()) },
  };
  const shape = shapeOf(record, runs);
  return shape === undefined ? record : { ...record, shape };
}

function history(random: Random, noise: (random: Random) => number, n: number): RunRecord[] {
  const runs: RunRecord[] = [];
  for (let i = 0; i < n; i++) runs.push(run(random, noise, runs));
  return runs;
}

const CASES = 400;
const EXPERIMENTS = 12;

type Spoil = (run: RunRecord, runs: readonly RunRecord[]) => RunRecord;

function withReadings(name: string, change: (readings: readonly number[]) => readonly number[]): Spoil {
  return (record) => ({
    ...record,
    readings: { ...record.readings, [name]: change(record.readings[name] as readonly number[]) },
  });
}

const SPOILT: Readonly<Record<string, { readonly spoil: Spoil; readonly by: readonly SuspectKind[] }>> = {
  "a stuck sensor": {
    spoil: (record, runs) =>
      withReadings("sensor.read.colour", (readings) =>
        readings.map(() => runs.at(-1)?.readings["sensor.read.colour"]?.at(-1) as number),
      )(record, runs),
    by: ["stuck"],
  },
  "a bubble in one reading": {
    spoil: withReadings("sensor.read.colour", ([first, ...others]) => [(first as number) + 8, ...others]),
    by: ["scatter", "drift"],
  },
  "a lamp that is 8 σ of a run's mean too dark": {
    spoil: withReadings("sensor.read.lamp", (readings) =>
      readings.map((each) => each - (8 * 0.05) / Math.sqrt(3)),
    ),
    by: ["level"],
  },
  "a doubled dose, 8 σ from what was predicted": {
    spoil: (record) => ({
      ...record,
      residuals: { yield: (record.residuals["yield"] as number) + 8 * 1.53 },
    }),
    by: ["residual"],
  },
  "two steps that took 30 % longer": {
    spoil: (record, runs) => {
      const slow = (name: string) => {
        const { took, estimate } = record.durations[name] as { took: number; estimate: number };
        return { took: 1.3 * took, estimate };
      };
      const durations = {
        ...record.durations,
        "pump.dispense": slow("pump.dispense"),
        "water.dispense": slow("water.dispense"),
      };
      const shape = shapeOf({ ...record, durations }, runs);
      return { ...record, durations, ...(shape !== undefined && { shape }) };
    },
    by: ["durations"],
  },
};

describe("runs like all others", () => {
  it("are seldom found unlike them", () => {
    let all = 0;
    const shares = Object.entries(NOISES).map(([name, noise]) => {
      let [judged, here] = [0, 0];
      const kinds: Record<string, number> = {};
      for (let seed = 0; seed < 125; seed++) {
        const random = randomStream(seed, 1, name);
        const runs: RunRecord[] = [];
        for (let i = 0; i < 48; i++) {
          const next = run(random, noise, runs.slice(-MOST_RUNS));
          const suspects = unlike(next, runs.slice(-MOST_RUNS));
          for (const { what } of suspects) kinds[what] = (kinds[what] ?? 0) + 1;
          if (i >= 8) judged += 1;
          if (suspects.length > 0) here += 1;
          runs.push(next);
        }
      }
      all += judged;
      const goal = name === "Laplace" ? 0.04 : 0.01;
      console.info(
        `${name} noise, well-behaved runs found unlike the others: ${here} of ${judged} (goal < ${100 * goal} %) ${JSON.stringify(kinds)}`,
      );
      return { share: here / judged, goal };
    });
    expect(all).toBeGreaterThanOrEqual(20_000);
    for (const { share, goal } of shares) expect(share).toBeLessThan(goal);
  });
});

describe("a run that is unlike the twelve before", () => {
  it.each(Object.entries(SPOILT))("is found: %s", (name, { spoil, by }) => {
    let found = 0;
    for (let seed = 0; seed < CASES; seed++) {
      const random = randomStream(seed, 2, name);
      const normal = NOISES["normal"] as (random: Random) => number;
      const runs = history(random, normal, EXPERIMENTS);
      const suspects = unlike(spoil(run(random, normal, runs), runs), runs);
      if (suspects.some(({ what }) => by.includes(what))) found += 1;
    }
    console.info(`${name}: found ${found} of ${CASES} (goal ≥ 95 %)`);
    expect(found / CASES).toBeGreaterThanOrEqual(0.95);
  });

  it("is nothing with fewer than eight before", () => {
    const random = randomStream(1, 3, "few");
    const normal = NOISES["normal"] as (random: Random) => number;
    const runs = history(random, normal, 7);
    const wild = { ...run(random, normal, runs), residuals: { yield: 1000 } };
    expect(unlike(wild, runs)).toEqual([]);
  });
});
