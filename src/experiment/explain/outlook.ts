import type { Random } from "../../base/random.ts";
import { encodeAll } from "../../hypothesis/features.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { covariancesWith } from "../../hypothesis/surrogate/covariances-with.ts";
import { choleskyOf, exp, logImprovement } from "../../numerics/index.ts";
import { bestRows, foresightOf } from "../design/acquisition/best-rows.ts";
import type { ScoreModel } from "../design/model/score-model.ts";
import { neighboursOf } from "../space/neighbours.ts";
import { sampleFeasible } from "../space/sample-feasible.ts";
import type { Space } from "../space/space.ts";
import { spaceFeatures } from "../space/space-features.ts";
import type { Outlook } from "./explanation.ts";

/** Settings that are drawn, the most promising of them, and functions drawn over these. */
const DRAWN = 1024;
const PROMISING = 64;
const FUNCTIONS = 512;
/** Standard deviations above its mean by which a setting is called promising. */
const HOPE = 2;

/** What the outlook is made from. */
export interface OutlookTask {
  readonly space: Space;
  readonly candidates?: readonly Setting[];
  readonly model: ScoreModel;
  /** In the measurement's unit. */
  readonly tolerance: number;
  /** A value on the scale of the model as a score in the measurement's unit; larger is better. */
  readonly inUnit: (value: number) => number;
  readonly hoursAnExperiment?: number;
  readonly random: Random;
}

/**
 * What further experiments promise, from functions drawn from the posterior of the most probable model over the most
 * promising settings and the best so far.
 *
 * @returns undefined before the first result
 */
export function outlookOf(task: OutlookTask): Outlook | undefined {
  const { model, tolerance, inUnit, hoursAnExperiment } = task;
  const process = model.members[0]?.process;
  if (process === undefined || model.best === undefined) return undefined;
  const features = promisingFeatures(task, model.best.observation.setting);
  const count = features.length / process.data.dimension;
  const joint = covariancesWith(process, features);
  const means = new Float64Array(count);
  const sds = new Float64Array(count);
  const covariance = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    const { mean, variance, covariances } = joint(features, i * process.data.dimension);
    means[i] = mean;
    sds[i] = Math.sqrt(variance);
    covariance.set(covariances, i * count);
    covariance[i * count + i] = variance;
  }
  const factor = choleskyOf(covariance, count);
  if (factor === undefined) return undefined;
  const best = inUnit(means[0] as number);
  let within = 0;
  let left = 0;
  for (let s = 0; s < FUNCTIONS; s++) {
    const [top, own] = drawnTop(means, factor.lower, task.random);
    const gain = inUnit(top) - inUnit(own);
    if (gain <= tolerance) within += 1;
    left += gain / FUNCTIONS;
  }
  const gainOfNext = largestGain(means, sds, means[0] as number, (value) => inUnit(value) - best);
  return {
    tolerance,
    withinTolerance: within / FUNCTIONS,
    gainOfNext,
    gainLeft: left,
    ...(hoursAnExperiment !== undefined && { gainPerHour: gainOfNext / hoursAnExperiment }),
  };
}

/** The best setting so far first, then the most promising ones. */
function promisingFeatures({ space, candidates, model, random }: OutlookTask, best: Setting): Float64Array {
  const map = spaceFeatures(space);
  const settings = candidates ?? [
    ...neighboursOf(space, best, 0.05),
    ...sampleFeasible(space, DRAWN, random),
  ];
  const features = encodeAll(map, settings);
  const points = { count: settings.length, dimension: map.dimension, features };
  const ranked = bestRows(model.members.slice(0, 1).map(foresightOf), points, PROMISING, {
    worth: (means, sds) => (means[0] as number) + HOPE * (sds[0] as number),
  });
  return encodeAll(map, [best, ...ranked.map(({ row }) => settings[row] as Setting)]);
}

/** The top of one drawn function, and its value at the best setting so far. */
function drawnTop(means: Float64Array, lower: Float64Array, random: Random): [number, number] {
  const normals = means.map(() => random.normal());
  let top = -Infinity;
  let own = 0;
  for (let i = 0; i < means.length; i++) {
    let value = means[i] as number;
    for (let k = 0; k <= i; k++) value += (lower[i * means.length + k] as number) * (normals[k] as number);
    if (i === 0) own = value;
    if (value > top) top = value;
  }
  return [top, own];
}

/** The largest expected improvement over a value, in the measurement's unit. */
function largestGain(
  means: Float64Array,
  sds: Float64Array,
  best: number,
  gainAt: (value: number) => number,
): number {
  let most = 0;
  for (const [i, mean] of means.entries()) {
    const sd = sds[i] as number;
    if (sd > 0) most = Math.max(most, sd * exp(logImprovement((mean - best) / sd)));
  }
  return gainAt(best + most);
}
