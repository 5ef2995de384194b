/** The public door of labloop: ask and tell on plain data. */

export {
  createStrategy,
  type StrategyDefinition,
  strategyFromJson,
} from "./campaign/strategy/create-strategy.ts";
export type { Result } from "./campaign/strategy/result.ts";
export type { SavedStrategy, Strategy } from "./campaign/strategy/strategy.ts";
export type { Reasons, Suggestion } from "./experiment/design/suggestion.ts";
export type { HypothesisBelief } from "./hypothesis/belief.ts";
export type { Setting } from "./hypothesis/parameter.ts";
export type { BeliefReport, Movement } from "./update/explain/belief-report.ts";
