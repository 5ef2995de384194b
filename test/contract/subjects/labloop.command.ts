import type { ContractDescription } from "labloop/instrument/testing";
import { driver } from "../../../drivers/labloop/command/index.ts";
import { type SimulatedProgram, simulator } from "../../../simulators/instruments/labloop/command/index.ts";

export const subject: ContractDescription = {
  driver,
  simulator,
  settings: { arguments: "temperature degC [0..80]", readings: "yield %", takes: 5, patience: 20 },
  twin: {},
  examples: { run: { temperature: 40 } },
  effects: (twin: SimulatedProgram) => twin.done.size,
};
