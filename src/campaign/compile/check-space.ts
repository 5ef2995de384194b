import { checkFeasible } from "../../experiment/space/check-feasible.ts";
import type { Space } from "../../experiment/space/space.ts";
import type { WrittenCampaign } from "../schema/campaign-schema.ts";
import type { FaultCollector } from "./faults.ts";

/** Whether the space has a setting that is allowed; what stands in the way goes to the faults. */
export function checkSpace(
  faults: FaultCollector,
  file: Pick<WrittenCampaign, "constraints">,
  space: Space,
): boolean {
  const feasible = checkFeasible(space);
  if (feasible.kind === "feasible") return true;
  const [first] = feasible.conflicting;
  const at = (file.constraints ?? []).findIndex(
    (written) => (typeof written === "string" ? written : written.expression) === first?.text,
  );
  // Without a constraint in the way it is the mixture that can't be made up.
  if (first === undefined && space.mixtures.length > 0)
    faults.add(
      "campaign.infeasible",
      ["mixtures"],
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
