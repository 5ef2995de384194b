import { type Random, randomStream } from "../../base/random.ts";
import type { Problem } from "../../experiment/design/task/problem.ts";
import { spaceFeatures } from "../../experiment/space/space-features.ts";
import type { Law } from "../../hypothesis/law/law.ts";
import { lawAt } from "../../hypothesis/law/law-model.ts";
import { noiseOfCoordinate } from "../../hypothesis/law/unknown-noise.ts";
import type { MeasuredQuantity } from "../../hypothesis/observation.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { type Rival, rivalsOf } from "../../hypothesis/rival.ts";
import { Covariances } from "../../hypothesis/surrogate/covariance/covariances.ts";
import { hyperParametersOf, priorsFor, tuningLayout } from "../../hypothesis/surrogate/covariance/tuning.ts";
import { USUAL_KERNELS } from "../../hypothesis/surrogate/fit-gaussian-process.ts";
import type { Surrogate } from "../../hypothesis/surrogate/surrogate.ts";
import { surrogateTuning } from "../../hypothesis/surrogate/surrogate-tuning.ts";
import { exp } from "../../numerics/index.ts";
import { firstParticles } from "../../update/bayes/first-particles.ts";

/** How a measurement could depend on the setting, drawn from what is believed beforehand. */
export interface DrawnFunction {
  /** In the measurement's unit; NaN where it has no value. */
  readonly value: (setting: Setting) => number;
  /** Standard deviation of one measurement, in the same unit. */
  readonly noise: number;
}

/** What the values of a measurement are about where no law says: their middle and their standard deviation, in its unit. */
export interface Scale {
  readonly middle: number;
  readonly spread: number;
}

/**
 * Draws a law by its weight and its constants from their priors; where there are no laws, the tuning of the surrogate and then
 * a function. Beside laws the surrogate isn't drawn: nobody knows what its values would be about.
 *
 * @param scale - of the surrogate's functions
 * @param seed - the same for the same function
 */
export function drawnFrom(
  problem: Problem,
  measurement: MeasuredQuantity,
  scale: Scale,
  seed: number,
): DrawnFunction {
  const random = randomStream(seed, 0, `outcomes of ${measurement.name}`);
  const rivals = rivalsOf([measurement], problem.hypotheses);
  const laws = rivals.filter((each) => each.hypothesis.kind === "law");
  const { hypothesis } = chosen(laws.length > 0 ? laws : rivals, random);
  return hypothesis.kind === "law"
    ? drawnLaw({ problem, measurement, law: hypothesis, random })
    : drawnSurrogate({ problem, surrogate: hypothesis, scale, random });
}

function chosen(rivals: readonly Rival[], random: Random): Rival {
  let left = random.uniform() * rivals.reduce((sum, { weight }) => sum + weight, 0);
  for (const rival of rivals) {
    left -= rival.weight;
    if (left < 0) return rival;
  }
  return rivals.at(-1) as Rival;
}

interface LawDraw {
  readonly problem: Problem;
  readonly measurement: MeasuredQuantity;
  readonly law: Law;
  readonly random: Random;
}

function drawnLaw({ problem, measurement, law, random }: LawDraw): DrawnFunction {
  const { parameters } = problem.space;
  const particles = firstParticles({ law, measurement, parameters }, problem.seed);
  const { coordinates, dimension, noiseScale } = particles;
  const from = random.integer(particles.logWeights.length) * dimension;
  const declared = law.noise?.value ?? measurement.noise ?? 0;
  return {
    value: (setting) => lawAt(law, parameters, setting, measurement.unit)(coordinates, from),
    noise:
      noiseScale === undefined
        ? declared
        : noiseOfCoordinate(noiseScale, coordinates[from + dimension - 1] as number),
  };
}

interface SurrogateDraw {
  readonly problem: Problem;
  readonly surrogate: Surrogate;
  readonly scale: Scale;
  readonly random: Random;
}

function drawnSurrogate({ problem, surrogate, scale, random }: SurrogateDraw): DrawnFunction {
  const map = spaceFeatures(problem.space);
  const { kernels, ...options } = surrogateTuning(surrogate, map, USUAL_KERNELS);
  const layout = tuningLayout({ ...options, kernel: kernels[random.integer(kernels.length)] ?? "matern52" });
  const numbers = priorsFor(layout, { variances: new Float64Array(1) }).map(
    // A tilt moves the centre of a normal density by its variance.
    ({ centre, spread, tilt, minimum, maximum }) =>
      Math.min(Math.max(centre - tilt * spread * spread + spread * random.normal(), minimum), maximum),
  );
  const hyper = hyperParametersOf(layout, numbers);
  const rows = { count: 0, dimension: map.dimension, inputs: new Float64Array(0) };
  const sample = new Covariances(hyper, rows).sample(random);
  const features = new Float64Array(map.dimension);
  return {
    value: (setting) => {
      map.encode(setting, features, 0);
      return scale.middle + scale.spread * (hyper.mean + sample.value(features));
    },
    noise: scale.spread * Math.min(Math.sqrt(hyper.noise), USUAL_NOISE),
  };
}

/** Share of the spread that noise is expected at beforehand, of which a draw may be far too large: e⁻⁵ of the variance. */
export const USUAL_NOISE: number = exp(-2.5);
