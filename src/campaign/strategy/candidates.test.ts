import { describe, expect, it } from "vitest";
import { createStrategy, type StrategyDefinition, strategyFromJson } from "./create-strategy.ts";

const GRID = Array.from({ length: 49 }, (_, i) => ({ a: Math.floor(i / 7), b: i % 7 }));

const definition: StrategyDefinition = {
  parameters: { a: { min: 0, max: 6 }, b: { min: 0, max: 6 } },
  candidates: GRID,
  measurements: { y: { unit: "1" } },
  goal: { maximise: "y" },
  seed: 3,
};

/** Makes a strategy of a definition with some of its parts replaced, unchecked. */
function created(changes: Partial<Record<keyof StrategyDefinition, unknown>>): unknown {
  return createStrategy({ ...definition, ...changes } as StrategyDefinition);
}

describe("a strategy with candidates", () => {
  it("suggests each of them once, then none", () => {
    const strategy = createStrategy({ ...definition, candidates: GRID.slice(0, 12) });
    const seen = new Set<string>();
    for (let n = 0; n < 12; n++) {
      const [suggestion] = strategy.suggest();
      const { a = 0, b = 0 } = suggestion?.setting ?? {};
      seen.add(`${a} ${b}`);
      strategy.observe({ setting: { a, b }, outcome: { y: Number(a) - Number(b) } });
    }
    expect([...seen].sort()).toEqual(GRID.slice(0, 12).map(({ a, b }) => `${a} ${b}`));
    expect(strategy.suggest()).toEqual([]);
  });

  it("finds the top of a hill among them, and goes on after JSON", () => {
    let strategy = createStrategy(definition);
    const tried: string[] = [];
    for (let n = 0; n < 14; n++) {
      const setting = strategy.suggest()[0]?.setting ?? {};
      tried.push(`${setting["a"]} ${setting["b"]}`);
      const y = -((Number(setting["a"]) - 4) ** 2) - (Number(setting["b"]) - 2) ** 2;
      strategy.observe({ setting, outcome: { y } });
      strategy = strategyFromJson(JSON.parse(JSON.stringify(strategy)));
    }
    expect(tried).toContain("4 2");
  });

  it("gives fewer suggestions than asked for where fewer are left, and none that is under way", () => {
    const strategy = createStrategy({ ...definition, candidates: GRID.slice(0, 5) });
    expect(strategy.suggest(3)).toHaveLength(3);
    expect(strategy.suggest(3)).toHaveLength(2);
    expect(strategy.suggest(3)).toEqual([]);
  });

  it("suggests a row that is there twice twice", () => {
    const strategy = createStrategy({ ...definition, candidates: [GRID[5], GRID[5]] as typeof GRID });
    expect(strategy.suggest(3).map(({ setting }) => setting)).toEqual([GRID[5], GRID[5]]);
  });

  it("takes limits, choices and units from them", () => {
    const strategy = createStrategy({
      parameters: {
        volume: { unit: "mL" },
        solvent: { choices: "from candidates" },
        ph: { unit: "1" },
        temperature: { value: "20 degC" },
      },
      candidates: [
        { volume: "300 uL", solvent: "DMF", ph: 7 },
        { volume: 2, solvent: "toluene", ph: 7 },
      ],
      measurements: { y: {} },
      goal: { maximise: "y" },
    });
    const settings = strategy.suggest(2).map(({ setting }) => setting);
    expect(settings).toContainEqual({ volume: 0.3, solvent: "DMF", ph: 7, temperature: 20 });
    expect(settings).toContainEqual({ volume: 2, solvent: "toluene", ph: 7, temperature: 20 });
  });

  it("lets a parameter rest where its condition doesn't hold", () => {
    const strategy = createStrategy({
      parameters: {
        catalyst: { choices: ["none", "Pd"] },
        loading: { min: 1, max: 10, when: 'catalyst != "none"' },
      },
      candidates: [{ catalyst: "none" }, { catalyst: "Pd", loading: 4 }],
      measurements: { y: {} },
      goal: { maximise: "y" },
    });
    expect(strategy.suggest(2).map(({ setting }) => setting)).toContainEqual({
      catalyst: "none",
      loading: 1,
    });
  });

  it("takes rows of a mixture that are rounded", () => {
    const thirds = { a: 0.333, b: 0.333, c: 0.333 };
    const strategy = createStrategy({
      ...definition,
      parameters: { a: { min: 0, max: 1 }, b: { min: 0, max: 1 }, c: { min: 0, max: 1 } },
      mixtures: [{ of: ["a", "b", "c"], total: 1 }],
      candidates: [thirds, { a: 0, b: 0.5, c: 0.5 }],
    });
    expect(strategy.suggest(2).map(({ setting }) => setting)).toContainEqual(thirds);
  });

  it.each([
    [
      "an unknown name",
      { candidates: [{ a: 1, b: 1, aa: 2 }] },
      'candidates: "aa" is no parameter\n  → did you mean "a"? [campaign.bad-candidates]',
    ],
    ["a name that is nowhere", { candidates: [{ a: 1 }] }, 'candidates: nothing is given for "b"'],
    [
      "a name that is missing in a row",
      { candidates: [{ a: 1, b: 1 }, { a: 1 }] },
      'candidates[1]: "b" is empty',
    ],
    [
      "a value beyond its limits",
      { candidates: [{ a: 1, b: 9 }] },
      'candidates[0]: "b" is 9, but it goes from 0 to 6',
    ],
    ["a text", { candidates: [{ a: "much", b: 1 }] }, 'candidates[0]: "much" is no value for "a"'],
    ["another unit", { candidates: [{ a: "1 mL", b: 1 }] }, 'candidates[0]: "1 mL" is no value for "a"'],
    [
      "a broken constraint",
      { constraints: ["a + b <= 3"], candidates: [{ a: 2, b: 2 }] },
      'candidates[0]: the row breaks the constraint "a + b <= 3"',
    ],
    [
      "a step",
      { parameters: { a: { min: 0, max: 6, step: 2 }, b: { min: 0, max: 6 } }, candidates: [{ a: 3, b: 2 }] },
      '"a" is 3, but it goes from 0 to 6 in steps of 2',
    ],
    [
      "a choice",
      { parameters: { a: { choices: ["x", "y"] }, b: { min: 0, max: 6 } }, candidates: [{ a: "z", b: 2 }] },
      '"z" is no choice of "a"\n  → its choices: x, y',
    ],
    [
      "a mixture",
      { mixtures: [{ of: ["a", "b"], total: 6 }], candidates: [{ a: 3, b: 2 }] },
      "a + b is 5, but the mixture makes up 6",
    ],
    ["no rows", { candidates: [] }, "candidates: there are no candidates"],
    [
      "too many rows",
      { candidates: Array.from({ length: 100_001 }, () => ({ a: 1, b: 1 })) },
      "there are 100001 candidates; at most 100000 are looked at",
    ],
    ["a file name", { candidates: "rows.csv" }, "`candidates` has to be a list of settings"],
    [
      "no list at all",
      { candidates: undefined, parameters: { a: { unit: "mL" } } },
      'nothing says which values "a" may have: there are no candidates',
    ],
    [
      "an unknown unit",
      { parameters: { a: { unit: "mls" }, b: { unit: "1" } } },
      '"mls" is no unit that labloop knows',
    ],
    [
      "bare choices without end",
      {
        parameters: { a: { choices: "from candidates" }, b: { unit: "1" } },
        candidates: Array.from({ length: 200 }, (_, i) => ({ a: `x${i}`, b: i })),
      },
      '"a" has 200 choices, and nothing tells which of them are alike',
    ],
  ])("refuses %s", (_, changes, told) => {
    expect(() => created(changes)).toThrow(told);
  });

  it("tells ten wrong rows and how many more there are", () => {
    const candidates = Array.from({ length: 30 }, () => ({ a: 7, b: 1 }));
    expect(() => created({ candidates })).toThrow(
      /^(?:.*"a" is 7.*\n.*\n){10}candidates: 20 more rows are wrong/,
    );
  });
});
