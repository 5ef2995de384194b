import { type Predictive, pooled } from "../model/predictive.ts";
import type { Acquisition } from "./acquisition.ts";

/** Standard deviations within which a setting may lie on either side: 95 % of a normal distribution. */
const DOUBT = 1.96;

/**
 * Values a setting by how much is left to doubt about the side of a boundary that it lies on, 1.96 σ - |μ - value|: the
 * straddle heuristic.
 * Source: Bryan et al., Active learning for identifying function threshold boundaries (NIPS 2005), equation 3.
 *
 * @param value - where the boundary is, in the measurement's unit
 * @param floor - what is worth nothing
 */
export function straddle(predictives: readonly Predictive[], value: number, floor: number): Acquisition {
  const derive = predictives.length === 1 ? predictives[0]?.derive : undefined;
  return {
    method: "straddle of a boundary",
    floor,
    value: (setting, features) => {
      const { mean, sd } = pooled(
        predictives.map((each) => ({ ...each.expect(setting, features), weight: each.weight })),
      );
      return DOUBT * sd - Math.abs(mean - value);
    },
    ...(derive && {
      derive: (features: Float64Array, gradient: Float64Array) => {
        const { mean, variance, meanGradient, varianceGradient } = derive(features);
        const sd = Math.sqrt(variance);
        const side = mean > value ? 1 : -1;
        for (let k = 0; k < gradient.length; k++)
          gradient[k] =
            (DOUBT * (varianceGradient[k] as number)) / (2 * sd) - side * (meanGradient[k] as number);
        return DOUBT * sd - Math.abs(mean - value);
      },
    }),
  };
}
