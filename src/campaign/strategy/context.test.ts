import { describe, expect, it } from "vitest";
import { createStrategy, type StrategyDefinition } from "./create-strategy.ts";

const definition: StrategyDefinition = {
  parameters: {
    a: { min: 0, max: 1 },
    humidity: { min: "20 %", max: "80 %", context: true },
    lot: { choices: ["A", "B"], context: true },
  },
  measurements: { y: {} },
  goal: { maximise: "y" },
  seed: 2,
};

const TODAY = { humidity: 43, lot: "B" };

describe("context of a strategy", () => {
  it("is in every suggestion, and what is learned takes it into account", () => {
    const strategy = createStrategy(definition);
    const hill = (a: number, humidity: number): number => -((a - humidity / 100) ** 2);
    for (let n = 0; n < 16; n++) {
      const context = { humidity: 20 + ((n * 37) % 60), lot: "A" };
      const setting = strategy.suggest(1, { context })[0]?.setting ?? {};
      expect(setting).toMatchObject(context);
      strategy.observe({ setting, outcome: { y: hill(Number(setting["a"]), context.humidity) } });
    }
    for (const humidity of [30, 70]) {
      const [suggestion] = strategy.suggest(1, { context: { humidity, lot: "A" } });
      expect(Number(suggestion?.setting["a"])).toBeGreaterThan(humidity / 100 - 0.15);
      expect(Number(suggestion?.setting["a"])).toBeLessThan(humidity / 100 + 0.15);
    }
  });

  it("may have a unit, and lie beyond the limits", () => {
    const strategy = createStrategy(definition);
    const [suggestion] = strategy.suggest(1, { context: { humidity: "0.95", lot: "A" } });
    expect(suggestion?.setting["humidity"]).toBe(0.95);
    const [other] = strategy.suggest(1, { context: { humidity: "95 %", lot: "A" } });
    expect(other?.setting["humidity"]).toBe(95);
  });

  it("goes with candidates, each of which is tried once whatever the context", () => {
    const strategy = createStrategy({
      ...definition,
      constraints: ["a <= humidity"],
      candidates: [{ a: 0.1 }, { a: 0.5 }, { a: 0.9 }],
    });
    const dry = strategy.suggest(3, { context: { humidity: 20, lot: "A" } });
    expect(dry.map(({ setting }) => setting)).toEqual([{ a: 0.1, humidity: 20, lot: "A" }]);
    const damp = strategy.suggest(3, { context: { humidity: 60, lot: "A" } });
    expect(damp.map(({ setting }) => setting)).toEqual([{ a: 0.5, humidity: 60, lot: "A" }]);
  });

  it.each([
    [
      undefined,
      'the context "humidity" has no value\n  → it is observed before each decision: give its value in %',
    ],
    [{ ...TODAY, humidty: 3 }, '"humidty" is no context parameter\n  → did you mean "humidity"?'],
    [{ ...TODAY, a: 0.5 }, '"a" is chosen, not observed: it is no context'],
    [{ ...TODAY, lot: "C" }, 'the context "lot" has no choice "C"; choices are A, B'],
    [{ ...TODAY, humidity: "much" }, 'the context "humidity" has to be a number, not "much"'],
    [{ ...TODAY, humidity: "5 mL" }, 'the context "humidity" has to be a number, not "5 mL"'],
  ])("refuses %j", (context, told) => {
    const strategy = createStrategy(definition);
    expect(() => strategy.suggest(1, context === undefined ? {} : { context })).toThrow(told);
    expect(strategy.pending).toEqual([]);
  });

  it("isn't asked for where no parameter is observed", () => {
    const strategy = createStrategy({ ...definition, parameters: { a: { min: 0, max: 1 } } });
    expect(strategy.suggest()).toHaveLength(1);
    expect(() => strategy.suggest(1, { context: { humidity: 3 } })).toThrow(
      '"humidity" is no context parameter',
    );
  });
});
