import type { ContractDescription } from "labloop/instrument/testing";
import { driver } from "../../../drivers/mettler-toledo/mt-sics/index.ts";
import { simulator } from "../../../simulators/instruments/mettler-toledo/mt-sics/index.ts";

export const subject: ContractDescription = {
  driver,
  simulator,
  settings: {},
  twin: {},
  examples: { read: {}, weigh: {}, tare: {}, zero: {} },
};
