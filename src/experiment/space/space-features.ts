import { type FeatureMap, featureMap } from "../../hypothesis/features.ts";
import type { Space } from "./space.ts";

/** The features of a space's settings, the same for settings that are the same by symmetry. */
export function spaceFeatures({ parameters, symmetries }: Space): FeatureMap {
  return featureMap(parameters, symmetries);
}
