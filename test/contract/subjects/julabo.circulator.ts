import type { ContractDescription } from "labloop/instrument/testing";
import { driver } from "../../../drivers/julabo/circulator/index.ts";
import {
  type SimulatedCirculator,
  simulator,
} from "../../../simulators/instruments/julabo/circulator/index.ts";

export const subject: ContractDescription = {
  driver,
  simulator,
  settings: { minimum: -20, maximum: 150 },
  twin: { rate: 60 },
  examples: { read: {}, "set-setpoint": { setpoint: 25 }, start: {}, reach: { temperature: 24 }, stop: {} },
  safe: (twin: SimulatedCirculator) => !twin.running,
};
