import { parseQuantity } from "../../base/quantity.ts";
import { sameDimension, toSi } from "../../base/unit.ts";
import type { RefillRow, Store } from "../../record/store.ts";
import { actOf } from "../safety/rules.ts";
import { filesOfLab, rolesIn } from "../stored-files.ts";
import { type Supply, usedBy } from "./supply.ts";

/** What of a store is asked to count stock. */
export type StockRecord = Pick<Store, "campaigns" | "entries" | "block" | "refills" | "actionsAfter">;

/** What is there of a supply, and what it was used by since somebody last said so. */
export interface StockLevel {
  readonly supply: Supply;
  /** What is left of a stock, or what a waste container is filled with, in coherent SI units. */
  readonly level: number;
  /** The last refill, if there was one; what the lab file declares counts otherwise. */
  readonly since?: RefillRow;
  /** By campaign, in coherent SI units. */
  readonly uses: readonly { readonly campaign: string; readonly amount: number }[];
}

/** What can still be used of a supply, in coherent SI units. */
export function roomIn({ supply, level }: StockLevel): number {
  return supply.kind === "stock" ? level - supply.reserve : supply.holds - level;
}

/**
 * Counts what campaigns on real instruments have used of a lab's supplies, from their journals.
 *
 * @param lab - its name; campaigns of labs by other names don't count
 */
export async function countStock(
  store: StockRecord,
  lab: string,
  supplies: readonly Supply[],
): Promise<StockLevel[]> {
  const refills = await store.refills(lab);
  const since = supplies.map(({ name }) => refills.findLast(({ item }) => item === name));
  const earliest = since.map((each) => each?.time ?? "").sort()[0] ?? "";
  const uses = supplies.map(() => [] as { campaign: string; amount: number }[]);
  for (const row of await store.campaigns()) {
    const files = row.simulated ? undefined : await filesOfLab(store, row, lab);
    if (files === undefined) continue;
    const roles = rolesIn(files);
    const amounts = supplies.map(() => 0);
    for (const { time, event } of await store.actionsAfter(row.key, earliest)) {
      if (event.type === "action.failed" && event.effect === "none") continue;
      const used = usedBy(supplies, actOf(roles, event.instrument, event.action, event.arguments));
      for (const [i, amount] of used.entries())
        if (time > (since[i]?.time ?? "")) amounts[i] = (amounts[i] ?? 0) + amount;
    }
    for (const [i, amount] of amounts.entries()) if (amount > 0) uses[i]?.push({ campaign: row.key, amount });
  }
  return supplies.map((supply, i) => {
    const used = (uses[i] ?? []).reduce((total, { amount }) => total + amount, 0);
    const began = beginningOf(supply, since[i]);
    const level = supply.kind === "stock" ? began - used : began + used;
    return { supply, level, uses: uses[i] ?? [], ...(since[i] && { since: since[i] }) };
  });
}

function beginningOf({ kind, holds, unit }: Supply, refill: RefillRow | undefined): number {
  const said = refill && parseQuantity(refill.amount);
  // A refill in a unit of another kind was of something that had this name once.
  if (said?.kind === "quantity" && sameDimension(said.unit.dimension, unit.dimension))
    return toSi(said.value, said.unit);
  return kind === "stock" ? holds : 0;
}
