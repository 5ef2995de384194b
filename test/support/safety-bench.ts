import type { WrittenSafety } from "../../src/campaign/schema/safety-schema.ts";
import type { Declaration, NumberArgument } from "../../src/instrument/index.ts";
import { type RulesInput, readRules } from "../../src/lab/safety/read-rules.ts";
import type { SafetyRules } from "../../src/lab/safety/rules.ts";
import { type WrittenPart, written } from "./written.ts";

const volume: NumberArgument = { kind: "number", unit: "mL", description: "how much" };

const pump: Declaration = {
  id: "bench/pump",
  title: "a pump",
  manual: "none",
  verified: "emulator only",
  transport: "serial",
  settings: {},
  properties: {},
  alarms: {},
  actions: {
    dispense: { description: "pushes", effect: "once", arguments: { volume }, readings: {} },
    withdraw: { description: "pulls", effect: "once", arguments: { volume }, readings: {} },
    prime: {
      description: "fills the tube",
      effect: "once",
      arguments: { volume: { ...volume, required: false } },
      readings: {},
    },
    run: {
      description: "pushes at a rate",
      effect: "once",
      arguments: {
        rate: { kind: "number", unit: "mL/min", description: "how fast" },
        time: { kind: "number", unit: "min", description: "how long" },
      },
      readings: {},
    },
  },
};

const bath: Declaration = {
  ...pump,
  id: "bench/bath",
  title: "a bath",
  properties: {
    temperature: { unit: "degC", description: "of the bath", readable: true, settable: false },
  },
  actions: {
    heat: {
      description: "heats",
      effect: "end-state",
      arguments: {
        to: { kind: "number", unit: "degC", description: "setpoint" },
        mode: { kind: "choice", choices: ["fast", "slow"], description: "how" },
      },
      readings: {},
    },
  },
};

/** Two pumps, one with a hyphen in its name, a third for waste, and a bath; the role "oven" is the bath. */
export const BENCH: RulesInput["instruments"] = {
  acid: { instrument: "acid", declaration: pump },
  "base-2": { instrument: "base-2", declaration: pump },
  waste: { instrument: "waste", declaration: pump },
  bath: { instrument: "bath", declaration: bath },
  oven: { instrument: "bath", declaration: bath },
};

/** The rules of a part of a file on the bench, and what is wrong with them. */
export function benchRules(
  yaml: string,
  values: RulesInput["values"] = new Map(),
): { rules: SafetyRules; part: WrittenPart } {
  const part = written(yaml);
  const { faults, source } = part;
  const file = source.data as WrittenSafety;
  return { part, rules: readRules({ faults, source, file, instruments: BENCH, values }) };
}
