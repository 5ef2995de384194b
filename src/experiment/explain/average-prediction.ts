import type { Setting } from "../../hypothesis/parameter.ts";
import { predictorOf } from "../../hypothesis/surrogate/gaussian-process.ts";
import type { ScoreModel } from "../design/score-model.ts";
import type { Space } from "../space/space.ts";
import { spaceFeatures } from "../space/space-features.ts";

/** Mean and standard deviation of a score on its warped scale. */
export interface WarpedPrediction {
  readonly mean: number;
  readonly sd: number;
}

/** What all members of a model together expect of a setting. */
export function predictionBy({ members }: ScoreModel, space: Space): (setting: Setting) => WarpedPrediction {
  const map = spaceFeatures(space);
  const features = new Float64Array(map.dimension);
  const predictors = members.map(({ process, weight }) => ({ predict: predictorOf(process), weight }));
  return (setting) => {
    map.encode(setting, features, 0);
    let mean = 0;
    let square = 0;
    for (const { predict, weight } of predictors) {
      const each = predict(features);
      mean += weight * each.mean;
      square += weight * (each.variance + each.mean * each.mean);
    }
    return { mean, sd: Math.sqrt(Math.max(0, square - mean * mean)) };
  };
}
