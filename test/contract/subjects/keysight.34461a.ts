import type { ContractDescription } from "labloop/instrument/testing";
import { driver } from "../../../drivers/keysight/34461a/index.ts";
import { simulator } from "../../../simulators/instruments/keysight/34461a/index.ts";

export const subject: ContractDescription = {
  driver,
  simulator,
  settings: {},
  twin: {},
  examples: { measure: { what: "voltage" } },
};
