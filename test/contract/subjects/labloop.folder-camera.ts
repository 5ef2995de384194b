import type { ContractDescription } from "labloop/instrument/testing";
import { driver } from "../../../drivers/labloop/folder-camera/index.ts";
import { simulator } from "../../../simulators/instruments/labloop/folder-camera/index.ts";

export const subject: ContractDescription = {
  driver,
  simulator,
  settings: {},
  twin: {},
  examples: { next: {}, latest: {} },
};
