import type { ContractDescription } from "labloop/instrument/testing";
import { driver } from "../../../drivers/gnea/grbl/index.ts";
import { simulator } from "../../../simulators/instruments/gnea/grbl/index.ts";

export const subject: ContractDescription = {
  driver,
  simulator,
  settings: { feed: 3000 },
  twin: {},
  examples: {
    home: {},
    read: {},
    "move-to": { x: 20, y: 30, z: 5 },
    raster: { x: 10, y: 10, width: 40, height: 10, step: 1 },
    hold: {},
  },
};
