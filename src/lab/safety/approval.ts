import type { Parameter, Setting } from "../../hypothesis/parameter.ts";
import type { Approval, EventOf, LoopEvent } from "../../loop/event.ts";
import type { QuestionTerms } from "../../loop/question-terms.ts";
import { type JudgedPlan, mayHold } from "./judge-plan.ts";
import type { ApprovalRule } from "./rules.ts";

/** What a campaign has seen so far, as far as rules of approval ask. */
export interface Seen {
  /** Settings of designed experiments that were not reviewed yet, by experiment. */
  readonly designed: ReadonlyMap<number, Setting>;
  /** Settings that were measured, or that a person has approved. */
  readonly accepted: readonly Setting[];
  readonly measured: readonly Setting[];
  readonly experiments: number;
}

/** Before the first event. */
export const NOTHING_SEEN: Seen = { designed: new Map(), accepted: [], measured: [], experiments: 0 };

/** What has been seen after an event; a fold over the journal. */
export function seenAfter(seen: Seen, event: LoopEvent): Seen {
  switch (event.type) {
    case "suggestion.made": {
      const designed = new Map(seen.designed);
      for (const [i, { setting }] of event.suggestions.entries())
        designed.set(seen.experiments + 1 + i, setting);
      return { ...seen, designed, experiments: seen.experiments + event.suggestions.length };
    }
    case "experiment.reviewed":
      return afterReview(seen, event);
    case "measurement.recorded":
      return event.unusable.length > 0
        ? seen
        : {
            ...seen,
            measured: [...seen.measured, event.setting],
            accepted: [...seen.accepted, event.setting],
          };
    default:
      return seen;
  }
}

function afterReview(seen: Seen, { experiment, approvals = [] }: EventOf<"experiment.reviewed">): Seen {
  const setting = seen.designed.get(experiment);
  const designed = new Map([...seen.designed].filter(([number]) => number !== experiment));
  const isApproved = approvals.length > 0 && approvals.every(({ answer }) => answer !== "refuse");
  return setting === undefined || !isApproved
    ? { ...seen, designed }
    : { ...seen, designed, accepted: [...seen.accepted, setting] };
}

/** An experiment that rules of approval are asked about. */
export interface Asked {
  readonly setting: Setting;
  readonly parameters: readonly Parameter[];
  readonly plan: JudgedPlan;
}

/** A rule by which an experiment needs a person's approval, and what it is about this one. */
export interface Needed extends Pick<Approval, "rule" | "why" | "what"> {
  readonly terms?: QuestionTerms;
}

/** The rules by which an experiment needs a person's approval. */
export function approvalsNeeded(rules: readonly ApprovalRule[], seen: Seen, asked: Asked): Needed[] {
  return rules.flatMap((rule): Needed[] => {
    const what = reason(rule, seen, asked);
    return what === undefined
      ? []
      : [{ rule: rule.name, why: rule.why, what, ...(rule.terms && { terms: rule.terms }) }];
  });
}

function reason(rule: ApprovalRule, seen: Seen, { setting, parameters, plan }: Asked): string | undefined {
  switch (rule.kind) {
    case "first experiment":
      return seen.accepted.length === 0 ? "it is the first experiment" : undefined;
    case "first choice": {
      const { parameter } = rule;
      return seen.accepted.some((each) => each[parameter] === setting[parameter])
        ? undefined
        : `${parameter} ${setting[parameter]} is used for the first time`;
    }
    case "when":
      return mayHold(rule, plan) ? rule.when.text : undefined;
    case "outside explored":
      return outside(rule.margin, seen.measured, setting, parameters);
  }
}

/** The first parameter outside of what was measured; nothing is outside before there are two different values of it. */
function outside(
  margin: number,
  measured: readonly Setting[],
  setting: Setting,
  parameters: readonly Parameter[],
): string | undefined {
  if (measured.length < 2) return undefined;
  for (const { name, kind } of parameters) {
    const value = setting[name];
    if (kind === "constant" || kind === "categorical" || typeof value !== "number") continue;
    const values = measured.map((each) => each[name]).filter((each) => typeof each === "number");
    const least = Math.min(...values);
    const most = Math.max(...values);
    const room = margin * (most - least);
    if (least < most && (value < least - room || value > most + room))
      return `${name} ${value} is outside of ${least} to ${most}, which was explored`;
  }
  return undefined;
}
