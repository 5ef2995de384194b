import { checkFeasible } from "../../experiment/space/check-feasible.ts";
import type { Constraint, Space } from "../../experiment/space/space.ts";
import type { Path } from "../file/source-file.ts";
import type { WrittenCampaign, WrittenChoosing } from "../schema/campaign-schema.ts";
import type { FaultCollector } from "./faults.ts";

/** Whether the space has a setting that is allowed, and a use for every parameter; what stands in the way goes to the faults. */
export function checkSpace(
  faults: FaultCollector,
  file: Pick<WrittenCampaign, "constraints" | "parameters">,
  space: Space,
): boolean {
  const feasible = checkFeasible(space);
  if (feasible.kind === "feasible") return checkConditions(faults, file, space);
  const [first] = feasible.conflicting;
  const at = (file.constraints ?? []).findIndex(
    (written) => (typeof written === "string" ? written : written.expression) === first?.text,
  );
  const mixture = feasible.mixture === undefined ? -1 : space.mixtures.indexOf(feasible.mixture);
  // Without a constraint in the way it is a mixture that can't be made up.
  if (first === undefined && space.mixtures.length > 0)
    faults.add(
      "campaign.infeasible",
      mixture < 0 ? ["mixtures"] : ["mixtures", mixture],
      feasible.message,
      "change the total, or the ranges and steps of its parts",
    );
  else
    faults.add(
      "campaign.infeasible",
      at < 0 ? ["constraints"] : ["constraints", at],
      feasible.message,
      "loosen one of these constraints, or widen the parameters' ranges",
    );
  return false;
}

/** Whether each parameter's condition holds in some setting that is allowed. */
function checkConditions(
  faults: FaultCollector,
  file: Pick<WrittenCampaign, "parameters">,
  space: Space,
): boolean {
  let all = true;
  for (const parameter of space.parameters) {
    if (parameter.kind === "constant" || parameter.when === undefined) continue;
    const { when: text = "" } = file.parameters[parameter.name] as WrittenChoosing;
    const condition: Constraint = { name: text, expression: parameter.when, text };
    const feasible = checkFeasible({ ...space, constraints: [...space.constraints, condition] });
    if (feasible.kind === "feasible") continue;
    all = false;
    const others = feasible.conflicting.filter((each) => each !== condition).map(({ text }) => `"${text}"`);
    const path: Path = ["parameters", parameter.name, "when"];
    faults.add(
      "campaign.infeasible",
      path,
      `"${parameter.name}" is never used: no setting meets its condition "${text}"${others.length === 0 ? "" : ` and ${others.join(" and ")}`}`,
      "correct the condition, or take the parameter out",
    );
  }
  return all;
}
