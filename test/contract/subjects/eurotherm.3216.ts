import type { ContractDescription } from "labloop/instrument/testing";
import { driver } from "../../../drivers/eurotherm/3216/index.ts";
import {
  type SimulatedTemperatureController,
  simulator,
} from "../../../simulators/instruments/eurotherm/3216/index.ts";

export const subject: ContractDescription = {
  driver,
  simulator,
  settings: { decimals: 1 },
  twin: { rate: 60 },
  examples: { read: {}, "set-setpoint": { setpoint: 30 }, reach: { temperature: 40 } },
  safe: (twin: SimulatedTemperatureController) => twin.setpoint === 20,
};
