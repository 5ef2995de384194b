import { describe, expect, it } from "vitest";
import { written } from "../../../test/support/written.ts";
import { unitOf } from "../../base/unit.ts";
import { compileDesign, compileGoal } from "./goal.ts";

const units = new Map([
  ["purity", unitOf("%")],
  ["bath", unitOf("degC")],
]);

function goal(yaml: string) {
  const part = written(`budget: { experiments: 30 }\n${yaml}`);
  return { got: compileGoal(part.faults, part.file, units), told: part.told() };
}

describe("a goal of a file", () => {
  it("to minimise is reached at or below what is enough, to maximise at or above", () => {
    const { got } = goal("goal: [{ minimise: bath, enough: 68 degF }, { maximise: purity, enough: 0.9 }]");
    expect(got?.goal).toEqual({
      kind: "optimise",
      objectives: [
        { measurement: "bath", direction: { kind: "minimise" } },
        { measurement: "purity", direction: { kind: "maximise" } },
      ],
    });
    expect(got?.stop).toEqual([
      {
        kind: "goal reached",
        limits: [
          { measurement: "bath", atMost: 20 },
          { measurement: "purity", atLeast: 90 },
        ],
      },
    ]);
  });

  it("with a target is reached on both sides of it, as far as `within` says", () => {
    const { got } = goal("goal: { target: bath, value: 37 degC, within: 0.5 degC }");
    expect(got?.stop).toEqual([
      { kind: "goal reached", limits: [{ measurement: "bath", atLeast: 36.5, atMost: 37.5 }] },
    ]);
  });

  it("without an end leaves it to the budget", () => {
    expect(goal("goal: { minimise: bath }").got?.stop).toEqual([]);
    expect(goal("goal: { explore: bath }").got?.goal).toEqual({ kind: "explore", measurement: "bath" });
  });

  it("may have a worst value that counts, or be a boundary", () => {
    const { got } = goal("goal: [{ minimise: bath, reference: 313.15 K }, { maximise: purity }]");
    expect(got?.goal).toMatchObject({ objectives: [{ reference: 40 }, { measurement: "purity" }] });
    expect(goal("goal: { boundary: purity, value: 0.9 }").got?.goal).toEqual({
      kind: "boundary",
      measurement: "purity",
      value: 90,
    });
  });

  it.each([
    ["goal: { minimise: baht }", 'did you mean "bath"?'],
    ["goal: { minimise: bath, enough: 5 mL }", '"5 mL" is a volume, but a temperature is expected here'],
    ["goal: [{ explore: bath }, { minimise: bath }]", "a goal of this kind stands alone"],
    ["goal: [{ minimise: bath }, { maximise: bath }]", '"bath" is an objective twice'],
    ["goal: { discriminate: bath }", "this campaign has no hypotheses"],
    [
      "goal: { discriminate: bath }\nhypotheses: { h: { predicts: purity } }",
      'no hypothesis predicts "bath"',
    ],
    ["goal: { minimise: bath }\nstop: [{ decided: 99 % }]", "nothing can be decided"],
    [
      "goal: { minimise: bath }\nhypotheses: { h: { predicts: bath } }\nstop: [{ decided: 99 }]",
      "between 0 and 100 %",
    ],
    [
      "goal: { minimise: bath }\nhypotheses: { one: {} }\nstop: [{ decided: 99 %, hypothesis: on }]",
      'did you mean "one"?',
    ],
    [
      "goal: { explore: bath }\nstop: [{ no_gain: { over: 5, less_than: 1 K } }]",
      "needs something to optimise",
    ],
  ])("is refused: %s", (yaml, message) => {
    const { told } = goal(yaml);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(message);
  });
});

describe("the design of a file", () => {
  const design = (yaml: string, dimension = 3) => {
    const part = written(`budget: { experiments: 30 }\n${yaml}`);
    const optimise = {
      kind: "optimise",
      objectives: [{ measurement: "bath", direction: { kind: "minimise" } }],
    };
    return {
      got: compileDesign(part.faults, part.file, optimise as never, { dimension, listed: false }),
      told: part.told(),
    };
  };

  it.each([
    [1, 2],
    [3, 6],
    [20, 10],
  ])("starts %i parameters with %i of 30 experiments unless it says otherwise", (dimension, count) => {
    expect(design("", dimension).got.first).toEqual({ method: "sobol", count });
  });

  it("follows the goal unless it says otherwise", () => {
    expect(design("").got.then).toBe("optimise");
    expect(design("design: { then: random }").got.then).toBe("random");
  });

  it("warns of a start that takes more than the budget", () => {
    expect(design("design: { first: { count: 31 } }").told[0]).toContain(
      "the start takes 31 experiments, but the budget ends after 30",
    );
  });

  it("refuses a share beyond the whole", () => {
    const { told } = design("hypotheses: { h: { predicts: bath } }\ndesign: { discriminate: 120 % }");
    expect(told).toHaveLength(1);
    expect(told[0]).toContain("between 0 and 100 %");
  });
});
