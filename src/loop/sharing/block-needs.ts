import type { Plan } from "../plan.ts";
import { instrumentOf, resourceIndex, type Sharing } from "./sharing.ts";

const KNOWN = new WeakMap<Plan, Map<number, readonly number[]>>();

/**
 * The resources that may be needed between an instruction that takes some and the one that gives them back, by index.
 * It is asked for at every step of a campaign, whose plan stays what it is.
 */
export function blockNeeds(plan: Plan, sharing: Sharing, take: number): readonly number[] {
  const ofPlan = KNOWN.get(plan) ?? new Map<number, readonly number[]>();
  KNOWN.set(plan, ofPlan);
  const needs = ofPlan.get(take) ?? workedOut(plan, sharing, take);
  ofPlan.set(take, needs);
  return needs;
}

function workedOut(plan: Plan, sharing: Sharing, take: number): readonly number[] {
  const instruction = plan[take];
  if (instruction?.kind !== "take") throw new RangeError(`instruction ${take} takes nothing`);
  const names = plan.slice(take + 1, instruction.to).flatMap((each) => {
    if (each.kind === "action") return [instrumentOf(sharing, each.step.role)];
    return each.kind === "take" ? each.resources.map(({ name }) => name) : [];
  });
  return [...new Set(names)].map((name) => resourceIndex(sharing, name));
}
