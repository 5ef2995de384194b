import type { Plan } from "../plan.ts";
import type { Sharing } from "./sharing.ts";

/** Names of the resources that may be needed between an instruction that takes some and the one that gives them back. */
export function blockNeeds(
  plan: Plan,
  { instruments }: Pick<Sharing, "instruments">,
  take: number,
): readonly string[] {
  const instruction = plan[take];
  if (instruction?.kind !== "take") throw new RangeError(`instruction ${take} takes nothing`);
  const needs = plan.slice(take + 1, instruction.to).flatMap((each) => {
    if (each.kind === "action") return [instruments[each.step.role] ?? each.step.role];
    return each.kind === "take" ? each.resources.map(({ name }) => name) : [];
  });
  return [...new Set(needs)];
}
