import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { written } from "../../../test/support/written.ts";
import { parseExpression } from "../../base/expression/parse.ts";
import { unitOf } from "../../base/unit.ts";
import type { Space } from "../../experiment/space/space.ts";
import type { Argument } from "../../loop/plan.ts";
import { checkReach } from "./reach.ts";

const unit = unitOf("1");

function expression(text: string) {
  const parsed = parseExpression(text);
  if (parsed.kind === "problem") throw new Error(parsed.message);
  return parsed.expression;
}

function square(constraint?: string): Space {
  const parameter = (name: string) =>
    ({ kind: "continuous", name, unit: "1", minimum: 0, maximum: 1, scale: "linear" }) as const;
  return {
    parameters: [parameter("x"), parameter("y")],
    mixtures: [],
    constraints:
      constraint === undefined
        ? []
        : [{ name: constraint, text: constraint, expression: expression(constraint) }],
  };
}

function reach(
  text: string,
  space: Space,
  limits: { minimum?: number; maximum?: number; resolution?: number },
) {
  const { faults, told } = written("procedure: [{ with: { volume: 1 } }]");
  const argument: Argument = { kind: "number", expression: expression(text), unit, ...limits };
  const step = {
    role: "pump",
    action: "dispense",
    effect: "once",
    arguments: { volume: argument },
    readings: {},
    within: 1000,
  } as const;
  checkReach(faults, {
    plan: [{ kind: "action", step, always: false }, { kind: "end" }],
    space,
    constants: { two: 2 },
    places: new Map([[argument, ["procedure", 0, "with", "volume"]]]),
  });
  return told();
}

describe("the reach of an instrument", () => {
  const share = fc.integer({ min: -400, max: 400 }).map((n) => n / 100);

  // A linear argument is greatest and least in a corner.
  prop.prop([share, share, share, share])("is left exactly where a corner leaves it", (a, b, c, maximum) => {
    const greatest = c + Math.max(0, a) + Math.max(0, b);
    fc.pre(Math.abs(greatest - maximum) > 1e-9);
    const told = reach(`(${a}) * x + (${b}) * y + (${c})`, square(), { maximum });
    expect(told).toHaveLength(greatest > maximum ? 1 : 0);
  });

  it("is left inside of the space too, where no corner shows it", () => {
    const hill = "two * two * x * (1 - x)";
    expect(reach(hill, square(), { maximum: 1.01 })).toEqual([]);
    expect(reach(hill, square(), { maximum: 0.999 })).toHaveLength(1);
  });

  it("is kept where constraints keep it, and found left at their edge", () => {
    const space = square("x + y <= 1.5");
    expect(reach("x + y", space, { maximum: 1.5 })).toEqual([]);
    expect(reach("x + y", space, { maximum: 1.49 })).toHaveLength(1);
  });

  it("gives way by half a step, which rounding may add", () => {
    expect(reach("x", square(), { maximum: 0.95, resolution: 0.1 })).toEqual([]);
    expect(reach("x", square(), { maximum: 0.94, resolution: 0.1 })).toHaveLength(1);
  });

  it("is left by what is no number", () => {
    expect(reach("log(x - 2)", square(), { minimum: -10, maximum: 10 })[0]).toContain("would be NaN");
  });

  it("tells the settings that matter, and what is possible", () => {
    expect(reach("3 * x", square(), { minimum: 0, maximum: 2 })).toEqual([
      'campaign.yaml:1:31: "volume" of pump.dispense would be 3 at x 1, but it can be 0 to 2\n  → narrow the parameters\' ranges or add a constraint, so that every setting can be made [campaign.out-of-reach]',
    ]);
    expect(reach("-1", square(), { minimum: 0 })[0]).toContain(
      '"volume" of pump.dispense is -1, but it can be at least 0',
    );
  });

  it("is not looked at where an argument depends on readings", () => {
    expect(reach("colour.ch410", square(), { maximum: 0 })).toEqual([]);
  });
});
