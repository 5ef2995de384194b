import { suggest } from "../../base/suggest.ts";
import type { LoopDefinition } from "../../loop/definition.ts";
import type { DoubtPolicies } from "../../loop/doubt.ts";
import type { Plan } from "../../loop/plan.ts";
import type { QuestionTerms } from "../../loop/question-terms.ts";
import type { FailurePolicies } from "../../loop/step-failure.ts";
import type { OverduePolicy, SuspicionPolicies } from "../../loop/suspicion.ts";
import type { WrittenCampaign } from "../schema/campaign-schema.ts";
import type { FaultCollector } from "./faults.ts";
import { readQuestionTerms } from "./question-terms.ts";

/** Key of the policy of all actions that aren't named. */
const OTHERS = "others";

type File = Pick<WrittenCampaign, "failures" | "suspicion">;

/** What becomes of commands in doubt: one policy for all, or by actions that may not be repeated. */
export function compileDoubts(faults: FaultCollector, { failures }: File, plan: Plan): DoubtPolicies {
  const known = actionsOf(plan, (effect) => effect === "once");
  const lacks = (name: string) => `the procedure has no "${name}" that may not be repeated`;
  return policies(faults, {
    path: ["failures", "in_doubt"],
    written: failures?.in_doubt,
    usual: "stop",
    known,
    lacks,
  });
}

/** What becomes of experiments whose actions failed: one policy for all, or by action. */
export function compileFailures(faults: FaultCollector, { failures }: File, plan: Plan): FailurePolicies {
  const known = actionsOf(plan, () => true);
  const lacks = (name: string) => `the procedure has no "${name}"`;
  return policies(faults, {
    path: ["failures", "on_failure"],
    written: failures?.on_failure,
    usual: "fail",
    known,
    lacks,
  });
}

/** Who says what becomes of failed actions and of those in doubt, and what if nobody does in time. */
export function compileAsked(
  faults: FaultCollector,
  { failures }: File,
): NonNullable<LoopDefinition["asked"]> | undefined {
  if (failures?.asked === undefined) return undefined;
  const { by, within, in_doubt, on_failure } = failures.asked;
  const path = ["failures", "asked"];
  const none = in_doubt === undefined && on_failure === undefined;
  if (none !== (within === undefined))
    faults.add(
      "campaign.bad-question",
      path,
      none ? "nobody knows what counts when the time is over" : "nobody knows when the answers count",
      none ? "write `in_doubt` or `on_failure`" : "write `within`, such as 30 min",
    );
  const terms = (otherwise: string | undefined): QuestionTerms | undefined =>
    readQuestionTerms(faults, path, { by, ...(otherwise !== undefined && { within, otherwise }) });
  const [failure, doubt] = [terms(on_failure), terms(in_doubt)];
  return { ...(failure && { failure }), ...(doubt && { doubt }) };
}

/** What becomes of what is unlike its history: overdue actions by one policy for all or by action, and whole runs. */
export function compileSuspicion(faults: FaultCollector, { suspicion }: File, plan: Plan): SuspicionPolicies {
  const known = actionsOf(plan, () => true);
  const lacks = (name: string) => `the procedure has no "${name}"`;
  const path = ["suspicion", "overdue"];
  const written = suspicion?.overdue;
  return {
    overdue: policies<OverduePolicy>(faults, { path, written, usual: "note", known, lacks }),
    unlike: suspicion?.unlike ?? "note",
  };
}

function actionsOf(plan: Plan, counts: (effect: string) => boolean): string[] {
  const names = plan.flatMap((instruction) =>
    instruction.kind === "action" && counts(instruction.step.effect)
      ? [`${instruction.step.role}.${instruction.step.action}`]
      : [],
  );
  return [...new Set(names)];
}

interface Written<P extends string> {
  /** Where it is written. */
  readonly path: readonly string[];
  readonly written: P | Readonly<Record<string, P>> | undefined;
  readonly usual: P;
  /** Actions that may be named. */
  readonly known: readonly string[];
  lacks(name: string): string;
}

function policies<P extends string>(
  faults: FaultCollector,
  { path, written = {}, usual, known, lacks }: Written<P>,
): { readonly usual: P; readonly byAction: Readonly<Record<string, P>> } {
  if (typeof written === "string") return { usual: written, byAction: {} };
  const byAction: Record<string, P> = {};
  for (const [name, policy] of Object.entries<P>(written)) {
    if (name === OTHERS) continue;
    if (known.includes(name)) byAction[name] = policy;
    else
      faults.add(
        "campaign.bad-failure-policy",
        [...path, name],
        lacks(name),
        suggest(name, [...known, OTHERS], "it has"),
      );
  }
  return { usual: written[OTHERS] ?? usual, byAction };
}
