import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { written } from "../../../test/support/written.ts";
import { type ExpressionType, quantityType } from "../../base/expression/dimension.ts";
import { unitOf } from "../../base/unit.ts";
import { readExpression, readIn, readQuantity, readSi, readTime } from "./values.ts";

const VOLUME = unitOf("uL").dimension;
const TEMPERATURE = unitOf("K").dimension;
const scope = new Map<string, ExpressionType>([
  ["cyan", quantityType(VOLUME)],
  ["bath", quantityType(TEMPERATURE, true)],
  ["s", quantityType(unitOf("1").dimension)],
  ["dye", { kind: "text", choices: ["old", "new"] }],
]);

function read(text: string, wanted: Parameters<typeof readExpression>[4] = { kind: "anything" }) {
  const part = written(`x: ${JSON.stringify(text)}\n`);
  return { got: readExpression(part.faults, ["x"], text, scope, wanted), told: part.told() };
}

describe("a quantity of a file", () => {
  it("keeps its unit", () => {
    const { faults } = written("x: 1");
    expect(readQuantity(faults, ["x"], "2.5 mL/min")).toMatchObject({
      value: 2.5,
      unit: { symbol: "mL/min" },
    });
  });

  it("of 20 degC is 293.15 K on its scale, and 20 K as a difference", () => {
    const { faults } = written("x: 1");
    expect(readSi(faults, ["x"], "20 degC", TEMPERATURE)).toBeCloseTo(293.15, 12);
    expect(readSi(faults, ["x"], "20 degC", TEMPERATURE, true)).toBe(20);
    expect(readIn(faults, ["x"], "68 degF", unitOf("degC"))).toBe(20);
    expect(readIn(faults, ["x"], "9 degF", unitOf("degC"), true)).toBe(5);
  });

  prop.prop([
    fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }).map((n) => n / 1000),
    fc.constantFrom("uL", "mL", "L", "m3"),
  ])("means the same in every unit of its kind", (value, unit) => {
    const { faults } = written("x: 1");
    const there = readIn(faults, ["x"], `${value} ${unit}`, unitOf("dL")) as number;
    const back = readIn(faults, ["x"], `${there} dL`, unitOf(unit)) as number;
    expect(Math.abs(back - value)).toBeLessThanOrEqual(1e-11 * Math.abs(value));
  });

  it("without end is refused", () => {
    const { faults, told } = written("x: 1");
    expect(readQuantity(faults, ["x"], "1e999 uL")).toBeUndefined();
    expect(told()).toEqual([
      'campaign.yaml:1:4: "1e999 uL" is too large a number\n  → write a smaller one [campaign.bad-quantity]',
    ]);
  });

  it("of time has to pass", () => {
    const { faults, told } = written("x: 1");
    expect(readTime(faults, ["x"], "1.5 min")).toBe(90_000);
    expect(readTime(faults, ["x"], "-1 s")).toBeUndefined();
    expect(told()[0]).toContain('"-1 s" is no span of time');
  });
});

describe("an expression of a file", () => {
  it("gives its type", () => {
    expect(read("300 uL - 2 * cyan", { kind: "dimension", dimension: VOLUME }).got?.type).toMatchObject({
      kind: "quantity",
      dimension: VOLUME,
    });
  });

  it("names every name that isn't known, each at its place", () => {
    expect(read("cyan + magneta + cyna").told).toEqual([
      'campaign.yaml:1:12: "cyan + magneta + cyna": "magneta" is not known here\n  → known are: cyan, bath, s, dye [campaign.bad-expression]',
      'campaign.yaml:1:22: "cyan + magneta + cyna": "cyna" is not known here\n  → did you mean "cyan"? [campaign.bad-expression]',
    ]);
  });

  it("that uses a name whose own definition is faulty adds no fault", () => {
    const { faults, told } = written("x: 1");
    faults.giveUp("colour");
    expect(readExpression(faults, ["x"], "colour.ch410 + 1", scope, { kind: "anything" })).toBeUndefined();
    expect(told()).toEqual([]);
  });

  it("repeats no more than 60 characters of itself in a message", () => {
    const [message] = read(`${"cyan + ".repeat(50)}bath`).told;
    expect(message).toContain(`"${"cyan + ".repeat(50).slice(0, 60)}…"`);
  });

  it("that could be read as a unit or as a name is refused, and taken when it is said", () => {
    expect(read("60 / s").told[0]).toContain('"60 / s" could mean the unit 1/s or a division');
    expect(read("(60) / s").told).toEqual([]);
  });

  it("compares a choice only with what it can be", () => {
    expect(read('dye == "new"').told).toEqual([]);
    expect(read('dye == "nwe"').told[0]).toContain('did you mean "new"?');
  });

  it.each([
    ["bath - 5 K", []],
    ["bath + 5 K", []],
    ["bath - 5 degC", ["a difference of temperatures, but a temperature in degC is expected here"]],
    ["bath + 5 degC", ["two temperatures on a scale can't be added"]],
  ])("of temperatures: %s", (text, told) => {
    const unit = unitOf("degC");
    const found = read(text, { kind: "dimension", dimension: TEMPERATURE, unit }).told;
    expect(found).toHaveLength(told.length);
    for (const [i, each] of told.entries()) expect(found[i]).toContain(each);
  });

  it("may compare differences with differences, and temperatures with temperatures", () => {
    expect(read("bath - 20 degC <= 5 K").told).toEqual([]);
    expect(read("bath <= 40 degC").told).toEqual([]);
    expect(read("bath - 20 degC <= 5 degC").told[0]).toContain("one side of");
  });

  it("has at most 4000 characters, which never use up the stack", () => {
    const text = (n: number): string => `${"s+".repeat(n / 2 - 1)}s `;
    expect(read(text(4000)).got).toBeDefined();
    expect(read(text(4002)).told[0]).toContain("an expression has at most 4000 characters");
  });
});
