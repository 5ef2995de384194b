import { fc, test as property } from "@fast-check/vitest";
import { expect } from "vitest";
import { constraint, continuous, expression } from "../../../test/support/space.ts";
import { evaluate } from "../../base/expression/evaluate.ts";
import { randomStream } from "../../base/random.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { contextParameters, withContext } from "./context.ts";
import { enumerateSettings } from "./enumerate-settings.ts";
import { isFeasible, isWellMade } from "./feasibility.ts";
import { neighboursOf } from "./neighbours.ts";
import { freeParameters } from "./place-setting.ts";
import { sampleFeasible } from "./sample-feasible.ts";
import { settingKey } from "./setting-key.ts";
import type { Mixture, Parameter, Space } from "./space.ts";

type Varied = Exclude<Parameter, { kind: "constant" }>;

const LETTERS = ["a", "b", "c"];

const parameter = (name: string): fc.Arbitrary<Parameter> =>
  fc.oneof(
    fc.integer({ min: 1, max: 9 }).map((max): Parameter => continuous(name, max - 3, max)),
    fc
      .integer({ min: 1, max: 3 })
      .map((n): Parameter => ({ ...continuous(name, 0.01, Number(`1e${n}`)), scale: "log" })),
    fc.record({ count: fc.integer({ min: 1, max: 6 }), step: fc.constantFrom(0.1, 0.25, 3) }).map(
      ({ count, step }): Parameter => ({
        kind: "stepped",
        name,
        unit: "1",
        minimum: -step,
        maximum: (count - 1) * step,
        step,
      }),
    ),
    fc.record({ most: fc.integer({ min: 2, max: 9 }), log: fc.boolean() }).map(
      ({ most, log }): Parameter => ({
        kind: "integer",
        name,
        unit: "1",
        minimum: 1,
        maximum: most,
        scale: log ? "log" : "linear",
      }),
    ),
    fc.constant<Parameter>({ kind: "ordinal", name, unit: "1", levels: [1, 2, 5, 10] }),
    fc.constant<Parameter>({ kind: "categorical", name, choices: LETTERS }),
    fc.constant<Parameter>({ kind: "constant", name, unit: "1", value: 4 }),
  );

/** Conditions over the parameter before; those of all before that one would do as well. */
function conditional(parameters: readonly Parameter[], chosen: readonly boolean[]): Parameter[] {
  return parameters.map((parameter, i) => {
    const before = parameters[i - 1];
    if (chosen[i] !== true || before === undefined || parameter.kind === "constant") return parameter;
    const text = before.kind === "categorical" ? `${before.name} == "b"` : `${before.name} > 2`;
    return { ...parameter, when: expression(text) };
  });
}

interface Parts {
  readonly parts: Parameter[];
  readonly mixture: Mixture;
}

const mixtureParts: fc.Arbitrary<Parts> = fc
  .record({
    count: fc.integer({ min: 2, max: 6 }),
    step: fc.constantFrom(undefined, 0.05, 0.1),
    minimum: fc.constantFrom(0, 0.1),
    maximum: fc.constantFrom(0.4, 0.6, 1),
    few: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
  })
  .map(({ count, step, minimum, maximum, few }) => {
    const parts = Array.from({ length: count }, (_, i): Parameter => {
      const part = continuous(`m${i}`, minimum, Math.max(maximum, 1 / count < maximum ? maximum : 1));
      if (step === undefined || i === 1) return part;
      return { kind: "stepped", name: part.name, unit: "1", minimum, maximum: part.maximum, step };
    });
    const mixture = { parameters: parts.map(({ name }) => name), total: 1, unit: "1" };
    const least = Math.ceil(1 / (parts[0] as { maximum: number }).maximum);
    return few === undefined
      ? { parts, mixture }
      : { parts, mixture: { ...mixture, atMost: Math.max(few, least) } };
  });

interface Case {
  readonly space: Space;
  readonly seed: number;
}

const cases: fc.Arbitrary<Case> = fc
  .record({
    own: fc
      .integer({ min: 0, max: 4 })
      .chain((n) => fc.tuple(...Array.from({ length: n }, (_, i) => parameter(`p${i}`)))),
    chosen: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    mixed: fc.option(mixtureParts, { nil: undefined }),
    context: fc.constantFrom("none", "number", "choice"),
    limits: fc.array(fc.constantFrom("linear", "equal", "curved", "either"), { maxLength: 2 }),
    seed: fc.integer({ min: 0, max: 1000 }),
  })
  .map(({ own, chosen, mixed, context, limits, seed }) => {
    const observed: Parameter[] =
      context === "none"
        ? []
        : context === "number"
          ? [{ ...continuous("seen", 0, 1), context: true }]
          : [{ kind: "categorical", name: "seen", choices: LETTERS, context: true }];
    const space: Space = {
      parameters: [...conditional(own, chosen), ...(mixed?.parts ?? []), ...observed],
      mixtures: mixed === undefined ? [] : [mixed.mixture],
      constraints: [],
    };
    const known = context === "none" ? space : withContext(space, { seen: context === "number" ? 1.5 : "c" });
    return { space: constrained(known, limits, seed), seed };
  });

/** Adds constraints that one setting of the space meets. */
function constrained(space: Space, limits: readonly string[], seed: number): Space {
  const [witness] = sampleFeasible(space, 1, randomStream(seed, 0, "witness"));
  // A condition hides the constraint's form, and so how to meet an equation, from the search.
  const numbers = freeParameters(space).filter(
    ({ kind, when }) => kind !== "categorical" && when === undefined,
  );
  if (witness === undefined || numbers.length === 0) return space;
  const names = numbers.map(({ name }) => name);
  const first = names[0] as string;
  const last = names.at(-1) as string;
  const [a, b] = [Number(witness[first]), Number(witness[last])];
  const texts: Readonly<Record<string, string>> = {
    linear: `${names.join(" + ")} <= ${names.reduce((sum, name) => sum + Number(witness[name]), 0) + 0.1}`,
    equal: `2 * ${first} - (${a}) >= ${a} and ${last} <= ${b}`,
    curved: `(${first})^2 + (${last})^2 <= ${1.1 * (a * a + b * b) + 0.1}`,
    either: `${first} <= ${a + 0.1 * Math.abs(a) + 0.1} or ${last} >= ${b + 0.5}`,
  };
  return { ...space, constraints: limits.map((limit) => constraint(texts[limit] as string)) };
}

const NEAR = 1e-9;

function isWhole(x: number): boolean {
  return Math.abs(x - Math.round(x)) < 1e-6;
}

/** What is wrong with a setting, looked at without the code under test. */
function problemsOf(space: Space, setting: Setting): string[] {
  const few = new Set(space.mixtures.flatMap((each) => (each.atMost === undefined ? [] : each.parameters)));
  const lookup = (name: string): number | string | undefined => setting[name];
  const problems = space.parameters.flatMap((parameter) => {
    const value = setting[parameter.name];
    const pinned = space.pinned?.[parameter.name];
    if (pinned !== undefined) return value === pinned ? [] : [`${parameter.name} is not the context`];
    if (few.has(parameter.name) && value === 0) return [];
    if (parameter.kind !== "constant" && parameter.when && evaluate(parameter.when, lookup) === 0)
      return value === restOf(parameter) ? [] : [`${parameter.name} doesn't rest`];
    return isOnGrid(parameter, value) ? [] : [`${parameter.name} can't be ${value}`];
  });
  for (const { parameters, total, atMost = Infinity } of space.mixtures) {
    const sum = parameters.reduce((all, name) => all + Number(setting[name]), 0);
    if (Math.abs(sum - total) > NEAR) problems.push(`sum ${sum}`);
    if (parameters.filter((name) => setting[name] !== 0).length > atMost) problems.push("too many parts");
  }
  if (Object.keys(setting).length !== space.parameters.length) problems.push("other keys");
  return problems;
}

function restOf(parameter: Varied): number | string | undefined {
  if (parameter.kind === "categorical") return parameter.choices[0];
  return parameter.kind === "ordinal" ? parameter.levels[0] : parameter.minimum;
}

function isOnGrid(parameter: Parameter, value: number | string | undefined): boolean {
  if (parameter.kind === "categorical") return parameter.choices.includes(String(value));
  if (typeof value !== "number") return false;
  if (parameter.kind === "constant") return value === parameter.value;
  if (parameter.kind === "ordinal") return parameter.levels.includes(value);
  if (value < parameter.minimum - NEAR || value > parameter.maximum + NEAR) return false;
  if (parameter.kind === "integer") return Number.isInteger(value);
  return parameter.kind === "continuous" || isWhole((value - parameter.minimum) / parameter.step);
}

property.prop([cases], { numRuns: 150 })(
  "samples are there, all different, well made, and meet every constraint",
  ({ space, seed }) => {
    const samples = sampleFeasible(space, 12, randomStream(seed, 1, "samples"));
    expect(samples.length).toBeGreaterThan(0);
    expect(new Set(samples.map(settingKey)).size).toBe(samples.length);
    for (const setting of samples) {
      expect(problemsOf(space, setting)).toEqual([]);
      expect(isFeasible(space, setting)).toBe(true);
      const broken = space.constraints.filter(
        ({ expression }) => evaluate(loosened(expression), (name) => setting[name]) === 0,
      );
      expect(broken).toEqual([]);
    }
  },
);

/** A condition up to rounding of what it compares. */
function loosened(node: ReturnType<typeof expression>): ReturnType<typeof expression> {
  if (node.kind !== "binary") return node;
  const [left, right] = [loosened(node.left), loosened(node.right)];
  if (node.operator === "<=") return { ...node, left: shifted(left, -1e-6), right };
  return { ...node, left: node.operator === ">=" ? shifted(left, 1e-6) : left, right };
}

function shifted(left: ReturnType<typeof expression>, by: number): ReturnType<typeof expression> {
  const { at } = left;
  return { kind: "binary", at, operator: "+", left, right: expression(String(by)) };
}

property.prop([cases, fc.double({ min: 0.001, max: 0.5, noNaN: true })], { numRuns: 150 })(
  "neighbours are well made, differ from the setting, and leave the context alone",
  ({ space, seed }, radius) => {
    const seen = new Set(contextParameters(space).map(({ name }) => name));
    for (const setting of sampleFeasible(space, 3, randomStream(seed, 2, "samples"))) {
      for (const near of neighboursOf(space, setting, radius)) {
        expect(problemsOf(space, near)).toEqual([]);
        expect(isWellMade(space, near)).toBe(true);
        expect(settingKey(near)).not.toBe(settingKey(setting));
        for (const name of seen) expect(near[name]).toBe(setting[name]);
      }
    }
  },
);

property.prop([cases], { numRuns: 150 })(
  "the list of all settings has every sample, each once, and nothing that isn't feasible",
  ({ space, seed }) => {
    const all = enumerateSettings(space, 3000);
    fc.pre(all !== undefined);
    const keys = new Set((all ?? []).map(settingKey));
    expect(keys.size).toBe(all?.length);
    for (const setting of all ?? []) expect(problemsOf(space, setting)).toEqual([]);
    const samples = sampleFeasible(space, 50, randomStream(seed, 3, "samples"));
    expect(samples.length).toBe(Math.min(50, keys.size));
    expect(samples.every((setting) => keys.has(settingKey(setting)))).toBe(true);
  },
);
