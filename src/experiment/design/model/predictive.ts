import type { Belief } from "../../../hypothesis/belief.ts";
import type { FeatureMap } from "../../../hypothesis/features.ts";
import type { Law } from "../../../hypothesis/law/law.ts";
import { lawAt } from "../../../hypothesis/law/law-model.ts";
import { noiseOfCoordinate } from "../../../hypothesis/law/unknown-noise.ts";
import type { MeasuredQuantity } from "../../../hypothesis/observation.ts";
import type { Setting } from "../../../hypothesis/parameter.ts";
import { type Rival, rivalsOf } from "../../../hypothesis/rival.ts";
import type { FittedProcess } from "../../../hypothesis/surrogate/fit-gaussian-process.ts";
import { extendBy, type GaussianProcess } from "../../../hypothesis/surrogate/gaussian-process.ts";
import { type Prediction, predictorOf } from "../../../hypothesis/surrogate/prediction.ts";
import { trainingDataOf } from "../../../hypothesis/surrogate/training-data.ts";
import { exp } from "../../../numerics/index.ts";
import { spaceFeatures } from "../../space/space-features.ts";
import type { Problem } from "../task/problem.ts";
import type { ChoiceTask } from "./choice-task.ts";
import { fitsOf } from "./fits.ts";

/** What one hypothesis expects of a measurement, noise not included. */
export interface Expectation {
  readonly mean: number;
  readonly sd: number;
}

/** A hypothesis that can be asked for a measurement. */
export interface Predictive {
  readonly name: string;
  readonly kind: "law" | "surrogate";
  readonly measurement: MeasuredQuantity;
  readonly weight: number;
  /** Standard deviation of one measurement under the hypothesis. */
  readonly noise: number;
  expect(setting: Setting, features: Float64Array): Expectation;
  /** Only where the expectation has analytic derivatives by the features. */
  readonly derive?: (features: Float64Array) => Prediction;
}

/** Particles that stand for a law's belief in a design; their mean and spread are known to a tenth of the spread. */
const DESIGN_PARTICLES = 100;

/** The rivals for a measurement, conditioned on the data and, at their own expectation, on what is pending. */
export function predictivesOf(task: ChoiceTask, measurement: string): Predictive[] {
  const { problem, belief } = task;
  return rivalsOf(problem.measurements, problem.hypotheses)
    .filter((rival) => rival.measurement.name === measurement)
    .flatMap((rival) => {
      const at = belief.hypotheses.findIndex(
        ({ name, predicts }) => name === rival.hypothesis.name && predicts === measurement,
      );
      const weight = belief.hypotheses[at]?.weight ?? rival.weight;
      const state = belief.states[at];
      if (rival.hypothesis.kind === "surrogate") return surrogatesOf(task, { ...rival, weight });
      if (state?.kind !== "particles") return [];
      return [lawPredictive(problem, { ...rival, weight }, rival.hypothesis, state)];
    });
}

function surrogatesOf(task: ChoiceTask, rival: Rival): Predictive[] {
  const map = spaceFeatures(task.problem.space);
  const { name } = rival.measurement;
  const [best] = fitsOf(task, name, map, trainingDataOf(map, task.data, name));
  if (best === undefined) return [];
  return [surrogatePredictive(rival, withPending(best.process, map, task.pending))];
}

/** Adds pending experiments with the mean that the process expects of them, so that they lend no surprise. */
export function withPending(
  process: GaussianProcess,
  map: FeatureMap,
  pending: readonly Setting[],
): GaussianProcess {
  let extended = process;
  const features = new Float64Array(map.dimension);
  for (const setting of pending) {
    map.encode(setting, features, 0);
    extended = extendBy(extended, features, predictorOf(extended)(features).mean);
  }
  return extended;
}

/** All members of a fit, each with what is pending as it expects it. */
export function membersWithPending(
  members: readonly FittedProcess[],
  map: FeatureMap,
  pending: readonly Setting[],
): FittedProcess[] {
  return members.map((each) => ({ ...each, process: withPending(each.process, map, pending) }));
}

/** A Gaussian process as a hypothesis. */
export function surrogatePredictive(rival: Rival, process: GaussianProcess): Predictive {
  const predict = predictorOf(process);
  return {
    name: rival.hypothesis.name,
    kind: "surrogate",
    measurement: rival.measurement,
    weight: rival.weight,
    noise: Math.max(rival.measurement.noise ?? 0, process.scale * Math.sqrt(process.hyper.noise)),
    expect: (_, features) => {
      const { mean, variance } = predict(features);
      return { mean, sd: Math.sqrt(variance) };
    },
    derive: (features) => predict(features, 0, true),
  };
}

function lawPredictive(
  problem: Problem,
  rival: Rival,
  law: Law,
  state: Extract<Belief["states"][number], { kind: "particles" }>,
): Predictive {
  const { dimension, coordinates } = state;
  const chosen = evenlyChosen(state.logWeights, DESIGN_PARTICLES);
  const noiseAt = law.parameters.length;
  const known = law.noise?.value ?? rival.measurement.noise;
  const inferred = (): number =>
    chosen.reduce(
      (sum, particle) =>
        sum + noiseOfCoordinate(state.noiseScale ?? 0, coordinates[particle * dimension + noiseAt] ?? 0),
      0,
    ) / chosen.length;
  return {
    name: law.name,
    kind: "law",
    measurement: rival.measurement,
    weight: rival.weight,
    noise: known ?? inferred(),
    expect: (setting) => {
      const predict = lawAt(law, problem.space.parameters, setting, rival.measurement.unit);
      return moments(chosen.map((particle) => predict(coordinates, particle * dimension)));
    },
  };
}

/** Systematic choice by weight, at fixed places, so that equal beliefs choose equally. */
function evenlyChosen(logWeights: readonly number[], count: number): number[] {
  const chosen: number[] = [];
  let cumulated = 0;
  for (const [particle, logWeight] of logWeights.entries()) {
    cumulated += exp(logWeight);
    while (chosen.length < count && (chosen.length + 0.5) / count <= cumulated) chosen.push(particle);
  }
  while (chosen.length < count) chosen.push(logWeights.length - 1);
  return chosen;
}

function moments(values: readonly number[]): Expectation {
  const finite = values.filter((value) => Number.isFinite(value));
  if (finite.length === 0) return { mean: Number.NaN, sd: Number.NaN };
  const mean = finite.reduce((a, b) => a + b, 0) / finite.length;
  const square = finite.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / finite.length;
  return { mean, sd: Math.sqrt(square) };
}

/** Mean and spread of all hypotheses together (law of total variance). */
export function pooled(expectations: readonly (Expectation & { weight: number })[]): Expectation {
  const valid = expectations.filter(({ mean, weight }) => Number.isFinite(mean) && weight > 0);
  const total = valid.reduce((sum, { weight }) => sum + weight, 0);
  const mean = valid.reduce((sum, each) => sum + (each.weight / total) * each.mean, 0);
  const square = valid.reduce(
    (sum, each) =>
      sum + (each.weight / total) * (each.sd * each.sd + (each.mean - mean) * (each.mean - mean)),
    0,
  );
  return { mean, sd: Math.sqrt(square) };
}
