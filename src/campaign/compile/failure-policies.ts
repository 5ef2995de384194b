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
  const path = ["failures", "in_doubt"];
  return policies(faults, plan, { path, written: failures?.in_doubt, usual: "stop", once: true });
}

/** What becomes of experiments whose actions failed: one policy for all, or by action. */
export function compileFailures(faults: FaultCollector, { failures }: File, plan: Plan): FailurePolicies {
  const path = ["failures", "on_failure"];
  return policies(faults, plan, { path, written: failures?.on_failure, usual: "fail" });
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
  const path = ["suspicion", "overdue"];
  const written = suspicion?.overdue;
  return {
    overdue: policies<OverduePolicy>(faults, plan, { path, written, usual: "note" }),
    unlike: suspicion?.unlike ?? "note",
  };
}

function actionsOf(plan: Plan, once: boolean): string[] {
  const names = plan.flatMap((instruction) =>
    instruction.kind === "action" && (!once || instruction.step.effect === "once")
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
  /** Whether only actions may be named that may not be repeated. */
  readonly once?: boolean;
}

function policies<P extends string>(
  faults: FaultCollector,
  plan: Plan,
  { path, written = {}, usual, once = false }: Written<P>,
): { readonly usual: P; readonly byAction: Readonly<Record<string, P>> } {
  if (typeof written === "string") return { usual: written, byAction: {} };
  const known = actionsOf(plan, once);
  const byAction: Record<string, P> = {};
  for (const [name, policy] of Object.entries<P>(written)) {
    if (name === OTHERS) continue;
    if (known.includes(name)) byAction[name] = policy;
    else
      faults.add(
        "campaign.bad-failure-policy",
        [...path, name],
        `the procedure has no "${name}"${once ? " that may not be repeated" : ""}`,
        suggest(name, [...known, OTHERS], "it has"),
      );
  }
  return { usual: written[OTHERS] ?? usual, byAction };
}
