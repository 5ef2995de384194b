import { describe, expect, it } from "vitest";
import { type CallRequest, checkCall } from "./check-call.ts";
import type { Declaration } from "./declaration.ts";
import { checkReach, rangeOf } from "./range.ts";

const volume = { kind: "number", unit: "uL", minimum: 1, maximum: 1000, description: "volume" } as const;
const declaration: Declaration = {
  id: "acme/pump",
  title: "Acme pump",
  manual: "Acme manual",
  verified: "emulator only",
  transport: "mqtt",
  settings: {},
  properties: {},
  alarms: {},
  actions: {
    dispense: {
      description: "dispenses",
      effect: "once",
      resolves: "by its counter",
      readings: {},
      arguments: {
        volume,
        speed: { kind: "choice", choices: ["slow", "fast"], required: false, description: "speed" },
      },
    },
  },
};

const check = (action: string, given: CallRequest["arguments"]) =>
  checkCall(declaration, { action, arguments: given, key: "k" }, "left pump");

describe("checkCall", () => {
  it("brings quantities into the declared units", () => {
    expect(check("dispense", { volume: { value: 0.25, unit: "mL" }, speed: "slow" })).toEqual({
      kind: "call",
      call: { action: "dispense", arguments: { volume: 250, speed: "slow" }, key: "k" },
    });
  });

  it.each([
    ["dispence", { volume: 1 }, "instrument.unknown-action", 'did you mean "dispense"?'],
    ["dispense", { volumne: 1, volume: 1 }, "instrument.unknown-argument", 'did you mean "volume"?'],
    ["dispense", {}, "instrument.missing-argument", 'give "volume" in uL'],
    ["dispense", { volume: { value: 1, unit: "s" } }, "instrument.wrong-unit", 'give "volume" in uL'],
    ["dispense", { volume: Number.NaN }, "instrument.wrong-unit", 'give "volume" in uL'],
    ["dispense", { volume: 1, speed: "fats" }, "instrument.no-such-choice", 'did you mean "fast"?'],
    ["toString", {}, "instrument.unknown-action", "its actions are: dispense"],
  ])("refuses %s %o with %s", (action, given, code, advice) => {
    expect(check(action, given as CallRequest["arguments"])).toMatchObject({
      kind: "refused",
      faults: [{ code, advice }],
    });
  });

  it("names instrument, action, argument, value and limit", () => {
    const checked = check("dispense", { volume: { value: 2, unit: "mL" } });
    expect(checked.kind === "refused" && checked.faults[0]?.message).toBe(
      'argument "volume" of "dispense" of left pump is 2000 uL, more than the most that it can do, 1000 uL',
    );
  });
});

describe("checkReach", () => {
  it("finds each end of a plan that an instrument can't reach", () => {
    const range = rangeOf(volume);
    if (range === undefined) throw new Error("no range");
    const ends = [
      { value: 0, unit: "uL" },
      { value: 0.5, unit: "mL" },
      { value: 2, unit: "mL" },
    ];
    expect(checkReach("the volume", range, ends).map((fault) => fault.message)).toEqual([
      "the plan asks the volume for 0 uL, below its least, 1 uL",
      "the plan asks the volume for 2 mL, above its most, 1000 uL",
    ]);
  });
});
