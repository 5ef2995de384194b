import { defineProcess, type ProcessDefinition, type SimulatedProcess } from "labloop/instrument";
import { Carousel } from "../stirred-vessel/carousel.ts";
import { StirredVessel } from "../stirred-vessel/stirred-vessel.ts";
import { VESSEL_SETTINGS } from "../stirred-vessel/vessel-settings.ts";
import { mixtureTransmittance } from "./dyes.ts";

export { COLOUR_MIXING_TRUTH, type Dye, mixtureTransmittance } from "./dyes.ts";

/** Vials in which dyes are mixed; one of them is under the needles and in front of the sensor. */
export interface ColourMixing extends SimulatedProcess {
  /** mL in that vial. */
  volume(): number;
  /** Volume shares of cyan, magenta and yellow where the sensor looks. */
  shares(): readonly number[];
}

/** mL below which the light passes above the liquid. */
const BEAM = 0.5;

/**
 * Cyan, magenta and yellow dye and water are mixed in a vial that a light sensor looks through; there may be several on a
 * carousel.
 *
 * Flow ports: `cyan`, `magenta`, `yellow`, `water`, and the outlet `waste`. Light port: `vial`. Valve port that turns the
 * carousel, where there are several vials: `carousel`.
 */
export const process: ProcessDefinition<ColourMixing> = defineProcess({
  id: "colour-mixing",
  settings: {
    ...VESSEL_SETTINGS,
    vials: {
      kind: "number",
      unit: "1",
      minimum: 1,
      maximum: 96,
      default: 1,
      description: "vials on the carousel",
    },
  },
  create({ clock, settings }) {
    const vessel = (): StirredVessel =>
      new StirredVessel({
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
    const vials = settings["vials"] as number;
    const carousel = new Carousel(Array.from({ length: vials }, vessel));
    const path = settings["path"] as number;
    return {
      ports: {
        ...carousel.ports,
        ...(vials > 1 && { carousel: carousel.valve }),
        vial: {
          kind: "light",
          transmittance: (wavelength) =>
            carousel.vessel().volume() < BEAM
              ? 1
              : mixtureTransmittance(carousel.vessel().seen(), wavelength, path),
        },
      },
      facts: () => carousel.facts(),
      volume: () => carousel.vessel().volume(),
      shares: () => carousel.vessel().seen(),
    };
  },
});
