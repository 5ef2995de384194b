import { type ExpressionType, unitType } from "../../base/expression/dimension.ts";
import { parseExpression } from "../../base/expression/parse.ts";
import { nearestName } from "../../base/fault.ts";
import { DIMENSIONLESS, type Unit } from "../../base/unit.ts";
import type { Law, LawParameter } from "../../hypothesis/law/law.ts";
import type { Path } from "../file/source-file.ts";
import type { WrittenCampaign, WrittenHypothesis } from "../schema/campaign-schema.ts";
import { type Constants, withConstants } from "./constants.ts";
import type { FaultCollector } from "./faults.ts";
import { noMeasurement } from "./goal.ts";
import { readPrior } from "./read-prior.ts";
import { namesOf, readExpression, readIn, readSi, type Scope } from "./values.ts";

/** What laws may refer to. */
export interface LawNames {
  readonly scope: Scope;
  readonly constants: Constants;
  /** Units of the measurements. */
  readonly units: ReadonlyMap<string, Unit>;
}

/** The laws of a campaign file; what is wrong with them goes to the faults. */
export function compileLaws(faults: FaultCollector, file: WrittenCampaign, names: LawNames): Law[] {
  return Object.entries(file.hypotheses ?? {}).flatMap(([name, written]) => {
    const law = compileLaw(faults, ["hypotheses", name], name, written, names);
    return law === undefined ? [] : [law];
  });
}

function compileLaw(
  faults: FaultCollector,
  path: Path,
  name: string,
  written: WrittenHypothesis,
  { scope, constants, units }: LawNames,
): Law | undefined {
  const unit = units.get(written.predicts);
  if (name === SURROGATE)
    faults.add(
      "campaign.name-twice",
      path,
      `"${SURROGATE}" is the hypothesis that stands for none of the laws, and is always there`,
      "choose another name",
    );
  if (unit === undefined) {
    noMeasurement(faults, [...path, "predicts"], written.predicts, units);
    return undefined;
  }
  const parameters: LawParameter[] = [];
  const lost = new Set<string>();
  const inner = new Map<string, ExpressionType>(scope);
  for (const [parameter, text] of Object.entries(written.priors)) {
    const read = readPrior(faults, [...path, "priors", parameter], text);
    if (read === undefined) {
      lost.add(parameter);
      continue;
    }
    if (scope.has(parameter)) {
      faults.add(
        "campaign.bad-prior",
        [...path, "priors", parameter],
        `"${parameter}" is a parameter or constant of the campaign already`,
        "choose another name",
      );
    }
    parameters.push({ name: parameter, unit: read.unit.symbol, prior: read.prior });
    inner.set(parameter, unitType(read.unit));
  }
  const complete = checkPriors(faults, path, name, written, { known: inner, scope, lost });
  const expression = complete
    ? readExpression(faults, [...path, "expression"], written.expression, inner, {
        kind: "dimension",
        dimension: unit.dimension,
        unit,
      })
    : undefined;
  const noise =
    written.noise === undefined ? undefined : readIn(faults, [...path, "noise"], written.noise, unit, true);
  const weight =
    written.weight === undefined ? 1 : readSi(faults, [...path, "weight"], written.weight, DIMENSIONLESS);
  if (weight !== undefined && !(weight > 0))
    faults.add(
      "campaign.bad-prior",
      [...path, "weight"],
      "a weight has to be above 0",
      "write a share such as 50 %, or take the hypothesis out",
    );
  if (expression === undefined || weight === undefined) return undefined;
  return {
    kind: "law",
    name,
    predicts: written.predicts,
    expression: withConstants(expression.expression, constants),
    parameters,
    weight,
    ...(noise === undefined ? {} : { noise: { value: noise } }),
  };
}

/** The name of the hypothesis that is always there. */
const SURROGATE = "surrogate";

/** Whether every name of a law's expression is known; a name without a prior is a fault, a prior without a use a warning. */
function checkPriors(
  faults: FaultCollector,
  path: Path,
  law: string,
  written: WrittenHypothesis,
  names: { readonly known: Scope; readonly scope: Scope; readonly lost: ReadonlySet<string> },
): boolean {
  if (typeof written.expression === "number") return true;
  const parsed = parseExpression(written.expression);
  if (parsed.kind === "problem") return true;
  const used = namesOf(parsed.expression);
  const without = used.filter(({ name }) => !names.known.has(name) && !names.lost.has(name));
  for (const { name, at } of without) {
    if (faults.isGivenUp(name)) continue;
    const near = nearestName(name, names.known.keys());
    faults.add(
      "campaign.no-prior",
      [...path, "expression"],
      `"${name}" has no prior, and is no parameter or constant of the campaign`,
      `add \`${name}: lognormal(median, sigma)\` or another prior under priors${near === undefined ? "" : `; or did you mean "${near}"?`}`,
      at,
    );
  }
  for (const parameter of Object.keys(written.priors)) {
    if (used.some(({ name }) => name === parameter) || without.length > 0) continue;
    faults.warn(
      "campaign.unused",
      [...path, "priors", parameter],
      `"${parameter}" has a prior, but the expression of "${law}" doesn't use it`,
      "take it out, or use it: no measurement could tell anything about it",
    );
  }
  return without.length === 0 && names.lost.size === 0;
}
