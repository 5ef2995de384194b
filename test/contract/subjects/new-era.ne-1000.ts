import { toBytes } from "labloop/instrument";
import type { ContractDescription } from "labloop/instrument/testing";
import { driver } from "../../../drivers/new-era/ne-1000/index.ts";
import { simulator } from "../../../simulators/instruments/new-era/ne-1000/index.ts";
import { process } from "../../../simulators/processes/colour-mixing/index.ts";

export const subject: ContractDescription = {
  driver,
  simulator,
  process,
  settings: { diameter: 26.59, "syringe-volume": 60 },
  twin: { port: "cyan", contents: 30 },
  nonsense: toBytes("\x02\xf0\x99\x03"),
  examples: {
    dispense: { volume: 2000, rate: 10 },
    withdraw: { volume: 1000, rate: 10 },
    stop: {},
    dispensed: {},
  },
};
