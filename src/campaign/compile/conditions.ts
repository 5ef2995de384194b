import { unitOf } from "../../base/unit.ts";
import { isMakeable } from "../../experiment/space/makeable.ts";
import { conditionCircle } from "../../experiment/space/settle.ts";
import type { Parameter } from "../../hypothesis/parameter.ts";
import type { Path } from "../file/source-file.ts";
import type { WrittenCampaign, WrittenChoosing } from "../schema/campaign-schema.ts";
import { type Constants, withConstants } from "./constants.ts";
import type { FaultCollector } from "./faults.ts";
import { readExpression, readIn, type Scope } from "./values.ts";

/** What conditions may refer to. */
export interface ConditionNames {
  readonly scope: Scope;
  readonly constants: Constants;
}

type Varied = Exclude<Parameter, { kind: "constant" }>;

/** The parameters with what the file says about when and by whom they are set. */
export function compileConditions(
  faults: FaultCollector,
  file: Pick<WrittenCampaign, "parameters">,
  parameters: readonly Parameter[],
  names: ConditionNames,
): Parameter[] {
  const compiled = parameters.map((parameter): Parameter => {
    const written = file.parameters[parameter.name] as WrittenChoosing | undefined;
    if (parameter.kind === "constant" || written === undefined) return parameter;
    return withCondition(faults, parameter, written, names);
  });
  const circle = conditionCircle(compiled);
  if (circle === undefined) return compiled;
  const quoted = circle.map((name) => `"${name}"`);
  faults.add(
    "campaign.bad-condition",
    ["parameters", circle[0] as string, "when"],
    circle.length === 1
      ? `the condition of ${quoted[0]} depends on ${quoted[0]} itself`
      : `the conditions of ${quoted.join(" and ")} depend on each other`,
    "let one of them depend on other parameters only",
  );
  return [...parameters];
}

function withCondition(
  faults: FaultCollector,
  parameter: Varied,
  written: WrittenChoosing,
  { scope, constants }: ConditionNames,
): Parameter {
  const path: Path = ["parameters", parameter.name];
  const bad = (key: string, message: string, advice: string): Parameter => {
    faults.add("campaign.bad-condition", [...path, key], message, advice);
    return parameter;
  };
  if (written.context === true)
    return written.when === undefined && written.otherwise === undefined
      ? { ...parameter, context: true }
      : bad(
          written.when === undefined ? "otherwise" : "when",
          `"${parameter.name}" is context: it is observed, so no condition can put it to rest`,
          "take `when` and `otherwise` out, or `context`",
        );
  if (written.when === undefined)
    return written.otherwise === undefined
      ? parameter
      : bad(
          "otherwise",
          `"${parameter.name}" has no condition that may not hold`,
          "add `when`, or take it out",
        );
  const read = readExpression(faults, [...path, "when"], written.when, scope, { kind: "condition" });
  if (read === undefined) return parameter;
  const when = withConstants(read.expression, constants);
  if (written.otherwise === undefined) return { ...parameter, when };
  const otherwise = restingValue(faults, [...path, "otherwise"], parameter, written.otherwise);
  return otherwise === undefined ? parameter : { ...parameter, when, otherwise };
}

function restingValue(
  faults: FaultCollector,
  path: Path,
  parameter: Varied,
  written: string | number,
): number | string | undefined {
  const value =
    parameter.kind === "categorical" ? String(written) : readNumber(faults, path, written, parameter.unit);
  if (value === undefined || isMakeable(parameter, value)) return value;
  faults.add(
    "campaign.bad-condition",
    path,
    `"${parameter.name}" can't rest at ${written}: it isn't one of its values`,
    parameter.kind === "categorical"
      ? `its choices: ${parameter.choices.join(", ")}`
      : "use a value within its limits and on its steps",
  );
  return undefined;
}

/** "0" needs no unit. */
function readNumber(
  faults: FaultCollector,
  path: Path,
  written: string | number,
  symbol: string,
): number | undefined {
  const unit = unitOf(symbol);
  return Number(written) === 0 && unit.offset === 0 ? 0 : readIn(faults, path, written, unit);
}
