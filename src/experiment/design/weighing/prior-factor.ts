import { fromUnit, type NumericParameter } from "../../../hypothesis/features.ts";
import type { Parameter, Setting } from "../../../hypothesis/parameter.ts";
import { exp, log, logSumExp } from "../../../numerics/index.ts";
import { spaceFeatures } from "../../space/space-features.ts";
import type { ChoiceTask } from "../model/choice-task.ts";
import type { OptimumPrior } from "../task/optimum-prior.ts";
import type { Factor } from "./factor.ts";

/** Experiments after which the prior counts as much as it says (Hvarfner et al., β). */
const TRUST = 10;
/** Density, relative to the peak, that even the least likely place keeps, so that data can overrule any prior. */
const LOG_FLOOR = log(1e-6);

/**
 * The prior of the optimum as a factor that fades with every result:
 *     π(x)^(β/n),   n experiments ended, β = 10.
 * Source: Hvarfner et al., πBO: Augmenting acquisition functions with user beliefs (ICLR 2022), equation 6.
 */
export function priorFactor(task: ChoiceTask): Factor | undefined {
  const { space, design } = task.problem;
  const { prior } = design;
  if (prior === undefined) return undefined;
  const power = TRUST / Math.max(1, task.data.length);
  const parts = space.parameters.flatMap((parameter) => {
    const own = prior[parameter.name];
    return own === undefined || parameter.kind === "constant" ? [] : [{ parameter, own }];
  });
  const value = (setting: Setting): number =>
    power * parts.reduce((sum, { parameter, own }) => sum + logDensity(own, setting[parameter.name]), 0);
  // Where symmetry folds the space, features are no places between limits.
  if ((space.symmetries ?? []).length > 0) return { value };
  const places = spaceFeatures(space).featuresOf;
  return {
    value,
    derive: (features, gradient) => {
      gradient.fill(0);
      let sum = 0;
      for (const { parameter, own } of parts) {
        if (own.kind === "weights" || parameter.kind === "categorical") continue;
        const [at] = places.get(parameter.name) as readonly [number];
        const place = features[at] as number;
        sum += logDensity(own, fromUnit(parameter, place));
        gradient[at] = power * slopeAt(own, parameter, place);
      }
      return power * sum;
    },
  };
}

/** ln of the density relative to its peak, with the floor under it. */
function logDensity(prior: OptimumPrior, value: number | string | undefined): number {
  return logSumExp([logShape(prior, value), LOG_FLOOR]);
}

function logShape(prior: OptimumPrior, value: number | string | undefined): number {
  switch (prior.kind) {
    case "weights":
      return log((prior.weights[String(value)] ?? 0) / Math.max(...Object.values(prior.weights)));
    case "normal":
      return -0.5 * square((Number(value) - prior.mean) / prior.sd);
    case "lognormal":
      return Number(value) > 0 ? -0.5 * square(log(Number(value) / prior.median) / prior.sigma) : -Infinity;
    case "uniform":
      return Number(value) >= prior.minimum && Number(value) <= prior.maximum ? 0 : -Infinity;
  }
}

/** d ln density / d place; the floor takes its share. */
function slopeAt(
  prior: Exclude<OptimumPrior, { kind: "weights" }>,
  parameter: NumericParameter,
  place: number,
): number {
  const value = fromUnit(parameter, place);
  const shape = logShape(prior, value);
  const share = exp(shape - logSumExp([shape, LOG_FLOOR]));
  if (!(share > 0)) return 0;
  return share * shapeSlope(prior, value) * valueSlope(parameter, place);
}

function shapeSlope(prior: Exclude<OptimumPrior, { kind: "weights" }>, value: number): number {
  switch (prior.kind) {
    case "normal":
      return (prior.mean - value) / square(prior.sd);
    case "lognormal":
      return -log(value / prior.median) / square(prior.sigma) / value;
    case "uniform":
      return 0;
  }
}

/** d value / d place: the whole range, or on a logarithmic scale the value itself for each e-fold. */
function valueSlope(parameter: Parameter & NumericParameter, place: number): number {
  const least = fromUnit(parameter, 0);
  const most = fromUnit(parameter, 1);
  const middle = fromUnit(parameter, 0.5);
  const linear = Math.abs(middle - (least + most) / 2) <= 1e-9 * Math.abs(most - least);
  return linear ? most - least : fromUnit(parameter, place) * log(most / least);
}

function square(x: number): number {
  return x * x;
}
