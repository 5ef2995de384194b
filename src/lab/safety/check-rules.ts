import type { Fault } from "../../base/fault.ts";
import type { Campaign } from "../../campaign/compile/campaign.ts";
import { settingsToTry } from "../../campaign/compile/reach.ts";
import { judgedPlan, refusalsOf } from "./judge-plan.ts";
import type { SafetyRules } from "./rules.ts";

/** What is wrong with a campaign under rules of safety, and what is worth a second look. */
export interface CheckedRules {
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
}

/**
 * Tries settings spread over the space of a campaign: one whose procedure breaks a rule with each of them can't do
 * anything, one with some of them will have suggestions refused.
 */
export function checkRules(rules: SafetyRules, { definition, roles }: Campaign): CheckedRules {
  if (rules.envelopes.length + rules.forbidden.length === 0) return { faults: [], warnings: [] };
  const { experiment, problem } = definition;
  const settings = problem.candidates ?? settingsToTry(problem.space);
  const refusals = settings.map((setting) => refusalsOf(rules, judgedPlan(experiment, setting, roles)));
  const refused = refusals.filter((each) => each.length > 0);
  const first = refused[0]?.[0];
  if (first === undefined) return { faults: [], warnings: [] };
  if (refused.length === settings.length)
    return {
      faults: [
        {
          ...first,
          message: `no experiment of this campaign would be allowed: with every setting that was tried, ${first.message}`,
          advice: "change the procedure, or the rule where it asks too much",
        },
      ],
      warnings: [],
    };
  return { faults: [], warnings: warningsOf(refused.flat(), settings.length) };
}

/** One for each rule, with the first of its refusals. */
function warningsOf(refusals: readonly Fault[], tried: number): Fault[] {
  const byRule = new Map<string, Fault[]>();
  for (const fault of refusals) {
    const rule = `${fault.code} ${fault.place?.file} ${fault.place?.line}`;
    byRule.set(rule, [...(byRule.get(rule) ?? []), fault]);
  }
  return [...byRule.values()].map((all) => {
    const fault = all[0] as Fault;
    return {
      ...fault,
      code: "campaign.refused-settings",
      message: `${all.length} of ${tried} settings that were tried would be refused; with one of them, ${fault.message}`,
    };
  });
}
