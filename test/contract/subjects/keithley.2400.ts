import type { ContractDescription } from "labloop/instrument/testing";
import { driver } from "../../../drivers/keithley/2400/index.ts";
import { type SimulatedSourceMeter, simulator } from "../../../simulators/instruments/keithley/2400/index.ts";

export const subject: ContractDescription = {
  driver,
  simulator,
  settings: { "highest-voltage": 10 },
  twin: {},
  examples: { read: {}, source: { voltage: 2 }, measure: {}, off: {} },
  safe: (twin: SimulatedSourceMeter) => !twin.output,
};
