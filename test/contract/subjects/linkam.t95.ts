import type { ContractDescription } from "labloop/instrument/testing";
import { driver } from "../../../drivers/linkam/t95/index.ts";
import { type SimulatedStage, simulator } from "../../../simulators/instruments/linkam/t95/index.ts";

export const subject: ContractDescription = {
  driver,
  simulator,
  settings: {},
  twin: {},
  examples: { read: {}, ramp: { temperature: 30, rate: 120 }, hold: {}, stop: {} },
  safe: (twin: SimulatedStage) => twin.stage.target === undefined,
};
