import { convert } from "../../base/quantity.ts";
import { suggest } from "../../base/suggest.ts";
import { sameDimension, tidy, unitOf } from "../../base/unit.ts";
import type { Mixture } from "../../experiment/space/space.ts";
import type { Parameter } from "../../hypothesis/parameter.ts";
import type { Path } from "../file/source-file.ts";
import type { WrittenCampaign } from "../schema/campaign-schema.ts";
import type { FaultCollector } from "./faults.ts";
import { readQuantity } from "./values.ts";

/** The mixtures of a campaign file. */
export function compileMixtures(
  faults: FaultCollector,
  file: WrittenCampaign,
  parameters: readonly Parameter[],
): Mixture[] {
  const used = new Map<string, number>();
  return (file.mixtures ?? []).flatMap((written, i): Mixture[] => {
    const path: Path = ["mixtures", i];
    const total = readQuantity(faults, [...path, "total"], written.total);
    if (total === undefined || written.of.some((name) => faults.isGivenUp(name))) return [];
    const first = parameters.find(({ name }) => name === written.of[0]);
    for (const [k, name] of written.of.entries()) {
      const problem = memberProblem(name, parameters, first, used.get(name));
      if (problem !== undefined) {
        faults.add("campaign.bad-mixture", [...path, "of", k], problem.message, problem.advice);
        return [];
      }
      used.set(name, i);
    }
    const unit = unitOf((first as Mixable).unit);
    if (!sameDimension(total.unit.dimension, unit.dimension)) {
      faults.add(
        "campaign.bad-mixture",
        [...path, "total"],
        `the total is in ${total.unit.symbol}, but "${written.of[0]}" is in ${unit.symbol}`,
        `write the total in ${unit.symbol}`,
      );
      return [];
    }
    const { at_most: atMost } = written;
    const mixture = { parameters: written.of, total: total.value, unit: total.unit.symbol };
    if (atMost === undefined) return [mixture];
    return checkFew(faults, path, { ...mixture, atMost }, parameters) ? [{ ...mixture, atMost }] : [];
  });
}

/** Whether a mixture of few parts makes sense: more parts than may be there, each 0 or an amount above. */
function checkFew(
  faults: FaultCollector,
  path: Path,
  mixture: Mixture & { readonly atMost: number },
  parameters: readonly Parameter[],
): boolean {
  const { atMost } = mixture;
  const parts = parameters.filter(({ name }) => mixture.parameters.includes(name)) as Mixable[];
  const bad = (message: string, advice: string): false => {
    faults.add("campaign.bad-mixture", [...path, "at_most"], message, advice);
    return false;
  };
  const negative = parts.find(({ minimum }) => minimum < 0);
  if (negative !== undefined)
    return bad(
      `"${negative.name}" can be below 0, so "at_most" can't tell whether it is there`,
      "give it a min of at least 0",
    );
  const log = parts.find((part) => part.kind === "continuous" && part.scale === "log");
  if (log !== undefined)
    return bad(
      `"${log.name}" may be 0 in this mixture, which has no place on a log scale`,
      "leave its `scale: log` away",
    );
  const total = convert({ value: mixture.total, unit: mixture.unit }, parts[0]?.unit ?? mixture.unit);
  const most = parts
    .map(({ maximum }) => maximum)
    .sort((a, b) => b - a)
    .slice(0, atMost)
    .reduce((sum, each) => sum + each, 0);
  if (most < total - 1e-9 * Math.abs(total))
    return bad(
      `${atMost} ${atMost === 1 ? "part" : "parts"} of this mixture make up ${tidy(most)} ${parts[0]?.unit} at most, less than its total`,
      "allow more parts, or more of each",
    );
  return true;
}

type Mixable = Extract<Parameter, { kind: "continuous" | "stepped" }>;

/** Why a parameter can't be a part of a mixture. */
function memberProblem(
  name: string,
  parameters: readonly Parameter[],
  first: Parameter | undefined,
  other: number | undefined,
): { message: string; advice: string } | undefined {
  const member = parameters.find((each) => each.name === name);
  if (member === undefined) {
    const names = parameters.map((each) => each.name);
    return {
      message: `"${name}" is no parameter of this campaign`,
      advice: suggest(name, names, "its parameters"),
    };
  }
  if (member.kind !== "continuous" && member.kind !== "stepped")
    return {
      message: `"${name}" can't be a part of a mixture: it has no range of amounts`,
      advice: "give it min and max, or take it out of the mixture",
    };
  if (member.when !== undefined || member.context === true)
    return {
      message: `"${name}" can't be a part of a mixture: it ${member.context === true ? "is context" : "has a condition"}`,
      advice:
        member.context === true ? "take it out of the mixture" : "use `at_most` where few parts may be there",
    };
  if (other !== undefined)
    return {
      message: `"${name}" is a part of a mixture twice`,
      advice: "name each parameter once, in one mixture",
    };
  if (first !== undefined && first.kind !== "categorical" && member.unit !== first.unit)
    return {
      message: `"${name}" is in ${member.unit}, but "${first.name}" is in ${first.unit}`,
      advice: "give all parts of a mixture the same unit",
    };
  return undefined;
}
