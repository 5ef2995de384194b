import { describe, expect, it } from "vitest";
import { createStrategy, type StrategyDefinition, strategyFromJson } from "./create-strategy.ts";

const definition: StrategyDefinition = {
  constants: { most: "3 mL" },
  parameters: { a: { min: 0, max: "2 mL" }, b: { min: 0, max: "2 mL" } },
  constraints: ["a + b <= most"],
  measurements: { y: { unit: "1" } },
  goal: { maximise: "y" },
  seed: 3,
};

function hill({ a, b }: Readonly<Record<string, number | string>>): number {
  return -((Number(a) - 1.2) ** 2) - (Number(b) - 0.4) ** 2;
}

describe("a strategy", () => {
  it("finds the top of a hill in 20 experiments, within the constraint", () => {
    const strategy = createStrategy(definition);
    let best = -Infinity;
    for (let n = 0; n < 20; n++) {
      const setting = strategy.suggest()[0]?.setting ?? {};
      expect(Number(setting["a"]) + Number(setting["b"])).toBeLessThanOrEqual(3 + 1e-9);
      const y = hill(setting);
      strategy.observe({ setting, outcome: { y } });
      best = Math.max(best, y);
    }
    expect(best).toBeGreaterThan(-1e-3);
  });

  it("goes on after JSON as if it had never been put away", () => {
    const one = createStrategy(definition);
    for (let n = 0; n < 8; n++) {
      const setting = one.suggest()[0]?.setting ?? {};
      one.observe({ setting, outcome: { y: { value: hill(setting), standardUncertainty: 0.01 } } });
    }
    one.suggest(2);
    const other = strategyFromJson(JSON.parse(JSON.stringify(one)));
    expect(other.suggest(3)).toEqual(one.suggest(3));
  });

  it("counts suggestions as under way until they are observed", () => {
    const strategy = createStrategy(definition);
    const settings = strategy.suggest(3).map(({ setting }) => setting);
    expect(strategy.pending).toEqual(settings);
    strategy.observe({ setting: settings[1] as (typeof settings)[0], failed: "spilled" });
    expect(strategy.pending).toEqual([settings[0], settings[2]]);
  });

  it("refuses an outcome without the measurement", () => {
    const strategy = createStrategy(definition);
    expect(() => strategy.observe({ setting: { a: 1, b: 1 }, outcome: {} })).toThrow(
      'the outcome has no number "y"',
    );
  });

  it("refuses a setting with an unknown parameter", () => {
    const strategy = createStrategy(definition);
    expect(() => strategy.observe({ setting: { a: 1, b: 1, c: 1 }, outcome: { y: 1 } })).toThrow(
      'there is no parameter "c"; there are a, b',
    );
  });

  it("tells what is wrong with a definition, and where", () => {
    const wrong = { ...definition, goal: { maximise: "z" } };
    expect(() => createStrategy(wrong)).toThrow('"z" is no measurement of this campaign');
  });

  it("says that data of another kind are no strategy", () => {
    expect(() => strategyFromJson({} as never)).toThrow("this is no strategy of format 1");
  });
});
