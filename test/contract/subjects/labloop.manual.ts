import type { ContractDescription } from "labloop/instrument/testing";
import { driver } from "../../../drivers/labloop/manual/index.ts";
import { simulator } from "../../../simulators/instruments/labloop/manual/index.ts";

export const subject: ContractDescription = {
  driver,
  simulator,
  settings: { unit: "degC", minimum: -10, maximum: 200, patience: 0.8 },
  twin: { delay: 10 },
  examples: { measure: {}, do: {} },
};
