import type { ContractDescription } from "labloop/instrument/testing";
import { driver } from "../../../drivers/labloop/uv-vis/index.ts";
import {
  type SimulatedSpectrometer,
  simulator,
} from "../../../simulators/instruments/labloop/uv-vis/index.ts";

export const subject: ContractDescription = {
  driver,
  simulator,
  settings: {},
  twin: {},
  examples: { dark: {}, reference: {}, absorbance: { wavelength: 500 } },
  safe: (twin: SimulatedSpectrometer) => !twin.open,
};
