import { describe, expect, it } from "vitest";
import { randomBench, runShared, type SharedBench } from "../../../test/support/shared-bench.ts";
import { expression } from "../../../test/support/space.ts";
import type { Instruction } from "../plan.ts";

/** Benches that are made up; `npm run test:sharing` tries 10,000. */
const BENCHES = Number(process.env["LABLOOP_BENCHES"] ?? 300);

function action(role: string, seconds: number, always = false): Instruction {
  const step = { role, action: "a", effect: "end-state", arguments: {}, readings: {} } as const;
  return { kind: "action", always, step: { ...step, within: 2000 * seconds } };
}

function wait(seconds: number): Instruction {
  return { kind: "wait", seconds: expression(String(seconds)), always: false };
}

function take(name: string, places: number, to: number): Instruction {
  const numbers = Array.from({ length: places }, (_, i) => i + 1);
  return { kind: "take", resources: [{ name, places: numbers, numbered: true }], to };
}

function bench(
  plan: readonly Instruction[],
  atOnce: number,
  places: Readonly<Record<string, number>>,
): SharedBench {
  const resources = Object.entries(places).map(([name, count]) => ({
    name,
    places: Array.from({ length: count }, (_, i) => i + 1),
  }));
  const roles = plan.flatMap((each) => (each.kind === "action" ? [each.step.role] : []));
  const instruments = Object.fromEntries(roles.map((name) => [name, name]));
  return { plan, sharing: { atOnce, resources, instruments, seed: 1 } };
}

/** Dose 10 s, react 100 s, measure 20 s, each sample in a vial of its own. */
function vials(count: number): SharedBench {
  const plan = [
    take("vial", count, 5),
    action("pump", 10),
    wait(100),
    action("sensor", 20),
    action("pump", 5, true),
    { kind: "give", resources: ["vial"] } as const,
    { kind: "end" } as const,
  ];
  return bench(plan, count, { vial: count, pump: 1, sensor: 1 });
}

describe("experiments that share a lab", () => {
  it("overlap where one waits and another is dosed", () => {
    const one = runShared(
      { ...vials(1), sharing: { ...vials(1).sharing, atOnce: 1 } },
      { seed: 1, experiments: 12 },
    );
    const four = runShared(vials(4), { seed: 1, experiments: 12 });
    expect(one.most).toBe(1);
    expect(four.most).toBe(4);
    expect(four.violations).toEqual([]);
    expect(one.took).toBe(12 * 135_000);
    // Three rounds of four vials, and what the last of a round waits for the others.
    expect(four.took).toBeLessThan(one.took / 3);
  });

  it("are no more than have use of their places", () => {
    const crowded = { ...vials(2), sharing: { ...vials(2).sharing, atOnce: 6 } };
    expect(runShared(crowded, { seed: 1, experiments: 8 }).most).toBe(2);
  });

  it("are put off so that no sample waits too long for its measurement", () => {
    const counter = 9;
    const plan: Instruction[] = [
      action("pump", 10),
      { kind: "start deadline", counter, milliseconds: 0 },
      { kind: "before deadline", counter, what: "the measurement", by: 30_000 },
      action("sensor", 120),
      { kind: "end" },
    ];
    const run = runShared(bench(plan, 4, { pump: 1, sensor: 1 }), { seed: 1, experiments: 6 });
    // The pump could have dosed them all within a minute; their samples would have been too old.
    expect(run.outcomes).toEqual(Array.from({ length: 6 }, () => "measured"));
    expect(run.took).toBeLessThan(6 * 130_000);
  });

  it("give back what they hold when they fail", () => {
    const run = runShared(vials(2), { seed: 3, experiments: 20, failing: 0.4 });
    expect(run.concluded).toBe(true);
    expect(run.outcomes).toContain("failed");
    expect(run.violations).toEqual([]);
  });

  it("do the same again with the same seed", () => {
    const options = { seed: 5, experiments: 8, failing: 0.1, spread: [0.5, 2] } as const;
    expect(runShared(vials(3), options)).toEqual(runShared(vials(3), options));
  });

  it("go on as before from a state that was written down, wherever that is", () => {
    for (let seed = 0; seed < 20; seed++) {
      const options = { seed, experiments: 5, failing: 0.1, spread: [0.5, 2] } as const;
      const bench = randomBench(seed);
      expect(runShared(bench, { ...options, forgets: true })).toEqual(runShared(bench, options));
    }
  });

  it(`lock each other out on none of ${BENCHES} benches made up by chance`, { timeout: 600_000 }, () => {
    const bad: unknown[] = [];
    let overlapping = 0;
    for (let seed = 0; seed < BENCHES; seed++) {
      const run = runShared(randomBench(seed), { seed, experiments: 6, failing: 0.05, spread: [0.3, 2.5] });
      if (run.most > 1) overlapping += 1;
      if (!run.concluded || run.violations.length > 0 || run.outcomes.length !== 6)
        bad.push({ seed, ...run });
    }
    expect(bad).toEqual([]);
    // A test of experiments that never meet would say nothing.
    expect(overlapping).toBeGreaterThan(BENCHES / 4);
  });
});
