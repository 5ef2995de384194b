import type { ContractDescription } from "labloop/instrument/testing";
import { driver } from "../../../drivers/sparks-baird/clslab-light/index.ts";
import { simulator } from "../../../simulators/instruments/sparks-baird/clslab-light/index.ts";
import { process } from "../../../simulators/processes/colour-mixing/index.ts";

export const subject: ContractDescription = {
  driver,
  simulator,
  process,
  settings: { node: "n1", status: "sdl-demo/picow/n1/status" },
  session: { protocolVersion: 5 },
  twin: {},
  examples: { read: { blue: 30 }, follow: { interval: 5 } },
};
