import { randomStream } from "../../base/random.ts";
import type { Belief, HypothesisBelief, HypothesisState, ParameterBelief } from "../../hypothesis/belief.ts";
import type { Law } from "../../hypothesis/law/law.ts";
import { valueOfCoordinate } from "../../hypothesis/law/prior.ts";
import { noiseOfCoordinate } from "../../hypothesis/law/unknown-noise.ts";
import type { Observation, ObservedValue } from "../../hypothesis/observation.ts";
import { type Rival, rivalsOf } from "../../hypothesis/rival.ts";
import type { Surrogate } from "../../hypothesis/surrogate/surrogate.ts";
import { exp, hypot, log, logNormalDensity, logSumExp } from "../../numerics/index.ts";
import type { BeliefReport, Movement } from "../explain/belief-report.ts";
import { refitSurrogate } from "../fit/refit-surrogate.ts";
import { assimilate } from "./assimilate.ts";
import { firstParticles } from "./first-particles.ts";
import type { InferenceProblem } from "./inference-problem.ts";
import { surrogateForecast } from "./judge-surrogate.ts";
import {
  judgedBy,
  type LawCase,
  LEAST_LOG_LIKELIHOOD,
  noiseFor,
  noiseIsUnknown,
  type Particles,
} from "./law-likelihood.ts";

/** A belief after an observation, and why it moved. */
export interface BeliefUpdate {
  readonly belief: Belief;
  readonly report: BeliefReport;
}

/** What an update is made from; plain data, so that a worker thread can make it. */
export interface BeliefTask {
  readonly problem: InferenceProblem;
  readonly belief: Belief;
  readonly observation: Observation;
}

/** The belief before any observation. */
export function initialBelief(problem: InferenceProblem): Belief {
  const rivals = rivalsOf(problem.measurements, problem.hypotheses);
  const states = rivals.map((rival) => firstState(problem, rival));
  return {
    hypotheses: rivals.map((rival, k) => ({
      name: rival.hypothesis.name,
      kind: rival.hypothesis.kind,
      predicts: rival.measurement.name,
      weight: rival.weight,
      logEvidence: 0,
      parameters: parametersOf(rival, states[k] as HypothesisState),
    })),
    states,
    observations: [],
  };
}

/** {@link updateBelief} with its arguments in one object. */
export function update({ problem, belief, observation }: BeliefTask): BeliefUpdate {
  return updateBelief(problem, belief, observation);
}

/**
 * Takes one observation into a belief: weights move by how probable each hypothesis held the observation before it
 * saw it; then laws learn their parameters and surrogates are fitted again. The same observations in the same
 * order give the same belief, bit for bit.
 *
 * @returns the belief unchanged but for its list of observations when the experiment failed
 */
export function updateBelief(
  problem: InferenceProblem,
  belief: Belief,
  observation: Observation,
): BeliefUpdate {
  const rivals = rivalsOf(problem.measurements, problem.hypotheses);
  const hypotheses = [...belief.hypotheses];
  const states = [...belief.states];
  const movements: Movement[] = [];
  for (const measurement of problem.measurements) {
    const { outcome } = observation;
    const observed = outcome.kind === "measured" ? outcome.values[measurement.name] : undefined;
    if (observed === undefined || !Number.isFinite(observed.value)) continue;
    const contest = rivals.flatMap((rival, at) => (rival.measurement.name === measurement.name ? [at] : []));
    // The only hypothesis has no rival to lose weight to; it is fitted when a decision asks for it.
    if (contest.length < 2) continue;
    const verdicts = contest.map((at) =>
      judge({ problem, belief, observation, rival: rivals[at] as Rival, observed, at }),
    );
    const before = contest.map((at) => (hypotheses[at] as HypothesisBelief).weight);
    const scores = scoresOf(before, verdicts);
    const after = movedWeights(before, scores);
    for (const [k, at] of contest.entries()) {
      const verdict = verdicts[k] as Verdict;
      const old = hypotheses[at] as HypothesisBelief;
      states[at] = verdict.state;
      hypotheses[at] = {
        ...old,
        weight: after[k] as number,
        logEvidence: old.logEvidence + (scores[k] as number),
        parameters: parametersOf(rivals[at] as Rival, verdict.state),
      };
      movements.push({
        name: old.name,
        measurement: measurement.name,
        predicted: verdict.predicted,
        observed: observed.value,
        logLikelihood: scores[k] as number,
        weightBefore: before[k] as number,
        weightAfter: after[k] as number,
        judged: verdict.logLikelihood !== undefined,
      });
    }
  }
  const observations = [...belief.observations, observation];
  return {
    belief: { hypotheses, states, observations },
    report: { experiment: observation.experiment, movements },
  };
}

/** What one hypothesis made of an observation. */
interface Verdict {
  readonly state: HypothesisState;
  readonly predicted: { readonly mean: number; readonly sd: number };
  /** Absent where the hypothesis can't be judged yet. */
  readonly logLikelihood?: number;
}

interface Trial {
  readonly problem: InferenceProblem;
  readonly belief: Belief;
  readonly observation: Observation;
  readonly rival: Rival;
  readonly observed: ObservedValue;
  /** Index of the rival in the belief. */
  readonly at: number;
}

function judge(trial: Trial): Verdict {
  const { hypothesis } = trial.rival;
  const state = trial.belief.states[trial.at] as HypothesisState;
  if (hypothesis.kind === "law" && state.kind === "particles") return judgeLaw(trial, hypothesis, state);
  if (hypothesis.kind === "surrogate" && state.kind === "gaussian process")
    return judgeSurrogate(trial, hypothesis, state.logParameters);
  throw new RangeError(`the belief is of another problem: "${hypothesis.name}" is a ${hypothesis.kind}`);
}

function judgeLaw({ problem, belief, observation, rival }: Trial, law: Law, particles: Particles): Verdict {
  const lawCase: LawCase = { law, measurement: rival.measurement, parameters: problem.space.parameters };
  const judged = judgedBy(lawCase, observation);
  if (judged === undefined) return { state: particles, predicted: { mean: Number.NaN, sd: Number.NaN } };
  const predicted = momentsOf(particles, (p) =>
    judged.predict(particles.coordinates, p * particles.dimension),
  );
  const noise = momentsOf(particles, (p) =>
    noiseFor(judged, particles, particles.coordinates, p * particles.dimension),
  );
  const past = belief.observations.flatMap((each) => judgedBy(lawCase, each) ?? []);
  const random = randomStream(problem.seed, belief.observations.length, `particles of ${law.name}`);
  const result = assimilate(particles, past, judged, random);
  return {
    state: result.particles,
    predicted: { mean: predicted.mean, sd: hypot(predicted.sd, noise.mean) },
    logLikelihood: Math.max(result.logLikelihood, LEAST_LOG_LIKELIHOOD),
  };
}

function judgeSurrogate(
  { problem, belief, observation, rival, observed }: Trial,
  surrogate: Surrogate,
  logParameters: readonly number[] | undefined,
): Verdict {
  const { name: measurement, noise = 0 } = rival.measurement;
  const { parameters } = problem.space;
  const past = belief.observations;
  const forecast = surrogateForecast(
    { surrogate, measurement, noise, parameters, past, logParameters },
    observation,
    observed,
  );
  const fitted = refitSurrogate({
    surrogate,
    measurement,
    parameters,
    observations: [...past, observation],
    warmStart: logParameters,
    seed: problem.seed,
  });
  const state: HypothesisState = {
    kind: "gaussian process",
    ...(fitted && { logParameters: fitted }),
  };
  if (forecast === undefined)
    return { state, predicted: { mean: observed.value, sd: Math.abs(observed.value) } };
  const density = logNormalDensity(observed.value, forecast.mean, forecast.sd);
  return { state, predicted: forecast, logLikelihood: Math.max(density, LEAST_LOG_LIKELIHOOD) };
}

/** Who can't be judged gets what the others expect together, so that its weight stays. */
function scoresOf(weights: readonly number[], verdicts: readonly Verdict[]): number[] {
  const judged = verdicts.flatMap(({ logLikelihood }, k) =>
    logLikelihood === undefined ? [] : [{ logWeight: log(weights[k] as number), logLikelihood }],
  );
  const neutral =
    judged.length === 0
      ? 0
      : logSumExp(judged.map(({ logWeight, logLikelihood }) => logWeight + logLikelihood)) -
        logSumExp(judged.map(({ logWeight }) => logWeight));
  return verdicts.map(({ logLikelihood }) => logLikelihood ?? (Number.isFinite(neutral) ? neutral : 0));
}

function movedWeights(before: readonly number[], scores: readonly number[]): number[] {
  const moved = before.map((weight, k) => log(weight) + (scores[k] as number));
  const total = logSumExp(moved);
  return Number.isFinite(total) ? moved.map((each) => exp(each - total)) : [...before];
}

function firstState(problem: InferenceProblem, { hypothesis, measurement }: Rival): HypothesisState {
  if (hypothesis.kind === "surrogate") return { kind: "gaussian process" };
  return firstParticles({ law: hypothesis, measurement, parameters: problem.space.parameters }, problem.seed);
}

/** Mean and spread of each parameter in its unit; an unknown noise comes last. */
function parametersOf({ hypothesis, measurement }: Rival, state: HypothesisState): ParameterBelief[] {
  if (hypothesis.kind !== "law" || state.kind !== "particles") return [];
  const { coordinates, dimension, noiseScale } = state;
  const parameters = hypothesis.parameters.map(({ name, unit, prior }, k) => ({
    name,
    unit,
    ...momentsOf(state, (p) => valueOfCoordinate(prior, coordinates[p * dimension + k] as number)),
  }));
  if (!noiseIsUnknown(hypothesis, measurement)) return parameters;
  const noise = momentsOf(state, (p) =>
    noiseOfCoordinate(noiseScale ?? 1, coordinates[(p + 1) * dimension - 1] as number),
  );
  return [...parameters, { name: "noise", unit: measurement.unit, ...noise }];
}

function momentsOf(
  { logWeights }: Particles,
  valueOf: (particle: number) => number,
): { mean: number; sd: number } {
  let total = 0;
  let mean = 0;
  let square = 0;
  for (const [p, logWeight] of logWeights.entries()) {
    const value = valueOf(p);
    const weight = exp(logWeight);
    if (!Number.isFinite(value) || weight === 0) continue;
    // West's running mean and squares (1979): no cancellation for narrow posteriors.
    total += weight;
    const difference = value - mean;
    mean += (weight / total) * difference;
    square += weight * difference * (value - mean);
  }
  return { mean, sd: total > 0 ? Math.sqrt(Math.max(0, square / total)) : 0 };
}
