import { exp, normalProbability } from "../../numerics/index.ts";
import type { Prior } from "./law.ts";

/**
 * The parameter value that belongs to a standard-normal coordinate under a prior. Particles live in these
 * coordinates, where every prior is N(0, 1) and no limit can be crossed.
 */
export function valueOfCoordinate(prior: Prior, z: number): number {
  switch (prior.kind) {
    case "normal":
      return prior.mean + prior.sd * z;
    case "lognormal":
      return prior.median * exp(prior.sigma * z);
    case "uniform":
      return prior.minimum + (prior.maximum - prior.minimum) * normalProbability(z);
  }
}
