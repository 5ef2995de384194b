import { defineProcess, type ProcessDefinition, type SimulatedProcess } from "labloop/instrument";
import { StirredVessel } from "../stirred-vessel/stirred-vessel.ts";
import { VESSEL_SETTINGS } from "../stirred-vessel/vessel-settings.ts";
import { ENZYME_KINETICS_TRUTH, productTransmittance, reactionRate } from "./rate-law.ts";

export { ENZYME_KINETICS_TRUTH, productTransmittance, reactionRate } from "./rate-law.ts";

/** A cuvette in which an enzyme works. */
export interface EnzymeKinetics extends SimulatedProcess {
  /** mL in the cuvette. */
  volume(): number;
  /** mM of substrate and inhibitor, share of enzyme stock, and mM of product, where the sensor looks. */
  concentrations(): readonly number[];
}

/** mL below which the light passes above the liquid. */
const BEAM = 0.5;

/**
 * An enzyme turns a substrate into a coloured product while an inhibitor competes.
 *
 * Flow ports: `substrate` (5 mM), `inhibitor` (1 mM), `buffer`, `enzyme`, and the outlet `waste`. Light port:
 * `cuvette`.
 *
 * A procedure that measures the initial rate at S and I (both in mM) in 5 mL: dispense S × 1000 uL of
 * substrate, I × 5000 uL of inhibitor, buffer up to 4500 uL, then 500 uL of enzyme at 20 mL/min; wait 5 s for
 * the stirring; follow the change of absorbance (AU/s) of the sensor's channel at 470 nm with blue light over
 * 10 s. Then v = change / (3.4 1/mM/cm × 1 cm) in mM/s, where 3.4 is the product's extinction as that channel
 * sees it, and Vmax is 0.004 mM/s (a tenth of the stock's).
 */
export const process: ProcessDefinition<EnzymeKinetics> = defineProcess({
  id: "enzyme-kinetics",
  settings: VESSEL_SETTINGS,
  create({ clock, settings }) {
    const { substrate, inhibitor } = ENZYME_KINETICS_TRUTH;
    const vessel = new StirredVessel({
      clock,
      inflows: {
        substrate: [substrate, 0, 0, 0],
        inhibitor: [0, inhibitor, 0, 0],
        buffer: [0, 0, 0, 0],
        enzyme: [0, 0, 1, 0],
        waste: [0, 0, 0, 0],
      },
      capacity: settings["capacity"] as number,
      residual: settings["residual"] as number,
      volume: 0,
      mixingTime: settings["mixing-time"] as number,
      react: ([s = 0, i = 0, e = 0]) => {
        const rate = reactionRate(s, i, e);
        return [-rate, 0, 0, rate];
      },
    });
    const path = settings["path"] as number;
    return {
      ports: {
        ...vessel.ports,
        cuvette: {
          kind: "light",
          transmittance: (wavelength) =>
            vessel.volume() < BEAM ? 1 : productTransmittance(vessel.seen()[3] as number, wavelength, path),
        },
      },
      facts: () => vessel.facts(),
      volume: () => vessel.volume(),
      concentrations: () => vessel.seen(),
    };
  },
});
