import {
  defineProcess,
  numberSetting,
  type ProcessDefinition,
  type SimulatedProcess,
} from "labloop/instrument";
import { StirredVessel } from "../stirred-vessel/stirred-vessel.ts";
import { VESSEL_SETTINGS } from "../stirred-vessel/vessel-settings.ts";

/** The true miscibility gap: a mixture of oil, water and surfactant is turbid inside this curve. */
export const PHASE_MAP_TRUTH = {
  /** Share of surfactant at which everything is clear, where oil and water are equal. */
  top: 0.34,
  /** Shares of oil between which there is a gap without surfactant. */
  left: 0.04,
  right: 0.93,
  /** Steepness of the turbidity at the edge, shares. */
  edge: 0.01,
} as const;

/** Pixels of the picture. */
const WIDTH = 48;
const HEIGHT = 36;

/** A vial in which three liquids are mixed. */
export interface PhaseMap extends SimulatedProcess {
  /** Shares of oil, water and surfactant. */
  shares(): readonly [number, number, number];
  /** 0 clear … 1 turbid. */
  turbidity(): number;
}

/**
 * Oil, water and surfactant in a vial: clear, or turbid inside the miscibility gap.
 *
 * Ports: flow `oil`, `water`, `surfactant`, `waste`; light `vial`; picture `camera`; answers `eye` (`value` is 1 where
 * it is turbid).
 */
export const process: ProcessDefinition<PhaseMap> = defineProcess({
  id: "phase-map",
  settings: {
    ...VESSEL_SETTINGS,
    noise: numberSetting("1", "standard deviation of a pixel", { default: 3 }),
  },
  create({ clock, settings, random }) {
    const vessel = new StirredVessel({
      clock,
      inflows: { oil: [1, 0, 0], water: [0, 1, 0], surfactant: [0, 0, 1], waste: [0, 0, 0] },
      capacity: settings["capacity"] as number,
      residual: settings["residual"] as number,
      volume: 0,
      mixingTime: settings["mixing-time"] as number,
    });
    const pixels = random("camera");
    const shares = () => {
      const [oil = 0, water = 0, surfactant = 0] = vessel.seen();
      const total = oil + water + surfactant || 1;
      return [oil / total, water / total, surfactant / total] as const;
    };
    const turbidity = (): number => turbidityOf(shares());
    return {
      ports: {
        ...vessel.ports,
        vial: { kind: "light", transmittance: () => Math.exp(-4 * turbidity()) },
        eye: {
          kind: "answers",
          answer: (name) => (name === "value" ? Number(turbidity() > 0.5) : undefined),
        },
        camera: {
          kind: "picture",
          picture: () => {
            const grey = 40 + 190 * turbidity();
            const noise = settings["noise"] as number;
            const rgb = Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, () =>
              Math.max(0, Math.min(255, Math.round(grey + noise * pixels.normal()))),
            );
            return { width: WIDTH, height: HEIGHT, rgb };
          },
        },
      },
      facts: () => vessel.facts(),
      shares,
      turbidity,
    };
  },
});

/**
 * Turbidity of a mixture: a parabola over the share of oil (of oil and water) bounds the gap.
 *
 * @returns 0 … 1
 */
export function turbidityOf([oil, water, surfactant]: readonly [number, number, number]): number {
  const { edge, left, right, top } = PHASE_MAP_TRUTH;
  if (oil + water === 0) return 0;
  const part = oil / (oil + water);
  const middle = (left + right) / 2;
  const half = (right - left) / 2;
  const border = top * (1 - ((part - middle) / half) ** 2);
  return 1 / (1 + Math.exp((surfactant - border) / edge));
}
