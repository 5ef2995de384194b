/** The public door of labloop: ask and tell on plain data. */

export type { WrittenStep as Step } from "./campaign/schema/step-schema.ts";
export {
  createStrategy,
  type StrategyDefinition,
  strategyFromJson,
} from "./campaign/strategy/create-strategy.ts";
export type { Result } from "./campaign/strategy/result.ts";
export type { SavedStrategy, Strategy, SuggestOptions } from "./campaign/strategy/strategy.ts";
export type {
  PredictedValue,
  Reasons,
  Suggestion,
  SuggestionMethod,
} from "./experiment/design/task/suggestion.ts";
export type { ExplanationOptions } from "./experiment/explain/explain.ts";
export type {
  Best,
  Dependence,
  Explanation,
  Importance,
  Outlook,
  Trust,
} from "./experiment/explain/explanation.ts";
export type { MeasurementForecast } from "./experiment/explain/predict.ts";
export type { HypothesisBelief, ParameterBelief } from "./hypothesis/belief.ts";
export type { ObservedValue } from "./hypothesis/observation.ts";
export type { Setting } from "./hypothesis/parameter.ts";
export { campaignReport, type ReportOptions } from "./operator/report/campaign-report.ts";
export type { BeliefReport, Movement } from "./update/explain/belief-report.ts";
