import type { HypothesisState } from "../../hypothesis/belief.ts";
import type { Law } from "../../hypothesis/law/law.ts";
import { type LawAt, lawAt } from "../../hypothesis/law/law-model.ts";
import { noiseOfCoordinate } from "../../hypothesis/law/unknown-noise.ts";
import type { MeasuredQuantity, Observation } from "../../hypothesis/observation.ts";
import type { Parameter } from "../../hypothesis/parameter.ts";
import { logNormalDensity } from "../../numerics/index.ts";

/** The particles of a law. */
export type Particles = Extract<HypothesisState, { kind: "particles" }>;

/**
 * Least ln of a likelihood: a particle whose prediction is impossible (or 1400 standard deviations off) is as
 * good as refuted, and numbers stay finite in files.
 */
export const LEAST_LOG_LIKELIHOOD = -1e6;

/** One observation as a law is judged by it. */
export interface JudgedObservation {
  readonly value: number;
  /** Prediction of the particle whose coordinates begin at an index. */
  readonly predict: LawAt;
  /** Standard deviation of the measurement; undefined where it is a coordinate of the particles. */
  readonly noise: number | undefined;
}

/** A law in its competition for one measurement. */
export interface LawCase {
  readonly law: Law;
  readonly measurement: MeasuredQuantity;
  readonly parameters: readonly Parameter[];
}

/** Whether neither the law nor the measurement declares the noise, so that it is learned with the parameters. */
export function noiseIsUnknown(law: Law, measurement: MeasuredQuantity): boolean {
  return (law.noise?.value ?? measurement.noise ?? 0) <= 0;
}

/**
 * Binds a law to an observation. The larger of the declared noise and the observation's own uncertainty counts,
 * since the one is often what the other was computed from.
 *
 * @returns undefined when the experiment failed or lacks the measurement
 */
export function judgedBy(
  { law, measurement, parameters }: LawCase,
  observation: Observation,
): JudgedObservation | undefined {
  const { outcome, setting } = observation;
  const observed = outcome.kind === "measured" ? outcome.values[measurement.name] : undefined;
  if (observed === undefined || !Number.isFinite(observed.value)) return undefined;
  const declared = law.noise?.value ?? measurement.noise ?? 0;
  return {
    value: observed.value,
    predict: lawAt(law, parameters, setting, measurement.unit),
    noise: noiseIsUnknown(law, measurement) ? undefined : Math.max(declared, observed.standardUncertainty),
  };
}

/** σ of one particle for an observation. */
export function noiseFor(
  judged: JudgedObservation,
  particles: Particles,
  coordinates: ArrayLike<number>,
  from: number,
): number {
  if (judged.noise !== undefined) return judged.noise;
  return noiseOfCoordinate(particles.noiseScale ?? 1, coordinates[from + particles.dimension - 1] as number);
}

/** ln p(y | θ) of one particle, at least -10⁶. */
export function logLikelihood(
  judged: JudgedObservation,
  particles: Particles,
  coordinates: ArrayLike<number>,
  from: number,
): number {
  const predicted = judged.predict(coordinates, from);
  const value = logNormalDensity(judged.value, predicted, noiseFor(judged, particles, coordinates, from));
  return Number.isNaN(value) ? LEAST_LOG_LIKELIHOOD : Math.max(value, LEAST_LOG_LIKELIHOOD);
}
