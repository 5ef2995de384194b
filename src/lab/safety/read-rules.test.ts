import { describe, expect, it } from "vitest";
import { benchRules } from "../../../test/support/safety-bench.ts";
import { quantityType } from "../../base/expression/dimension.ts";
import { unitOf } from "../../base/unit.ts";

const VALUES = new Map([
  ["temperature", quantityType(unitOf("degC").dimension, true)],
  ["solvent", { kind: "text", choices: ["water", "hexane"] } as const],
]);

function told(yaml: string): string[] {
  return benchRules(yaml, VALUES).part.told();
}

describe("rules of safety in a file", () => {
  it("are read with hyphens in names, expressions of several arguments, and roles", () => {
    const { rules, part } = benchRules(
      `
envelopes:
  vial: { adds: [acid.dispense.volume, base-2.dispense.volume, acid.run.rate * acid.run.time], takes: [waste.withdraw.volume], max: 20 mL }
forbidden:
  hot: { these: [base-2], when: oven.temperature > 50 degC and base-2.dispense.volume > 1 mL, why: it boils }
approval:
  new: { first: solvent, why: unknown }
  far: { outside: explored, margin: 10 %, why: unknown }
  hot: { when: temperature > 80 degC or oven.heat.mode == "fast", why: risk }
`,
      VALUES,
    );
    expect(part.told()).toEqual([]);
    expect(rules.envelopes[0]).toMatchObject({
      most: expect.closeTo(20e-6, 12),
      adds: [{ instrument: "acid" }, { instrument: "base-2" }, { instrument: "acid", action: "run" }],
      place: { file: "campaign.yaml", line: 3 },
    });
    expect(rules.forbidden[0]).toMatchObject({
      these: [{ instrument: "base-2", amounts: [] }],
      when: {
        properties: [{ name: "oven.temperature", instrument: "bath" }],
        arguments: [{ name: "base-2.dispense.volume", instrument: "base-2" }],
      },
    });
    expect(rules.approval.map(({ kind }) => kind)).toEqual(["first choice", "outside explored", "when"]);
  });

  it.each([
    [
      "envelopes: { v: { adds: [acid.dispens.volume], max: 1 mL } }",
      'campaign.yaml:1:26: "acid.dispens.volume" is not known here\n  → did you mean "acid.dispense.volume"? [campaign.bad-expression]',
    ],
    [
      "envelopes: { v: { adds: [acid.dispense.volume], max: 1 g } }",
      'campaign.yaml:1:26: "acid.dispense.volume" is a volume',
    ],
    [
      "envelopes: { v: { adds: [1 mL], max: 1 mL } }",
      'campaign.yaml:1:26: "1 mL" names no argument of an action\n  → name an argument, such as "pump.dispense.volume" [lab.bad-rule]',
    ],
    [
      "envelopes: { v: { adds: [acid.dispense.volume + base-2.dispense.volume], max: 1 mL } }",
      "joins arguments of two actions",
    ],
    ["envelopes: { v: { adds: [acid.prime.volume], max: 1 mL } }", "may be left out of the action"],
    ["envelopes: { v: { adds: [acid.dispense.volume], max: 0 mL } }", '"0 mL" is no size'],
    ["forbidden: { f: { these: [acid.dispense], why: w } }", "one action alone is no combination"],
    ["forbidden: { f: { these: [acid, bas], why: w } }", 'there is no instrument "bas"'],
    ["forbidden: { f: { these: [acid, bath.boil], why: w } }", '"bath.boil" is no action of bath'],
    ["forbidden: { f: { these: [acid], when: bath.temperature > 5 mL, why: w } }", "of one dimension"],
    [
      "forbidden: { f: { these: [acid], when: 'bath.heat.mode == \"fats\"', why: w } }",
      'did you mean "fast"?',
    ],
    [
      "approval: { a: { first: solvent, when: temperature > 5 degC, why: w } }",
      "one of first, when and outside",
    ],
    ["approval: { a: { first: solvnt, why: w } }", 'did you mean "solvent"?'],
    ["approval: { a: { first: experiment, margin: 5 %, why: w } }", "margin goes with"],
    ["approval: { a: { outside: explored, margin: -5 %, why: w } }", '"-5 %" is no margin'],
    ["approval: { a: { when: bath.temperature > 5 degC, why: w } }", '"bath.temperature" is not known here'],
  ])("with a mistake are told with their place: %s", (yaml, message) => {
    const all = told(yaml);
    expect(all).toHaveLength(1);
    expect(all[0]).toMatch(/^campaign\.yaml:1:\d+: /);
    expect(all[0]).toContain(message);
  });
});
