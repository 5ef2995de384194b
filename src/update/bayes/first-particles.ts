import { randomStream } from "../../base/random.ts";
import { fromUnit } from "../../hypothesis/features.ts";
import { lawAt } from "../../hypothesis/law/law-model.ts";
import type { Parameter, Setting } from "../../hypothesis/parameter.ts";
import { log, normalQuantile, quantile, SOBOL_DIMENSIONS, sobolPoints } from "../../numerics/index.ts";
import { type LawCase, noiseIsUnknown, type Particles } from "./law-likelihood.ts";

/** Enough for posterior means to a thirtieth of the posterior's spread. */
const PARTICLES = 1000;

/** Particles spread evenly over a law's prior. */
export function firstParticles(lawCase: LawCase, seed: number): Particles {
  const { law, measurement } = lawCase;
  const unknown = noiseIsUnknown(law, measurement);
  const dimension = law.parameters.length + (unknown ? 1 : 0);
  const coordinates = normalPoints(dimension, seed, law.name);
  return {
    kind: "particles",
    dimension,
    coordinates,
    logWeights: Array.from({ length: PARTICLES }, () => -log(PARTICLES)),
    ...(unknown && { noiseScale: noiseScaleOf(lawCase, coordinates, dimension, seed) }),
  };
}

function normalPoints(dimension: number, seed: number, name: string): number[] {
  const random = randomStream(seed, 0, `prior of ${name}`);
  if (dimension > SOBOL_DIMENSIONS)
    return Array.from({ length: PARTICLES * dimension }, () => random.normal());
  // Half a step away from 0, where the quantile is infinite.
  return Array.from(sobolPoints(PARTICLES, dimension, random), (place) =>
    normalQuantile(place + 1 / 8589934592),
  );
}

const SETTINGS = 16;
const PROBES = 64;
/** Half of a normal distribution lies within an interquartile range of 1.349 standard deviations. */
const QUARTILES_TO_SD = 1 / 1.349;

/**
 * Where nothing is declared the noise is expected at a tenth of the spread that the law's prior gives the outcome
 * over the settings, a factor of 20 either way.
 */
function noiseScaleOf(
  { law, measurement, parameters }: LawCase,
  coordinates: readonly number[],
  dimension: number,
  seed: number,
): number {
  const random = randomStream(seed, 0, `noise of ${law.name}`);
  const values: number[] = [];
  for (let k = 0; k < SETTINGS; k++) {
    const setting: Setting = Object.fromEntries(
      parameters.map((parameter) => [parameter.name, anyValue(parameter, random.uniform())]),
    );
    const predict = lawAt(law, parameters, setting, measurement.unit);
    for (let p = 0; p < PROBES; p++) values.push(predict(coordinates, p * dimension));
  }
  const finite = values.filter((value) => Number.isFinite(value));
  if (finite.length === 0) return 1;
  const spread = (quantile(finite, 0.75) - quantile(finite, 0.25)) * QUARTILES_TO_SD;
  return 0.1 * (spread || Math.abs(quantile(finite, 0.5)) || 1);
}

function anyValue(parameter: Parameter, place: number): number | string {
  if (parameter.kind === "constant") return parameter.value;
  if (parameter.kind !== "categorical") return fromUnit(parameter, place);
  return parameter.choices[Math.floor(place * parameter.choices.length)] as string;
}
