import type { ContractDescription } from "labloop/instrument/testing";
import { driver } from "../../../drivers/ika/namur/index.ts";
import { type SimulatedHotplate, simulator } from "../../../simulators/instruments/ika/namur/index.ts";

export const subject: ContractDescription = {
  driver,
  simulator,
  settings: { maximum: 300 },
  twin: {},
  examples: {
    read: {},
    "set-speed-setpoint": { "speed-setpoint": 300 },
    "set-temperature-setpoint": { "temperature-setpoint": 40 },
    heat: { temperature: 40 },
    stir: { speed: 900 },
    stop: {},
  },
  safe: (twin: SimulatedHotplate) => !twin.heating && twin.speed < 5,
};
