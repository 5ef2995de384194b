import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { written } from "../../../test/support/written.ts";
import { type ExpressionType, quantityType } from "../../base/expression/dimension.ts";
import { unitOf } from "../../base/unit.ts";
import type { Instruction } from "../../loop/plan.ts";
import type { WrittenStep } from "../schema/step-schema.ts";
import type { InstrumentCatalogue } from "./instrument-catalogue.ts";
import type { LabResources } from "./lab-resources.ts";
import { compileProcedure } from "./procedure.ts";

const catalogue: InstrumentCatalogue = {
  pump: {
    title: "a pump",
    actions: {
      dispense: {
        effect: "once",
        arguments: {
          volume: { kind: "number", unit: "uL", minimum: 0, maximum: 1000, resolution: 1 },
          rate: { kind: "number", unit: "mL/min", required: false },
        },
        readings: {},
      },
    },
  },
  plate: {
    title: "a plate",
    actions: {
      heat: {
        effect: "end-state",
        arguments: {
          to: { kind: "number", unit: "degC" },
          mode: { kind: "choice", choices: ["fast", "slow"] },
        },
        readings: {},
      },
      read: { effect: "read", arguments: {}, readings: { heat: { unit: "degC" } } },
    },
  },
};

const scope = new Map<string, ExpressionType>([
  ["amount", quantityType(unitOf("uL").dimension)],
  ["speed", { kind: "text", choices: ["fast", "slow"] }],
  ["colour", { kind: "text", choices: ["red", "fast"] }],
]);

const rinse = { do: "pump.dispense", with: { volume: "vial.place * 10 uL" } };

const shared: LabResources = {
  resources: { vial: { places: [3, 5], setup: [rinse], cleanUp: [rinse] } },
  channels: { plate: 2 },
};

function compile(yaml: string, roles: Readonly<Record<string, string>> = {}) {
  const part = written(`procedure:\n${yaml}`);
  const steps = part.file.procedure as readonly WrittenStep[];
  const { faults } = part;
  const compiled = compileProcedure({ faults, steps, path: ["procedure"], catalogue, roles, shared, scope });
  return { ...compiled, kinds: compiled.plan.map(({ kind }) => kind), told: part.told() };
}

function targets(instruction: Instruction): readonly number[] {
  if (instruction.kind === "fork") return instruction.at;
  return "to" in instruction ? [instruction.to] : [];
}

describe("a procedure of a file", () => {
  it("turns an action into an instruction with its arguments in the driver's units", () => {
    const { plan, told, roles, places } = compile(
      "  - { do: cyan.dispense, with: { volume: 2 * amount }, within: 2 min }\n",
      { cyan: "pump" },
    );
    expect(told).toEqual([]);
    expect(roles).toEqual({ cyan: "pump" });
    const [first] = plan;
    if (first?.kind !== "action") throw new Error("the first instruction is no action");
    expect(first.step).toMatchObject({ role: "cyan", action: "dispense", effect: "once", within: 120_000 });
    const { volume } = first.step.arguments;
    expect(volume).toMatchObject({ unit: { symbol: "uL" }, minimum: 0, maximum: 1000, resolution: 1 });
    expect(places.get(volume as NonNullable<typeof volume>)).toEqual(["procedure", 0, "with", "volume"]);
  });

  it("counts repetitions, and so does `times` of a measurement", () => {
    const expected = ["count", "jump", "action", "while counting", "end"];
    expect(compile("  - { measure: plate.read, as: bath, times: 3 }\n").kinds).toEqual(expected);
    expect(compile("  - { repeat: 3, steps: [{ do: plate.read }] }\n").kinds).toEqual(expected);
  });

  it("does `else` where the condition doesn't hold", () => {
    const { plan } = compile(
      "  - { when: amount > 1 uL, steps: [{ wait: 1 s }], else: [{ wait: 2 s }] }\n  - { wait: 3 s }\n",
    );
    expect(plan.map(({ kind }) => kind)).toEqual(["unless", "wait", "jump", "wait", "wait", "end"]);
    expect(plan[0]).toMatchObject({ to: 3 });
    expect(plan[2]).toMatchObject({ to: 4 });
  });

  it("starts a thread for each branch, which ends by itself", () => {
    const { plan } = compile("  - { parallel: [{ wait: 1 s }, [{ wait: 2 s }, { wait: 3 s }]] }\n");
    expect(plan.map(({ kind }) => kind)).toEqual([
      "fork",
      "jump",
      "wait",
      "end",
      "wait",
      "wait",
      "end",
      "end",
    ]);
    expect(plan[0]).toMatchObject({ at: [2, 4] });
    expect(plan[1]).toMatchObject({ to: 7 });
  });

  it("looks again until a condition holds or its deadline has passed", () => {
    const { plan, told } = compile(
      "  - { wait_until: bath.heat > 40 degC, poll: [{ do: plate.read, as: bath }], every: 5 s, within: 10 min }\n",
    );
    expect(told).toEqual([]);
    expect(plan[0]).toMatchObject({ kind: "start deadline", milliseconds: 600_000 });
    expect(plan.find(({ kind }) => kind === "before deadline")).toBeDefined();
  });

  it("lets no action begin too late after a marked one", () => {
    const { plan, told } = compile(
      "  - { do: plate.read, mark: mixed }\n  - { do: plate.read, no_later: { than: mixed, by: 10 min } }\n",
    );
    expect(told).toEqual([]);
    expect(plan.map(({ kind }) => kind)).toEqual([
      "action",
      "start deadline",
      "before deadline",
      "action",
      "end",
    ]);
    expect(plan[1]).toMatchObject({ counter: 0, milliseconds: 0 });
    expect(plan[2]).toMatchObject({ counter: 0, by: 600_000 });
    const wrong = compile("  - { do: plate.read, no_later: { than: mixd, by: 10 min } }\n");
    expect(wrong.told.join()).toContain("no step before has");
  });

  it("makes readings and computed values known to what comes later", () => {
    const { readings, computed, told } = compile(
      "  - { do: plate.read, as: bath }\n  - { compute: { warmth: bath.heat - 20 degC } }\n  - { wait: warmth / 1 K * 1 s }\n",
    );
    expect(told).toEqual([]);
    expect([...readings.keys()]).toEqual(["bath.heat"]);
    expect([...computed.keys()]).toEqual(["warmth"]);
  });

  it.each([
    ["{ do: pmup.dispense, with: { volume: 1 uL } }", 'did you mean "pump"?'],
    ["{ do: pump.dispence, with: { volume: 1 uL } }", 'did you mean "dispense"?'],
    ["{ do: pump.dispense, with: { volum: 1 uL } }", 'did you mean "volume"?'],
    ["{ do: pump.dispense }", 'needs the argument "volume"'],
    ["{ do: pump.dispense, with: { volume: 1 s } }", '"1 s" is a time, but a volume is expected here'],
    ["{ do: pump.toString }", 'a pump) has no action "toString"'],
    ["{ do: pump.dispense, with: { volume: 1 uL, constructor: 1 } }", 'no argument "constructor"'],
    ["{ do: pump.dispense, with: { volume: 1 uL }, within: 0 s }", '"0 s" is no span of time'],
    ["{ do: pump.dispense, with: { volume: 1 uL }, as: drop }", "pump.dispense gives no readings"],
    ["{ do: plate.heat, with: { to: 40 degC, mode: fats } }", 'did you mean "fast"?'],
    ["{ do: plate.heat, with: { to: 40 degC, mode: colour } }", 'doesn\'t know "red"'],
    ["{ do: plate.heat, with: { to: 50 degC - 10 degC, mode: slow } }", "a difference of temperatures"],
    ["{ compute: { amount: 1 uL } }", '"amount" is a parameter or constant of the campaign already'],
    ["{ wait: 5 uL }", "but a time is expected here"],
    ["{ when: amount, steps: [{ wait: 1 s }] }", "but a condition is expected here"],
  ])("is refused, with one message: %s", (yaml, message) => {
    const { told } = compile(`  - ${yaml}\n`);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(message);
  });

  it("takes a word as a choice, or a parameter whose choices all fit", () => {
    expect(compile("  - { do: plate.heat, with: { to: 40 degC, mode: slow } }\n").told).toEqual([]);
    expect(compile("  - { do: plate.heat, with: { to: 40 degC, mode: speed } }\n").told).toEqual([]);
  });

  it("doesn't blame what reads the readings of an instrument that isn't there", () => {
    const { told } = compile("  - { measure: lpate.read, as: bath }\n  - { wait: bath.heat / 1 K * 1 s }\n");
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('did you mean "plate"?');
  });

  const { steps } = fc.letrec<{ steps: WrittenStep[]; step: WrittenStep }>((tie) => ({
    steps: fc.array(tie("step"), { minLength: 1, maxLength: 3 }),
    step: fc.oneof(
      { maxDepth: 3 },
      fc.constant<WrittenStep>({ wait: "1 s" }),
      fc.record({ repeat: fc.constant(2), steps: tie("steps") }),
      fc.record({ when: fc.constant("amount > 1 uL"), steps: tie("steps"), else: tie("steps") }),
      fc.record({ parallel: fc.array(fc.oneof(tie("step"), tie("steps")), { minLength: 1, maxLength: 3 }) }),
    ) as fc.Arbitrary<WrittenStep>,
  }));

  prop.prop([steps])("jumps only to its own instructions, however its steps are nested", (generated) => {
    const { faults, told } = written("procedure: []");
    const { plan } = compileProcedure({
      faults,
      steps: generated,
      path: ["procedure"],
      catalogue,
      roles: {},
      scope,
    });
    expect(told()).toEqual([]);
    expect(plan.at(-1)).toEqual({ kind: "end" });
    for (const target of plan.flatMap(targets)) {
      expect(target).toBeGreaterThan(0);
      expect(target).toBeLessThan(plan.length);
    }
  });
});

describe("what a procedure holds", () => {
  it("is taken together and given back behind the steps, with the lab's own steps around them", () => {
    const { plan, kinds, told } = compile(
      "  - hold: [vial, plate]\n    steps: [{ wait: vial.place * 1 s }]\n",
    );
    expect(told).toEqual([]);
    expect(kinds).toEqual(["take", "action", "wait", "action", "give", "end"]);
    expect(plan[0]).toEqual({
      kind: "take",
      resources: [
        { name: "vial", places: [3, 5], numbered: true },
        { name: "plate", places: [1, 2], numbered: false },
      ],
      to: 4,
    });
    expect(plan[4]).toEqual({ kind: "give", resources: ["vial", "plate"] });
    // What prepares it isn't done after a failure; what cleans it is.
    expect(plan.flatMap((each) => (each.kind === "action" ? [each.always] : []))).toEqual([false, true]);
  });

  it("goes by the instrument that a role has", () => {
    const { plan } = compile("  - { hold: syringe, steps: [{ wait: 1 s }] }\n", { syringe: "pump" });
    expect(plan[0]).toMatchObject({ resources: [{ name: "pump", places: [1], numbered: false }] });
  });

  it("is told once where its name is misspelt, and not at every use of its number", () => {
    const { told } = compile("  - { hold: vail, steps: [{ wait: vial.place * 1 s }] }\n");
    expect(told.map((each) => each.split("\n")[0])).toEqual([
      'campaign.yaml:2:13: the lab has no instrument and no resource "vail"',
    ]);
  });

  it("can't be known by a number outside of it before it was held", () => {
    const { told } = compile("  - wait: vial.place * 1 s\n  - { hold: vial, steps: [{ wait: 1 s }] }\n");
    expect(told.join("\n")).toContain("vial.place");
  });
});
