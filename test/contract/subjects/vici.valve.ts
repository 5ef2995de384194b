import type { ContractDescription } from "labloop/instrument/testing";
import { driver } from "../../../drivers/vici/valve/index.ts";
import { simulator } from "../../../simulators/instruments/vici/valve/index.ts";

export const subject: ContractDescription = {
  driver,
  simulator,
  settings: { positions: 10 },
  twin: {},
  examples: { read: {}, select: { position: 4 }, home: {} },
};
