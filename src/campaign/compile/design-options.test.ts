import { describe, expect, it } from "vitest";
import { createStrategy } from "../strategy/create-strategy.ts";

const PARAMETERS = {
  bath: { min: "20 degC", max: "100 degC" },
  solvent: { choices: ["DMF", "water"] },
} as const;
const MEASUREMENTS = { yield: { unit: "%" }, impurity: { unit: "%" } } as const;

type Definition = Parameters<typeof createStrategy>[0];

function problem(changes: Partial<Definition>) {
  const definition = {
    parameters: PARAMETERS,
    measurements: MEASUREMENTS,
    goal: { maximise: "yield" },
    ...changes,
  };
  return createStrategy(definition).toJSON().problem;
}

describe("limits of a file", () => {
  it("are in the unit of the measurement", () => {
    expect(
      problem({ limits: { impurity: { max: 0.02 }, yield: { min: "10 %", max: "99 %" } } }).limits,
    ).toEqual([
      { measurement: "impurity", atMost: 2 },
      { measurement: "yield", atLeast: 10, atMost: 99 },
    ]);
  });

  it.each([
    [{ impurty: { max: "2 %" } }, 'did you mean "impurity"?'],
    [{ impurity: { max: "2 mL" } }, '"2 mL" is a volume'],
    [{ impurity: { min: "3 %", max: "2 %" } }, "min is not below max"],
    [{ impurity: {} }, "this limit has no end"],
  ])("%j are refused", (limits, message) => {
    expect(() => problem({ limits })).toThrow(message);
  });
});

describe("the design of a file", () => {
  it("may choose the acquisition, a cost and a prior, in the units of the parameters", () => {
    const { design } = problem({
      constants: { heating: "2 min/K" },
      design: {
        acquisition: "log expected improvement",
        cost: "5 min + abs(bath - previous.bath) * heating",
        prior: { bath: "normal(353.15 K, 10 degC)", solvent: { DMF: 3 } },
      },
    });
    expect(design).toMatchObject({
      acquisition: "log expected improvement",
      prior: {
        bath: { kind: "normal", mean: 80, sd: 10 },
        solvent: { kind: "weights", weights: { DMF: 3 } },
      },
    });
    expect(design.cost?.expression.kind).toBe("binary");
  });

  const law = { predicts: "yield", expression: "a", priors: { a: "normal(0.5, 0.1)" } };

  it.each<[Partial<Definition>, string]>([
    [{ design: { cost: "bath - previous.bath + 1 K" } }, "some experiments would cost nothing, or less"],
    [{ design: { cost: "bath > 300 K" } }, "a cost is a quantity"],
    [{ design: { cost: "5 min + previous.both" } }, '"previous.both" is not known here'],
    [{ design: { prior: { bath: "normal(80 mL, 2 mL)" } } }, 'but "bath" is a temperature'],
    [{ design: { prior: { bath: "around 80" } } }, "is no prior"],
    [{ design: { prior: { bath: { DMF: 1 } } } }, '"bath" is a number'],
    [{ design: { prior: { solvent: "normal(0, 1)" } } }, "is chosen among names"],
    [{ design: { prior: { solvent: { DNF: 1 } } } }, 'did you mean "DMF"?'],
    [{ design: { prior: { solvent: { DMF: 0 } } } }, "no choice has a weight above 0"],
    [{ design: { prior: { path: "normal(0, 1)" } } }, 'did you mean "bath"?'],
    [
      { goal: { explore: "yield" }, design: { acquisition: "thompson" } },
      "where one measurement is optimised",
    ],
    [
      { goal: { explore: "yield" }, design: { prior: { solvent: { DMF: 1 } } } },
      "needs something to optimise",
    ],
    [
      { goal: { target: "yield", value: "5 %" }, design: { acquisition: "thompson" } },
      "for a target, expected improvement",
    ],
    [{ hypotheses: { law }, design: { acquisition: "thompson" } }, "expected improvement under all of them"],
    [{ design: { acquisition: "thompson", boldness: 2 } }, '"thompson" knows no boldness'],
  ])("%j is refused", (changes, message) => {
    expect(() => problem(changes)).toThrow(message);
  });
});
