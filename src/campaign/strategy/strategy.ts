import { describeFault } from "../../base/fault.ts";
import { decide } from "../../experiment/design/decide.ts";
import type { DecisionTask } from "../../experiment/design/task/decision-task.ts";
import type { Problem } from "../../experiment/design/task/problem.ts";
import type { Suggestion } from "../../experiment/design/task/suggestion.ts";
import { type ExplanationOptions, explain } from "../../experiment/explain/explain.ts";
import type { Explanation } from "../../experiment/explain/explanation.ts";
import { type MeasurementForecast, predict } from "../../experiment/explain/predict.ts";
import { withContext } from "../../experiment/space/context.ts";
import { settingKey } from "../../experiment/space/setting-key.ts";
import type { Belief, HypothesisBelief } from "../../hypothesis/belief.ts";
import type { Observation } from "../../hypothesis/observation.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { initialBelief, updateBelief } from "../../update/bayes/update-belief.ts";
import type { BeliefReport } from "../../update/explain/belief-report.ts";
import { readContext } from "./context-values.ts";
import { checkResult, type Result } from "./result.ts";

/** All that a strategy knows, as plain data. */
export interface SavedStrategy {
  readonly labloop: 1;
  readonly problem: Problem;
  readonly belief: Belief;
  readonly pending: readonly Setting[];
  /** Suggestions made so far; keys the random numbers of the next one. */
  readonly decisions: number;
}

/** What is known before suggestions are made. */
export interface SuggestOptions {
  /**
   * The value of each parameter with `context: true`, as a number in its unit or a text with a unit; suggested settings
   * contain it.
   */
  readonly context?: Setting;
}

/** Ask and tell: suggests settings, learns from results. The same calls give the same suggestions on every machine. */
export class Strategy {
  readonly #problem: Problem;
  #belief: Belief;
  #pending: readonly Setting[];
  #decisions: number;

  constructor({ problem, belief, pending, decisions }: Omit<SavedStrategy, "labloop">) {
    this.#problem = problem;
    this.#belief = belief;
    this.#pending = pending;
    this.#decisions = decisions;
  }

  /** Hypotheses with their weights and parameters, after all that was observed. */
  get hypotheses(): readonly HypothesisBelief[] {
    return this.#belief.hypotheses;
  }

  /** Settings that were suggested, or announced with `expect`, and not observed yet. */
  get pending(): readonly Setting[] {
    return this.#pending;
  }

  /**
   * Settings to try next, each in its parameters' units, with the reasons in numbers. They count as under way
   * until they are observed.
   *
   * @param count - how many, at least 1
   * @returns fewer than `count` when the space or the list of candidates has no more
   * @throws TypeError when a context parameter has no value, or one that it can't have
   */
  suggest(count = 1, options: SuggestOptions = {}): Suggestion[] {
    if (!Number.isSafeInteger(count) || count < 1)
      throw new RangeError(`${count} suggestions can't be made: ask for 1 or more`);
    const suggestions = decide({
      ...this.#known(),
      problem: this.#problemUnder(options.context ?? {}),
      pending: this.#pending,
      count,
    });
    this.#decisions += count;
    this.#pending = [...this.#pending, ...suggestions.map(({ setting }) => setting)];
    return suggestions;
  }

  /** What a decision, an explanation or a forecast is made from. */
  #known(): Omit<DecisionTask, "pending" | "count"> {
    return {
      problem: this.#problem,
      data: this.#belief.observations,
      belief: this.#belief,
      decision: this.#decisions,
    };
  }

  /** The problem with the present context; the list of candidates stays the same object, so that it is encoded once. */
  #problemUnder(given: Setting): Problem {
    const reading = readContext(this.#problem.space, given);
    if (reading.kind === "faults") throw new TypeError(reading.faults.map(describeFault).join("\n"));
    if (Object.keys(reading.context).length === 0) return this.#problem;
    return { ...this.#problem, space: withContext(this.#problem.space, reading.context) };
  }

  /** Announces an experiment that is under way without having been suggested. */
  expect(setting: Setting): void {
    this.#pending = [...this.#pending, setting];
  }

  /**
   * Learns from an experiment that was suggested or not.
   *
   * @returns why the belief moved
   * @throws TypeError when a parameter or a measurement has no value, or one of the wrong kind
   */
  observe(result: Result): BeliefReport {
    const observation: Observation = {
      ...checkResult(this.#problem, result),
      experiment: this.#belief.observations.length + 1,
    };
    const { belief, report } = updateBelief(this.#problem, this.#belief, observation);
    this.#belief = belief;
    const key = settingKey(observation.setting);
    const at = this.#pending.findIndex((each) => settingKey(each) === key);
    this.#pending = this.#pending.filter((_, k) => k !== at);
    return report;
  }

  /**
   * How far the surrogate can be trusted, which parameters matter, and what there is left to gain; one entry for each
   * objective.
   */
  explain(options: ExplanationOptions = {}): Explanation[] {
    return explain({ ...this.#known(), options });
  }

  /**
   * What measurements at settings are expected to give by the surrogate, with 90 % intervals, noise included; a list for
   * each setting, by measurement.
   */
  predict(settings: readonly Setting[]): Readonly<Record<string, MeasurementForecast>>[] {
    return predict(this.#known(), settings);
  }

  /** All that the strategy knows, for `JSON.stringify`. */
  toJSON(): SavedStrategy {
    return {
      labloop: 1,
      problem: this.#problem,
      belief: this.#belief,
      pending: this.#pending,
      decisions: this.#decisions,
    };
  }
}

/** A strategy that knows nothing yet. */
export function strategyFor(problem: Problem): Strategy {
  return new Strategy({ problem, belief: initialBelief(problem), pending: [], decisions: 0 });
}
