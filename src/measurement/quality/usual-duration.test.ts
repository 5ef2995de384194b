import { describe, expect, it } from "vitest";
import { type Random, randomStream } from "../../base/random.ts";
import { exp, log, quantile } from "../../numerics/index.ts";
import { type DurationSample, ENOUGH_SAMPLES, overdueAfter, usualDuration } from "./usual-duration.ts";

type Draw = (random: Random) => number;

const exponential: Draw = (random) => -log(1 - random.uniform());
/** Student's t with 5 degrees of freedom. */
const t5: Draw = (random) => {
  let squares = 0;
  for (let i = 0; i < 5; i++) squares += random.normal() ** 2;
  return random.normal() / Math.sqrt(squares / 5);
};

/** Seconds that an action takes of whose driver expects ten. */
const WELL_BEHAVED: Readonly<Record<string, Draw>> = {
  "normal, 5 %": (random) => 10 + 0.5 * random.normal(),
  "lognormal, σ 0.1": (random) => 10 * exp(0.1 * random.normal()),
  "lognormal, σ 0.4": (random) => 10 * exp(0.4 * random.normal()),
  "gamma of shape 4": (random) =>
    2.5 * (exponential(random) + exponential(random) + exponential(random) + exponential(random)),
  "a wait on top": (random) => 10 + 2 * exponential(random),
  "log-t with 5 degrees of freedom": (random) => 10 * exp(0.08 * t5(random)),
  "a slow mode in one of ten": (random) => (random.uniform() < 0.1 ? 14 : 10) * exp(0.04 * random.normal()),
  milliseconds: (random) => 0.02 + 0.05 * exponential(random),
};

const KEPT = 128;

function sample(draw: Draw, random: Random, milliLitres = 1): DurationSample {
  return { took: 1000 * draw(random) * milliLitres, estimate: 10_000 * milliLitres };
}

describe("overdue actions", () => {
  it("are fewer than one in 10,000 on well-behaved histories, whatever their length", () => {
    let [actions, alarms] = [0, 0];
    const told = Object.entries(WELL_BEHAVED).map(([name, draw]) => {
      let [here, judged] = [0, 0];
      for (let seed = 0; seed < 100; seed++) {
        const random = randomStream(seed, 0, name);
        const history: DurationSample[] = [];
        for (let i = 0; i < 208; i++) {
          // From 0.1 mL to 10 mL: the driver's expectation goes with it.
          const next = sample(draw, random, exp(log(10) * (2 * random.uniform() - 1)));
          const limit = overdueAfter(history.slice(-KEPT), next.estimate);
          if (limit !== undefined) judged += 1;
          if (limit !== undefined && next.took > limit) here += 1;
          history.push(next);
        }
      }
      actions += judged;
      alarms += here;
      return `${name}: ${here} of ${judged}`;
    });
    console.info(
      `overdue though well-behaved: ${alarms} of ${actions} actions (goal < 1 in 10,000)\n  ${told.join("\n  ")}`,
    );
    expect(actions).toBeGreaterThan(20_000);
    expect(alarms / actions).toBeLessThan(1e-4);
  });

  it("are found within twice the 99 % quantile when they take five times as long", () => {
    const narrow = ["normal, 5 %", "lognormal, σ 0.1", "log-t with 5 degrees of freedom"];
    for (const n of [ENOUGH_SAMPLES, 12, 50]) {
      let [hangs, found] = [0, 0];
      for (const name of narrow) {
        const draw = WELL_BEHAVED[name] as Draw;
        const reference = randomStream(0, 0, "reference");
        const p99 = quantile(
          Array.from({ length: 4000 }, () => 1000 * draw(reference)),
          0.99,
        );
        for (let seed = 0; seed < 300; seed++) {
          const random = randomStream(seed, n, name);
          const history = Array.from({ length: n }, () => sample(draw, random));
          const limit = overdueAfter(history, 10_000) ?? Infinity;
          hangs += 1;
          if (limit <= 2 * p99 && limit <= 50_000) found += 1;
        }
      }
      console.info(`hangs found within 2 × P99 after ${n} actions: ${found} of ${hangs} (goal ≥ 95 %)`);
      expect(found / hangs).toBeGreaterThanOrEqual(0.95);
    }
  });

  it("are told by nothing while there is no history", () => {
    const few = Array.from({ length: ENOUGH_SAMPLES - 1 }, () => ({ took: 10, estimate: 10 }));
    expect(overdueAfter(few, 10)).toBeUndefined();
  });
});

describe("the usual duration", () => {
  it("goes with what the driver expects", () => {
    const samples = [9, 10, 11].map((seconds) => ({ took: 1000 * seconds, estimate: 10_000 }));
    expect(usualDuration(samples, 10_000).quantile(0.5)).toBeCloseTo(10_000, 6);
    expect(usualDuration(samples, 100_000).quantile(0.5)).toBeCloseTo(100_000, 6);
    expect(usualDuration(samples, 10_000).quantile(1)).toBeCloseTo(11_000, 6);
    expect(usualDuration(samples, 10_000).n).toBe(3);
  });
});
