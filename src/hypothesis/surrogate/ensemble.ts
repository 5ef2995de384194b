import type { FittedProcess } from "./fit-gaussian-process.ts";
import { predictorOf } from "./prediction.ts";

/** Mean and standard deviation of a function, noise not included; in the unit of the processes. */
export interface EnsemblePrediction {
  readonly mean: number;
  readonly sd: number;
}

/** Makes a predictor of what all members of a fit together expect at features from `at` on (law of total variance). */
export function ensemblePredictor(
  members: readonly FittedProcess[],
): (features: Float64Array, at?: number) => EnsemblePrediction {
  const predictors = members.map(({ process, weight }) => ({ predict: predictorOf(process), weight }));
  return (features, at) => {
    let mean = 0;
    let square = 0;
    for (const { predict, weight } of predictors) {
      const each = predict(features, at);
      mean += weight * each.mean;
      square += weight * (each.variance + each.mean * each.mean);
    }
    return { mean, sd: Math.sqrt(Math.max(0, square - mean * mean)) };
  };
}
