import { describe, expect, it } from "vitest";
import { createStrategy } from "../strategy/create-strategy.ts";

type Definition = Parameters<typeof createStrategy>[0];

const DEFINITION: Definition = {
  parameters: {
    bath: { min: "20 degC", max: "100 degC" },
    angle: { min: "0 deg", max: "720 deg" },
    solvent: { choices: ["DMF", "water"] },
  },
  measurements: { yield: { unit: "%" }, impurity: { unit: "%" } },
  goal: { maximise: "yield" },
  seed: 3,
};

function surrogateOf(changes: Partial<Definition>) {
  return createStrategy({ ...DEFINITION, ...changes }).toJSON().problem.hypotheses[0];
}

describe("the surrogate of a file", () => {
  it("may have a kernel that is a sum of products over parameters", () => {
    const kernel = "matern52(bath, solvent) * periodic(angle) + linear(bath)+rbf";
    expect(surrogateOf({ surrogate: { kernel } })).toMatchObject({
      kernel: [
        [
          { kind: "matern52", parameters: ["bath", "solvent"] },
          { kind: "periodic", parameters: ["angle"] },
        ],
        [{ kind: "linear", parameters: ["bath"] }],
        [{ kind: "rbf" }],
      ],
    });
  });

  it.each<[string, Partial<Definition>]>([
    ['there is no kernel "matern"', { surrogate: { kernel: "matern(bath)" } }],
    ['did you mean "matern52"?', { surrogate: { kernel: "matern5" } }],
    ['did you mean "bath"?', { surrogate: { kernel: "rbf(bat)" } }],
    ['"" is no kernel', { surrogate: { kernel: "rbf +" } }],
    ['"rbf(bath" is no kernel', { surrogate: { kernel: "rbf(bath" } }],
    ['"solvent" is no number', { surrogate: { kernel: "periodic(solvent)" } }],
    [
      '"angle" comes round by its symmetry already',
      { surrogate: { kernel: "periodic(angle)" }, symmetries: [{ period: { angle: "360 deg" } }] },
    ],
    [
      "several objectives are modelled on their own scales",
      { surrogate: { output_transform: "rank" }, goal: [{ maximise: "yield" }, { minimise: "impurity" }] },
    ],
    [
      "no parameter is a number",
      { surrogate: { input_warping: true }, parameters: { solvent: { choices: ["DMF", "water"] } } },
    ],
  ])("is refused: %s", (message, changes) => {
    expect(() => surrogateOf(changes)).toThrow(message);
  });

  it.each<NonNullable<Definition["surrogate"]>>([
    { kernel: "rbf(bath, angle) * matern32(solvent) + linear(bath)" },
    { kernel: "periodic(angle) * rbf" },
    { input_warping: true },
    { output_transform: "rank" },
    { output_transform: "power" },
    { output_transform: "none" },
    { output_transform: "evidence" },
  ])("built as %j gives suggestions that are its own, and the same again", (surrogate) => {
    const settings = (changes: Partial<Definition>): string => {
      const strategy = createStrategy({ ...DEFINITION, ...changes, design: { first: { count: 6 } } });
      const asked: unknown[] = [];
      for (let k = 0; k < 12; k++) {
        const [suggestion] = strategy.suggest();
        if (suggestion === undefined) throw new Error("nothing is suggested");
        const { setting } = suggestion;
        asked.push(setting);
        const bath = Number(setting["bath"]);
        const wave = Math.sin((Number(setting["angle"]) * Math.PI) / 180);
        // One result that no other agrees with.
        const value = k === 7 ? 400 : (bath / 10) ** 2 * (2 + wave) + (setting["solvent"] === "DMF" ? 9 : 0);
        strategy.observe({ setting, outcome: { yield: value, impurity: 1 } });
      }
      return JSON.stringify(asked);
    };
    const own = settings({ surrogate });
    expect(own).toBe(settings({ surrogate }));
    expect(own).not.toBe(settings({}));
  });
});
