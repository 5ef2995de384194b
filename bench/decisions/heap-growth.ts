import { createStrategy, type SavedStrategy, strategyFromJson } from "labloop";
import { hartmann6 } from "./classic-functions.ts";
import { definitionOf } from "./functions.ts";
import { observe, pastPoints, TIMED } from "./suggestion-times.ts";

/** Campaigns one after the other, and suggestions of each after its first results. */
const CAMPAIGNS = { count: 20, suggestions: 50, results: 20 } as const;

/** Suggestions that `heapGrowth` makes. */
export const HEAP_SUGGESTIONS: number = CAMPAIGNS.count * CAMPAIGNS.suggestions;

/**
 * What stays on the heap after 20 campaigns of 50 suggestions, each forgotten at its end; the first campaign is not
 * counted, since it compiles the code.
 *
 * @param collect - a full garbage collection
 * @returns MB
 */
export function heapGrowth(collect: () => void): number {
  const fresh = createStrategy(definitionOf(TIMED, 1));
  for (const point of pastPoints(CAMPAIGNS.results)) observe(fresh, point);
  const saved = JSON.stringify(fresh);
  const heap = (): number => {
    collect();
    return process.memoryUsage().heapUsed / 1e6;
  };
  campaign(saved);
  const before = heap();
  for (let n = 0; n < CAMPAIGNS.count; n++) campaign(saved);
  return heap() - before;
}

function campaign(saved: string): void {
  const strategy = strategyFromJson(JSON.parse(saved) as SavedStrategy);
  for (let n = 0; n < CAMPAIGNS.suggestions; n++) {
    const setting = strategy.suggest()[0]?.setting ?? {};
    const point = TIMED.columns.map(({ name }) => Number(setting[name]));
    strategy.observe({ setting, outcome: { y: hartmann6(point) } });
  }
}
