import { suggest } from "../../base/suggest.ts";
import type { DoubtPolicies, DoubtPolicy } from "../../loop/doubt.ts";
import type { Plan } from "../../loop/plan.ts";
import type { WrittenCampaign } from "../schema/campaign-schema.ts";
import type { FaultCollector } from "./faults.ts";

/** Key of the policy of all actions that aren't named. */
const OTHERS = "others";

/** What becomes of commands in doubt: one policy for all, or by actions that may not be repeated. */
export function compileDoubts(
  faults: FaultCollector,
  { failures }: Pick<WrittenCampaign, "failures">,
  plan: Plan,
): DoubtPolicies {
  const written = failures?.in_doubt ?? "stop";
  if (typeof written === "string") return { usual: written, byAction: {} };
  const known = plan.flatMap((instruction) =>
    instruction.kind === "action" && instruction.step.effect === "once"
      ? [`${instruction.step.role}.${instruction.step.action}`]
      : [],
  );
  const byAction: Record<string, DoubtPolicy> = {};
  for (const [name, policy] of Object.entries(written)) {
    if (name === OTHERS) continue;
    if (known.includes(name)) byAction[name] = policy;
    else
      faults.add(
        "campaign.bad-doubt",
        ["failures", "in_doubt", name],
        `the procedure has no "${name}" that may not be repeated`,
        suggest(name, [...new Set(known), OTHERS], "it has"),
      );
  }
  return { usual: written[OTHERS] ?? "stop", byAction };
}
