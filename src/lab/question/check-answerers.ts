import type { Fault, Place } from "../../base/fault.ts";
import { suggest } from "../../base/suggest.ts";
import type { LoopDefinition } from "../../loop/definition.ts";
import type { QuestionTerms } from "../../loop/question-terms.ts";
import type { ApprovalRule } from "../safety/rules.ts";

/** Where questions are written in a campaign file. */
export interface QuestionPlaces {
  readonly procedure: Place;
  readonly failures: Place;
}

/** Names that may answer questions and that the lab doesn't know, so that nobody could. */
export function checkAnswerers(
  known: readonly string[],
  { experiment, asked }: Pick<LoopDefinition, "experiment" | "asked">,
  rules: readonly ApprovalRule[],
  { procedure, failures }: QuestionPlaces,
): readonly Fault[] {
  const unknown = (terms: QuestionTerms | undefined, place: Place): Fault[] =>
    (terms?.by ?? [])
      .filter((name) => !known.includes(name))
      .map((name) => ({
        code: "campaign.bad-question",
        message: `"${name}" may answer, but the lab's \`people\` has no such person or role`,
        advice: suggest(name, known, "it has"),
        place,
      }));
  return [
    ...experiment.plan.flatMap((each) => (each.kind === "note" ? unknown(each.terms, procedure) : [])),
    ...unknown(asked?.failure ?? asked?.doubt, failures),
    ...rules.flatMap((rule) => unknown(rule.terms, rule.place)),
  ];
}
