import { parseQuantity } from "../../base/quantity.ts";
import { DIMENSIONLESS, describeDimension, sameDimension, type Unit } from "../../base/unit.ts";
import type { Prior } from "../../hypothesis/law/law.ts";
import type { Path } from "../file/source-file.ts";
import type { FaultCollector } from "./faults.ts";

const PRIOR = /^\s*(normal|lognormal|uniform)\s*\(\s*([^,]+?)\s*,\s*([^,]+?)\s*\)\s*$/;

/** Reads "normal(0, 5)", "lognormal(80 uL, 0.5)" or "uniform(0 1/s, 2 1/s)". */
export function readPrior(
  faults: FaultCollector,
  path: Path,
  text: string,
): { unit: Unit; prior: Prior } | undefined {
  const [, kind, a, b] = PRIOR.exec(text) ?? [];
  if (kind === undefined || a === undefined || b === undefined) {
    faults.add(
      "campaign.bad-prior",
      path,
      `"${text}" is no prior`,
      'write "normal(mean, sd)", "lognormal(median, sigma)" or "uniform(least, greatest)"',
    );
    return undefined;
  }
  const [first, second] = [parseQuantity(a), parseQuantity(b)];
  for (const each of [first, second]) {
    if (each.kind === "problem")
      faults.add("campaign.bad-prior", path, `"${text}": ${each.message}`, "write numbers with units");
  }
  if (first.kind === "problem" || second.kind === "problem") return undefined;
  const { unit } = kind === "uniform" ? second : first;
  if (kind === "lognormal") {
    if (!sameDimension(second.unit.dimension, DIMENSIONLESS)) {
      faults.add(
        "campaign.bad-prior",
        path,
        `"${text}": sigma is ${describeDimension(second.unit.dimension)}, but it is the spread of a logarithm`,
        "write sigma as a plain number; 0.7 means about a factor of 2 to both sides",
      );
      return undefined;
    }
    if (first.value > 0 && second.value > 0)
      return { unit, prior: { kind, median: first.value, sigma: second.value } };
    faults.add(
      "campaign.bad-prior",
      path,
      `"${text}": median and sigma have to be above 0`,
      "for values of both signs write normal(mean, sd)",
    );
    return undefined;
  }
  const other = kind === "uniform" ? first : second;
  if (!sameDimension(other.unit.dimension, unit.dimension) && other.value !== 0) {
    faults.add(
      "campaign.bad-prior",
      path,
      `"${text}": both values need the same kind of unit`,
      `write ${kind}(1 ${unit.symbol}, 2 ${unit.symbol}) with your numbers`,
    );
    return undefined;
  }
  // A standard deviation is a difference; the ends of a range are places on the scale.
  const difference = kind === "normal";
  const converted = difference
    ? (other.value * other.unit.factor) / unit.factor
    : (other.value * other.unit.factor + other.unit.offset - unit.offset) / unit.factor;
  const value = other.value === 0 ? 0 : Number(converted.toPrecision(12));
  if (kind === "normal" && value > 0) return { unit, prior: { kind, mean: first.value, sd: value } };
  if (kind === "uniform" && value < second.value)
    return { unit, prior: { kind, minimum: value, maximum: second.value } };
  faults.add(
    "campaign.bad-prior",
    path,
    `"${text}": ${kind === "normal" ? "the standard deviation has to be above 0" : "the first value has to be below the second"}`,
    kind === "normal" ? "write normal(mean, sd)" : "write uniform(least, greatest)",
  );
  return undefined;
}
