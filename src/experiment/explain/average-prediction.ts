import type { Setting } from "../../hypothesis/parameter.ts";
import { type EnsemblePrediction, ensemblePredictor } from "../../hypothesis/surrogate/ensemble.ts";
import type { ScoreModel } from "../design/model/score-model.ts";
import type { Space } from "../space/space.ts";
import { spaceFeatures } from "../space/space-features.ts";

/** What all members of a model together expect of a setting, on the warped scale of its score. */
export function predictionBy(
  { members }: ScoreModel,
  space: Space,
): (setting: Setting) => EnsemblePrediction {
  const map = spaceFeatures(space);
  const features = new Float64Array(map.dimension);
  const predict = ensemblePredictor(members);
  return (setting) => {
    map.encode(setting, features, 0);
    return predict(features);
  };
}
