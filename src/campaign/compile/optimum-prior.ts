import { suggest } from "../../base/suggest.ts";
import { describeDimension, sameDimension, type Unit, unitOf } from "../../base/unit.ts";
import type { OptimumPrior } from "../../experiment/design/task/optimum-prior.ts";
import type { Prior } from "../../hypothesis/law/law.ts";
import type { CategoricalParameter, Parameter } from "../../hypothesis/parameter.ts";
import type { FaultCollector } from "./faults.ts";
import { readPrior } from "./read-prior.ts";

/** Where one parameter of the best setting is expected; undefined, and a fault, when it can't be read. */
export function compileOptimumPrior(
  faults: FaultCollector,
  name: string,
  written: string | Readonly<Record<string, number>>,
  parameters: readonly Parameter[],
): OptimumPrior | undefined {
  const path = ["design", "prior", name];
  const bad = (message: string, advice: string): undefined => {
    faults.add("campaign.bad-prior", path, message, advice);
  };
  const parameter = parameters.find((each) => each.name === name);
  if (parameter === undefined || parameter.kind === "constant") {
    const names = parameters.filter(({ kind }) => kind !== "constant").map((each) => each.name);
    return faults.isGivenUp(name)
      ? undefined
      : bad(`"${name}" is no parameter that can be chosen`, suggest(name, names, "these can"));
  }
  if (parameter.kind === "categorical") {
    if (typeof written !== "string") return weightsOf(written, parameter, bad);
    return bad(`"${name}" is chosen among names`, "give weights, such as { DMF: 3, water: 1 }");
  }
  if (typeof written !== "string")
    return bad(`"${name}" is a number`, 'write "normal(mean, sd)", such as "normal(80 degC, 10 degC)"');
  const read = readPrior(faults, path, written);
  if (read === undefined) return undefined;
  const unit = unitOf(parameter.unit);
  if (sameDimension(read.unit.dimension, unit.dimension)) return inUnit(read.prior, read.unit, unit);
  return bad(
    `"${written}" is ${describeDimension(read.unit.dimension)}, but "${name}" is ${describeDimension(unit.dimension)}`,
    `write it in ${parameter.unit}`,
  );
}

function weightsOf(
  weights: Readonly<Record<string, number>>,
  { name, choices }: CategoricalParameter,
  bad: (message: string, advice: string) => undefined,
): OptimumPrior | undefined {
  const unknown = Object.keys(weights).find((choice) => !choices.includes(choice));
  if (unknown !== undefined)
    return bad(`"${unknown}" is no choice of "${name}"`, suggest(unknown, choices, "its choices"));
  if (Object.values(weights).some((weight) => weight > 0)) return { kind: "weights", weights };
  return bad("no choice has a weight above 0", "give at least one choice a weight");
}

function inUnit(prior: Prior, from: Unit, to: Unit): Prior {
  const place = (value: number): number =>
    rounded((value * from.factor + from.offset - to.offset) / to.factor);
  const difference = (value: number): number => rounded((value * from.factor) / to.factor);
  switch (prior.kind) {
    case "normal":
      return { ...prior, mean: place(prior.mean), sd: difference(prior.sd) };
    case "lognormal":
      return { ...prior, median: place(prior.median) };
    case "uniform":
      return { ...prior, minimum: place(prior.minimum), maximum: place(prior.maximum) };
  }
}

function rounded(value: number): number {
  return Number(value.toPrecision(12));
}
