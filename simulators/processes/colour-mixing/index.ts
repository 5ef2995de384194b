import { defineProcess, type ProcessDefinition, type SimulatedProcess } from "labloop/instrument";
import { StirredVessel } from "../stirred-vessel/stirred-vessel.ts";
import { VESSEL_SETTINGS } from "../stirred-vessel/vessel-settings.ts";
import { mixtureTransmittance } from "./dyes.ts";

export { COLOUR_MIXING_TRUTH, type Dye, mixtureTransmittance } from "./dyes.ts";

/** A vial in which dyes are mixed. */
export interface ColourMixing extends SimulatedProcess {
  /** mL in the vial. */
  volume(): number;
  /** Volume shares of cyan, magenta and yellow where the sensor looks. */
  shares(): readonly number[];
}

/** mL below which the light passes above the liquid. */
const BEAM = 0.5;

/**
 * Cyan, magenta and yellow dye and water are mixed in a vial that a light sensor looks through.
 *
 * Flow ports: `cyan`, `magenta`, `yellow`, `water`, and the outlet `waste`. Light port: `vial`.
 */
export const process: ProcessDefinition<ColourMixing> = defineProcess({
  id: "colour-mixing",
  settings: VESSEL_SETTINGS,
  create({ clock, settings }) {
    const vessel = new StirredVessel({
      clock,
      inflows: {
        cyan: [1, 0, 0],
        magenta: [0, 1, 0],
        yellow: [0, 0, 1],
        water: [0, 0, 0],
        waste: [0, 0, 0],
      },
      capacity: settings["capacity"] as number,
      residual: settings["residual"] as number,
      volume: 0,
      mixingTime: settings["mixing-time"] as number,
    });
    const path = settings["path"] as number;
    return {
      ports: {
        ...vessel.ports,
        vial: {
          kind: "light",
          transmittance: (wavelength) =>
            vessel.volume() < BEAM ? 1 : mixtureTransmittance(vessel.seen(), wavelength, path),
        },
      },
      facts: () => vessel.facts(),
      volume: () => vessel.volume(),
      shares: () => vessel.seen(),
    };
  },
});
