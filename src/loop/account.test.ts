import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { parseExpression } from "../base/expression/parse.ts";
import type { Direction, Goal } from "../experiment/design/task/problem.ts";
import type { BeliefReport } from "../update/explain/belief-report.ts";
import {
  type Account,
  bookBelief,
  bookMeasurement,
  bookUse,
  missingConsumable,
  nothingWithinLimits,
  openAccount,
  reasonToEnd,
  scoreOf,
} from "./account.ts";
import type { Consumable, LoopDefinition, StopRule } from "./definition.ts";
import type { EventOf } from "./event.ts";

const optimise = (...directions: readonly Direction[]): Goal => ({
  kind: "optimise",
  objectives: directions.map((direction, i) => ({ measurement: i === 0 ? "y" : "z", direction })),
});
const MAXIMISE = optimise({ kind: "maximise" });

interface Changes {
  readonly goal?: Goal;
  readonly limits?: LoopDefinition["problem"]["limits"];
  readonly stop?: readonly StopRule[];
  readonly budget?: Partial<LoopDefinition["budget"]>;
}

function definition({ goal = MAXIMISE, limits = [], stop = [], budget = {} }: Changes = {}): LoopDefinition {
  const parameters = [
    { kind: "continuous", name: "v", unit: "uL", minimum: 0, maximum: 100, scale: "linear" },
    { kind: "constant", name: "rinse", unit: "uL", value: 2 },
  ] as const;
  return {
    problem: {
      space: { parameters, mixtures: [], constraints: [] },
      measurements: [],
      goal,
      limits,
      hypotheses: [
        { name: "Arrhenius", kind: "law" },
        { name: "surrogate", kind: "surrogate" },
      ] as unknown as LoopDefinition["problem"]["hypotheses"],
      design: { first: { method: "sobol", count: 0 }, then: "optimise" },
      seed: 1,
    },
    experiment: { parameters, constants: { lost: 1e-9 }, plan: [] },
    measurements: [],
    budget: { experiments: 10, consumables: [], ...budget },
    stop,
    batch: 1,
    failuresInARow: 3,
  };
}

function measured(experiment: number, y: number, z = 0): EventOf<"measurement.recorded"> {
  const value = (number: number) => ({ value: number, unit: "1", standardUncertainty: 0 });
  return {
    type: "measurement.recorded",
    command: `${experiment}.measure`,
    experiment,
    setting: { v: experiment },
    values: { y: value(y), z: value(z) },
    unusable: [],
  };
}

function bookAll(ys: readonly number[], changes: Changes = {}): Account {
  const given = definition(changes);
  return ys.reduce((account, y, i) => bookMeasurement(account, given, measured(i + 1, y)), openAccount(0));
}

function consumable(name: string, available: number, perExperiment: string): Consumable {
  const parsed = parseExpression(perExperiment);
  if (parsed.kind === "problem") throw new Error(parsed.message);
  return { name, available, perExperiment: parsed.expression };
}

describe("measurements", () => {
  prop.prop([fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 1, maxLength: 20 })])(
    "keep the first of the best",
    (ys) => {
      const { best, measured: count } = bookAll(ys);
      const greatest = Math.max(...ys);
      expect(best).toEqual({
        experiment: ys.indexOf(greatest) + 1,
        setting: { v: ys.indexOf(greatest) + 1 },
        outcome: { y: greatest, z: 0 },
        score: greatest,
      });
      expect(count).toBe(ys.length);
    },
  );

  it.each<[Direction, readonly number[], number]>([
    [{ kind: "maximise" }, [1, 5, 3], 2],
    [{ kind: "minimise" }, [3, 1, 5], 2],
    [{ kind: "target", value: 4 }, [1, 5, 2], 2],
  ])("are better by %j", (direction, ys, best) => {
    expect(bookAll(ys, { goal: optimise(direction) }).best?.experiment).toBe(best);
  });

  it("count for every objective at once", () => {
    const { objectives } = optimise({ kind: "maximise" }, { kind: "target", value: 10 }) as Extract<
      Goal,
      { kind: "optimise" }
    >;
    expect(scoreOf(objectives, { y: 7, z: 8 })).toBe(5);
    expect(scoreOf(objectives, { y: 7, z: 12 })).toBe(5);
  });

  it("that break a limit are counted, but are never the best, and reach no goal", () => {
    const given: Changes = {
      limits: [{ measurement: "y", atMost: 4 }],
      stop: [
        { kind: "goal reached", limits: [{ measurement: "y", atLeast: 5 }] },
        { kind: "no gain", over: 2, lessThan: 1 },
      ],
    };
    const account = bookAll([9, 3, 4, 5], given);
    expect(account).toMatchObject({ measured: 4, reached: false, best: { experiment: 3 } });
    expect(account.gainFrom).toEqual({ score: 4, measured: 3 });
    const outside = bookAll([9, 8], given);
    expect(outside).toMatchObject({ measured: 2, best: null, gainFrom: null });
    expect(nothingWithinLimits(outside, definition(given))).toBe(true);
    expect(nothingWithinLimits(account, definition(given))).toBe(false);
  });

  it("have no best where nothing is optimised", () => {
    const account = bookAll([1, 2], { goal: { kind: "explore", measurement: "y" } });
    expect([account.best, account.measured]).toEqual([null, 2]);
  });

  it("end what failed or was refused in a row", () => {
    const before = { ...openAccount(0), failed: 2, failuresInARow: 2, refusalsInARow: 9 };
    expect(bookMeasurement(before, definition(), measured(3, 1))).toMatchObject({
      failed: 2,
      failuresInARow: 0,
      refusalsInARow: 0,
    });
  });
});

describe("a goal", () => {
  const stop: readonly StopRule[] = [
    {
      kind: "goal reached",
      limits: [
        { measurement: "y", atMost: 5, atLeast: 4 },
        { measurement: "z", atMost: 1 },
      ],
    },
  ];

  it.each([
    [4, 1, true],
    [5, -7, true],
    [3.9, 0, false],
    [5.1, 0, false],
    [4.5, 1.1, false],
  ])("with y = %d and z = %d is reached: %s", (y, z, reached) => {
    const given = definition({ stop });
    expect(bookMeasurement(openAccount(0), given, measured(1, y, z)).reached).toBe(reached);
  });

  it("stays reached, and ends the campaign", () => {
    const account = bookAll([4.5, 9], { stop });
    expect(reasonToEnd(account, definition({ stop }), 0)).toBe("goal reached");
  });

  it("isn't reached by a measurement that is missing", () => {
    const { z: _, ...values } = measured(1, 4.5).values;
    const account = bookMeasurement(openAccount(0), definition({ stop }), { ...measured(1, 4.5), values });
    expect(account.reached).toBe(false);
  });
});

describe("gain", () => {
  const stop: readonly StopRule[] = [{ kind: "no gain", over: 3, lessThan: 1 }];
  const reason = (...ys: readonly number[]): string | null =>
    reasonToEnd(bookAll(ys, { stop }), definition({ stop }), 0);

  it("that is too small over so many measurements ends the campaign", () => {
    expect(reason(5, 5.5, 5.9)).toBeNull();
    expect(reason(5, 5.5, 5.9, 5.9)).toBe("no more gain");
  });

  it("adds up over small steps", () => {
    expect(reason(5, 5.5, 6, 6.5, 6.9)).toBeNull();
    expect(reason(5, 5.5, 6, 6.5, 6.9, 6.9)).toBe("no more gain");
  });
});

describe("a hypothesis", () => {
  const report = (name: string, weightAfter: number): BeliefReport => ({
    experiment: 1,
    movements: [
      {
        name,
        measurement: "y",
        predicted: { mean: 0, sd: 1 },
        observed: 0,
        logLikelihood: 0,
        weightBefore: 0.5,
        weightAfter,
        judged: true,
      },
    ],
  });

  it.each([
    ["Arrhenius", 0.95, undefined, true],
    ["Arrhenius", 0.9, undefined, true],
    ["Arrhenius", 0.89, undefined, false],
    ["Arrhenius", 0.95, "Eyring", false],
    ["surrogate", 0.99, undefined, false],
  ])("%s of weight %d with %s wanted is decided: %s", (name, weight, hypothesis, decided) => {
    const stop: readonly StopRule[] = [
      { kind: "decided", weight: 0.9, ...(hypothesis === undefined ? {} : { hypothesis }) },
    ];
    const account = bookBelief(openAccount(0), definition({ stop }), report(name, weight));
    expect(account.decided).toBe(decided);
    expect(reasonToEnd(account, definition({ stop }), 0)).toBe(decided ? "hypothesis decided" : null);
  });

  it("decides nothing where no rule asks for it", () => {
    expect(bookBelief(openAccount(0), definition(), report("Arrhenius", 1)).decided).toBe(false);
  });
});

describe("consumables", () => {
  const setting = { v: 10 };

  it("are used up by setting, constant parameters and constants, in coherent units", () => {
    const budget = { consumables: [consumable("dye", 1, "v + rinse + lost"), consumable("tips", 9, "2")] };
    const given = definition({ budget });
    const { used } = bookUse(bookUse(openAccount(0), given, setting), given, { v: 20 });
    expect(used["dye"]).toBeCloseTo(36e-9, 20);
    expect(used["tips"]).toBe(4);
  });

  it("suffice to the last drop in spite of rounding, and no further", () => {
    const given = definition({ budget: { consumables: [consumable("acid", 0.3, "0.1")] } });
    let account = openAccount(0);
    // 0.1 + 0.1 + 0.1 is more than 0.3 in floating point.
    for (let i = 0; i < 3; i++) {
      expect(missingConsumable(account, given, setting)).toBeUndefined();
      account = bookUse(account, given, setting);
    }
    expect(missingConsumable(account, given, setting)).toBe("acid");
  });
});

describe("a campaign", () => {
  const reason = (changes: Partial<Account>, now = 0, budget = {}): string | null =>
    reasonToEnd({ ...openAccount(1000), ...changes }, definition({ budget }), now);

  it("has no reason to end at its beginning", () => {
    expect(reason({}, 1000)).toBeNull();
  });

  it.each<[Partial<Account>, string | null]>([
    [{ failuresInARow: 2, failed: 2 }, null],
    [{ failuresInARow: 3, failed: 3 }, "too many failures"],
    [{ measured: 6, failed: 3 }, null],
    [{ measured: 7, failed: 3 }, "budget of experiments used"],
    [{ measured: 7, refused: 3 }, null],
    [{ refusalsInARow: 24 }, null],
    [{ refusalsInARow: 25 }, "nothing left to try"],
    [{ reached: true, measured: 10 }, "goal reached"],
  ])("with %j ends by: %s", (changes, expected) => {
    expect(reason(changes)).toBe(expected);
  });

  it("ends when its time is over, counted from its start", () => {
    expect(reason({}, 5999, { milliseconds: 5000 })).toBeNull();
    expect(reason({}, 6000, { milliseconds: 5000 })).toBe("budget of time used");
  });
});
