import type { Fault } from "../../base/fault.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { type ExperimentDefinition, startingValues } from "../../loop/experiment-machine.ts";
import { type Forecast, forecast } from "../../loop/forecast.ts";
import { type ApprovalRule, actOf, NO_RULES, type SafetyRules, type SettingValues } from "./rules.ts";
import { type Breach, breachesOf, type Circumstances, holdsAfter, openTally, tallied } from "./tally.ts";

/** What is judged: what an experiment is going to do, at which setting and by which instruments. */
export interface JudgedPlan {
  readonly forecast: Forecast;
  readonly values: SettingValues;
  /** Instrument of the lab for each role. */
  readonly roles: Readonly<Record<string, string>>;
}

/** What an experiment is going to do at a setting, to be judged. */
export function judgedPlan(
  definition: ExperimentDefinition,
  setting: Setting,
  roles: JudgedPlan["roles"],
): JudgedPlan {
  return { forecast: forecast(definition, setting), values: startingValues(definition, setting), roles };
}

const NOTHING_READ: Circumstances["properties"] = new Map();

/** An action's own fault: what it would break, and what to do about it. */
export function breachFault({ rule, message }: Breach, what: string): Fault {
  const { why } = rule;
  return {
    code: "adds" in rule ? "experiment.over-envelope" : "experiment.forbidden",
    message: `${what}: ${message}${why === "" ? "" : `: ${why}`}`,
    advice: "add a constraint to the campaign, so that such a setting isn't suggested",
    place: rule.place,
  };
}

/** Why an experiment may not begin: the first action that can't be done, or that would break a rule. */
export function refusalsOf(rules: SafetyRules, plan: JudgedPlan): Fault[] {
  const around = { values: plan.values, properties: NOTHING_READ };
  let tally = openTally(rules);
  for (const planned of plan.forecast.actions) {
    if (!planned.sure) continue;
    const act = actOf(plan.roles, planned.role, planned.action, planned.arguments);
    const breaches = breachesOf(rules, tally, act, around, "beforehand");
    if (breaches.length > 0) {
      const what = `action ${planned.nth} of the experiment, ${planned.role}.${planned.action}`;
      return breaches.map((breach) => breachFault(breach, what));
    }
    tally = tallied(rules, tally, act, true);
  }
  const { impossible } = plan.forecast;
  return impossible === undefined
    ? []
    : [
        {
          code: "experiment.out-of-limits",
          message: `action ${impossible.nth} of the experiment can't be done: ${impossible.what}: ${impossible.message}`,
          advice: "add a constraint to the campaign, so that such a setting isn't suggested",
        },
      ];
}

/** Whether a condition holds at some time of an experiment; what isn't known beforehand may hold. */
export function mayHold(rule: Extract<ApprovalRule, { kind: "when" }>, plan: JudgedPlan): boolean {
  const around = { values: plan.values, properties: NOTHING_READ };
  let tally = openTally(NO_RULES);
  if (holdsAfter(rule.when, tally, around) !== false) return true;
  return plan.forecast.actions.some(({ role, action, arguments: given, sure }) => {
    tally = tallied(NO_RULES, tally, actOf(plan.roles, role, action, given), sure);
    return holdsAfter(rule.when, tally, around) !== false;
  });
}
