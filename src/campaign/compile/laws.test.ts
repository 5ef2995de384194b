import { describe, expect, it } from "vitest";
import { written } from "../../../test/support/written.ts";
import { type ExpressionType, quantityType } from "../../base/expression/dimension.ts";
import { namesIn } from "../../base/expression/expression.ts";
import { unitOf } from "../../base/unit.ts";
import { compileLaws } from "./laws.ts";

const scope = new Map<string, ExpressionType>([
  ["dose", quantityType(unitOf("mM").dimension)],
  ["stock", quantityType(unitOf("mM").dimension)],
]);
const names = {
  scope,
  constants: new Map([["stock", { value: 5, unit: unitOf("mM") }]]),
  units: new Map([
    ["rate", unitOf("uM/s")],
    ["heat", unitOf("degC")],
  ]),
};

function laws(yaml: string) {
  const part = written(`hypotheses:\n${yaml}`);
  return { got: compileLaws(part.faults, part.file, names), told: part.told() };
}

const law = (expression: string, priors: string, more = ""): string =>
  `  one: { predicts: rate, expression: "${expression}", priors: ${priors}${more} }\n`;
const prior = (text: string): string => law("p / p * 1 uM/s", `{ p: "${text}" }`);

describe("a law of a file", () => {
  it("keeps its parameters with their priors, and its constants as numbers", () => {
    const { got, told } = laws(
      law(
        "vmax * dose / (km + dose + stock)",
        '{ vmax: "lognormal(3 uM/s, 0.7)", km: "normal(500 uM, 0.1 mM)" }',
        ", weight: 30 %, noise: 0.1 uM/s",
      ),
    );
    expect(told).toEqual([]);
    const [one] = got;
    expect(one).toMatchObject({ name: "one", predicts: "rate", weight: 0.3, noise: { value: 0.1 } });
    expect(one?.parameters).toEqual([
      { name: "vmax", unit: "uM/s", prior: { kind: "lognormal", median: 3, sigma: 0.7 } },
      { name: "km", unit: "uM", prior: { kind: "normal", mean: 500, sd: 100 } },
    ]);
    expect(namesIn(one?.expression as NonNullable<typeof one>["expression"])).toEqual(["vmax", "dose", "km"]);
  });

  it.each([
    ["normal(20 degC, 2 K)", { kind: "normal", mean: 20, sd: 2 }],
    ["normal(20 degC, 2 degC)", { kind: "normal", mean: 20, sd: 2 }],
    ["uniform(293.15 K, 40 degC)", { kind: "uniform", minimum: 20, maximum: 40 }],
    ["uniform(0, 2 1/s)", { kind: "uniform", minimum: 0, maximum: 2 }],
    ["lognormal(80 uL, 50 %)", { kind: "lognormal", median: 80, sigma: 50 }],
  ])("reads the prior %s", (text, expected) => {
    const { got, told } = laws(prior(text));
    expect(told).toEqual([]);
    expect(got[0]?.parameters[0]?.prior).toEqual(expected);
  });

  it.each([
    ["gauss(0, 1)", "is no prior"],
    ["normal(0, 0)", "the standard deviation has to be above 0"],
    ["normal(1 mM, 1 s)", "both values need the same kind of unit"],
    ["uniform(2, 1)", "the first value has to be below the second"],
    ["lognormal(-1, 1)", "median and sigma have to be above 0"],
    ["lognormal(1 mM, 1 mM)", "sigma is a concentration, but it is the spread of a logarithm"],
    ["normal(1 mMM, 1)", "is no unit"],
  ])("refuses the prior %s, without blaming the expression", (text, message) => {
    const { told } = laws(prior(text));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(message);
  });

  it("needs a prior for every name that is nothing else, told at each of them", () => {
    const { told } = laws(law("vmax * dose / (km + dose)", "{}"));
    expect(told.map((each) => each.split("\n")[0])).toEqual([
      'campaign.yaml:2:39: "vmax" has no prior, and is no parameter or constant of the campaign',
      'campaign.yaml:2:54: "km" has no prior, and is no parameter or constant of the campaign',
    ]);
  });

  it("warns of a prior that nothing uses", () => {
    const { got, told } = laws(
      law("1 uM/s + 0 * k", '{ k: "normal(0 uM/s, 1 uM/s)", unused: "normal(0, 1)" }'),
    );
    expect(got).toHaveLength(1);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('"unused" has a prior, but the expression of "one" doesn\'t use it');
  });

  it.each([
    ["  surrogate: { predicts: rate, expression: 1 uM/s, priors: {} }\n", "stands for none of the laws"],
    ["  one: { predicts: rte, expression: 1, priors: {} }\n", 'did you mean "rate"?'],
    [law("1 mM", "{}"), '"1 mM" is a concentration, but a reaction rate is expected here'],
    [
      law("dose / 1 s", '{ dose: "normal(0, 1)" }'),
      '"dose" is a parameter or constant of the campaign already',
    ],
    [law("1 uM/s", "{}", ", weight: 0 %"), "a weight has to be above 0"],
    [
      "  one: { predicts: heat, expression: 30 degC - 10 degC, priors: {} }\n",
      "a difference of temperatures, but a temperature in degC is expected here",
    ],
  ])("is refused: %s", (yaml, message) => {
    const { told } = laws(yaml);
    expect(told[0]).toContain(message);
  });
});
