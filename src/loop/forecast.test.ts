import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { planOf } from "../../test/support/plan-of.ts";
import { toSi, unitOf } from "../base/unit.ts";
import type { ExperimentDefinition } from "./experiment-machine.ts";
import { type Forecast, forecast } from "./forecast.ts";
import { advance, answered } from "./procedure.ts";
import { beginProcedure } from "./procedure-state.ts";

const UL = unitOf("uL");
const PARAMETERS = [
  { kind: "continuous", name: "x", unit: "1", minimum: 0, maximum: 10, scale: "linear" },
  { kind: "continuous", name: "v", unit: "uL", minimum: 0, maximum: 1000, scale: "linear" },
] as const;

function definitionOf(yaml: string): ExperimentDefinition {
  return { parameters: PARAMETERS, constants: {}, plan: planOf(yaml) };
}

function forecastOf(yaml: string, setting: { x?: number; v?: number } = {}): Forecast {
  return forecast(definitionOf(yaml), { x: 1, v: 10, ...setting });
}

/** "dose 10", "dose ?" where it isn't known, and "(dose 10)" where it isn't sure. */
function told({ actions }: Forecast): string[] {
  return actions.map(({ action, arguments: given, sure }) => {
    const values = Object.values(given).map((value) => value ?? "?");
    const text = [action, ...values].join(" ");
    return sure ? text : `(${text})`;
  });
}

describe("a forecast", () => {
  it("works out arguments from the setting and from what is computed of it", () => {
    const yaml = `
  - { compute: { half: v / 2 } }
  - { do: rig.dose, with: { volume: half } }
  - { do: rig.dose, with: { volume: v } }`;
    expect(told(forecastOf(yaml, { v: 50 }))).toEqual(["dose 25", "dose 50"]);
  });

  it("goes through loops and branches that the setting decides", () => {
    const yaml = `
  - { repeat: x, steps: [{ do: rig.a }, { when: x > 2, steps: [{ do: rig.b }], else: [{ do: rig.c }] }] }`;
    expect(told(forecastOf(yaml, { x: 2 }))).toEqual(["a", "c", "a", "c"]);
    expect(told(forecastOf(yaml, { x: 3 }))).toEqual(["a", "b", "a", "b", "a", "b"]);
  });

  it("leaves open what depends on a reading", () => {
    const yaml = `
  - { measure: rig.read, as: at }
  - { compute: { much: at.y * 10 uL } }
  - { do: rig.dose, with: { volume: much } }
  - { when: at.y > 1, steps: [{ do: rig.a }], else: [{ do: rig.b }] }
  - { do: rig.dose, with: { volume: v } }`;
    expect(told(forecastOf(yaml))).toEqual(["read", "dose ?", "(a)", "(b)", "dose 10"]);
  });

  it("forgets a value that a branch may have changed", () => {
    const yaml = `
  - { compute: { much: 10 uL } }
  - { measure: rig.read, as: at }
  - { when: at.y > 1, steps: [{ compute: { much: 20 uL } }] }
  - { do: rig.dose, with: { volume: much } }`;
    expect(told(forecastOf(yaml))).toEqual(["read", "dose ?"]);
  });

  it("doesn't know what a loop computes whose rounds a reading counts", () => {
    const yaml = `
  - { compute: { much: 0 uL } }
  - { measure: rig.read, as: at }
  - { repeat: at.y, steps: [{ compute: { much: much + 5 uL } }, { do: rig.dose, with: { volume: much } }] }
  - { do: rig.dose, with: { volume: much } }`;
    expect(told(forecastOf(yaml))).toEqual(["read", "(dose ?)", "dose ?"]);
  });

  it("polls once for sure, and goes on behind the wait", () => {
    const yaml = `
  - { wait_until: at.y > 1, poll: [{ measure: rig.read, as: at }], every: 1 s, within: 1 min }
  - { do: rig.a }`;
    expect(told(forecastOf(yaml))).toEqual(["read", "a"]);
  });

  it("ends a poll that can't end", () => {
    const yaml = `
  - { wait_until: x > 5, poll: [{ do: rig.a }], every: 1 s, within: 1 min }
  - { do: rig.b }`;
    expect(new Set(told(forecastOf(yaml)))).toEqual(new Set(["a"]));
  });

  it("goes through the branches of a parallel step, and doesn't know what two of them compute", () => {
    const yaml = `
  - parallel:
      - [{ compute: { p: 5 uL, q: 5 uL } }, { do: rig.a }]
      - [{ compute: { q: 10 uL } }, { do: rig.b }]
  - { do: rig.dose, with: { volume: p } }
  - { do: rig.dose, with: { volume: q } }`;
    expect(told(forecastOf(yaml))).toEqual(["a", "b", "dose 5", "dose ?"]);
  });

  it("names the action that can't be done, and ends before it", () => {
    const yaml = `
  - { do: rig.a }
  - { do: rig.b }
  - { do: rig.dose, with: { volume: v } }
  - { do: rig.c }`;
    const given = forecastOf(yaml, { v: 200 });
    expect(told(given)).toEqual(["a", "b"]);
    expect(given.impossible).toEqual({
      nth: 3,
      what: '"volume" of rig.dose',
      message: "an argument of 200 uL is outside 0 … 100 uL",
    });
  });

  it("lets readings decide whether an action that can't be done is done", () => {
    const yaml = `
  - { measure: rig.read, as: at }
  - { when: at.y > 1, steps: [{ do: rig.dose, with: { volume: v } }] }
  - { do: rig.a }`;
    const given = forecastOf(yaml, { v: 200 });
    expect(given.impossible).toBeUndefined();
    expect(told(given)).toEqual(["read", "(dose ?)", "a"]);
  });

  it("refuses a wait of less than nothing", () => {
    const given = forecastOf("\n  - { do: rig.a }\n  - { wait: (x - 5) * 1 s }");
    expect(given.impossible).toMatchObject({ nth: 2, what: "a wait" });
  });
});

const step = fc.letrec<{ step: string; steps: string }>((tie) => ({
  steps: fc.array(tie("step"), { minLength: 1, maxLength: 4 }).map((all) => `[${all.join(", ")}]`),
  step: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("{ do: rig.a }", "{ do: rig.b }", "{ compute: { w: v / 2 } }", "{ wait: 1 s }"),
    fc.integer({ min: 0, max: 3 }).map((n) => `{ do: rig.dose, with: { volume: ${n} * v } }`),
    fc
      .tuple(fc.integer({ min: 0, max: 3 }), tie("steps"))
      .map(([n, all]) => `{ repeat: ${n}, steps: ${all} }`),
    fc
      .tuple(fc.integer({ min: 0, max: 10 }), tie("steps"), tie("steps"))
      .map(([n, all, others]) => `{ when: x > ${n}, steps: ${all}, else: ${others} }`),
  ),
})).steps;

prop.prop([step, fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 40 })], { numRuns: 200 })(
  "is what the procedure then does, where no reading decides",
  (steps, x, v) => {
    const yaml = ` ${steps}`;
    const definition = definitionOf(yaml);
    const done: string[] = [];
    let { state, commands } = advance(definition.plan, beginProcedure(1, { x, v: toSi(v, UL) }), 0);
    while (commands.length > 0) {
      const [command] = commands;
      if (command?.kind === "perform")
        done.push([command.action, ...Object.values(command.arguments)].join(" "));
      ({ state, commands } = advance(definition.plan, answered(state, command?.id ?? ""), 0));
    }
    const given = forecast(definition, { x, v });
    expect(told(given)).toEqual(done);
    expect(given.impossible === undefined).toBe(state.failure === null);
  },
);
