import { decide } from "../../experiment/design/decide.ts";
import type { Problem } from "../../experiment/design/problem.ts";
import type { Suggestion } from "../../experiment/design/suggestion.ts";
import { settingKey } from "../../experiment/space/setting-key.ts";
import type { Belief, HypothesisBelief } from "../../hypothesis/belief.ts";
import type { Observation } from "../../hypothesis/observation.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { initialBelief, updateBelief } from "../../update/bayes/update-belief.ts";
import type { BeliefReport } from "../../update/explain/belief-report.ts";
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
   * @returns fewer than `count` when the space has no more
   */
  suggest(count = 1): Suggestion[] {
    if (!Number.isSafeInteger(count) || count < 1)
      throw new RangeError(`${count} suggestions can't be made: ask for 1 or more`);
    const suggestions = decide({
      problem: this.#problem,
      data: this.#belief.observations,
      belief: this.#belief,
      pending: this.#pending,
      count,
      decision: this.#decisions,
    });
    this.#decisions += count;
    this.#pending = [...this.#pending, ...suggestions.map(({ setting }) => setting)];
    return suggestions;
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
