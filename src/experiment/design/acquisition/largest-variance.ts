import { type Predictive, pooled } from "../model/predictive.ts";
import type { Acquisition } from "./acquisition.ts";

/** Values a setting by how little is known of its outcome: the standard deviation under all hypotheses together. */
export function largestVariance(predictives: readonly Predictive[]): Acquisition {
  const derive = predictives.length === 1 ? predictives[0]?.derive : undefined;
  return {
    method: "largest variance",
    floor: 0,
    value: (setting, features) =>
      pooled(predictives.map((each) => ({ ...each.expect(setting, features), weight: each.weight }))).sd,
    ...(derive && {
      derive: (features: Float64Array, gradient: Float64Array) => {
        const { variance, varianceGradient } = derive(features);
        const sd = Math.sqrt(variance);
        for (let k = 0; k < gradient.length; k++) gradient[k] = (varianceGradient[k] as number) / (2 * sd);
        return sd;
      },
    }),
  };
}
