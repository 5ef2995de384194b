import type { QuestionTerms } from "../../loop/question-terms.ts";
import type { Path } from "../file/source-file.ts";
import type { WrittenTerms } from "../schema/question-schema.ts";
import type { FaultCollector } from "./faults.ts";
import { readTime } from "./values.ts";

/** Reads who may answer a question and until when; undefined where the file says nothing of it. */
export function readQuestionTerms(
  faults: FaultCollector,
  path: Path,
  { by, within, otherwise }: WrittenTerms,
): QuestionTerms | undefined {
  if ((within === undefined) !== (otherwise === undefined))
    faults.add(
      "campaign.bad-question",
      path,
      within === undefined
        ? "nobody knows when `otherwise` counts"
        : "nobody knows what counts when the time is over",
      within === undefined ? "write `within`, such as 30 min" : "write `otherwise`",
    );
  const after = within === undefined ? undefined : readTime(faults, [...path, "within"], within);
  if (by === undefined && (after === undefined || otherwise === undefined)) return undefined;
  return {
    ...(by && { by }),
    ...(after !== undefined && otherwise !== undefined && { otherwise: { answer: otherwise, after } }),
  };
}
