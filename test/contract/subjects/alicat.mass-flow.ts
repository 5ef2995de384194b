import type { ContractDescription } from "labloop/instrument/testing";
import { driver } from "../../../drivers/alicat/mass-flow/index.ts";
import {
  type SimulatedController,
  simulator,
} from "../../../simulators/instruments/alicat/mass-flow/index.ts";

export const subject: ContractDescription = {
  driver,
  simulator,
  settings: { "full-scale": 100 },
  twin: {},
  examples: { read: {}, "set-setpoint": { setpoint: 40 }, flow: { flow: 78.95 }, close: {} },
  safe: (twin: SimulatedController) => twin.setpoint === 0,
};
