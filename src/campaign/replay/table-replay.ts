import { type RowSuggestion, suggestFromTable } from "../../experiment/design/suggest-from-table.ts";
import type { Belief } from "../../hypothesis/belief.ts";
import type { Observation } from "../../hypothesis/observation.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { initialBelief, updateBelief } from "../../update/bayes/update-belief.ts";
import type { ExperimentTable } from "./experiment-table.ts";

/** A campaign over past experiments: every row may be asked for once and answers with its recorded outcome. */
export class TableReplay {
  readonly #table: ExperimentTable;
  readonly #asked: number[] = [];
  readonly #under: Map<number, Setting> = new Map();
  #belief: Belief;
  #decisions = 0;

  constructor(table: ExperimentTable) {
    this.#table = table;
    this.#belief = initialBelief(table.problem);
  }

  /**
   * The rows to try next.
   *
   * @returns fewer than `count` when the table has no more
   */
  suggest(count: number): RowSuggestion[] {
    const { problem, settings } = this.#table;
    const suggestions = suggestFromTable({
      problem,
      data: this.#belief.observations,
      belief: this.#belief,
      pending: [...this.#under.values()],
      count,
      decision: this.#decisions,
      rows: settings,
      asked: this.#asked,
    });
    this.#decisions += count;
    for (const { row } of suggestions) this.begin(row);
    return suggestions;
  }

  /** Asks for a row that was not suggested. */
  begin(row: number): void {
    this.#asked.push(row);
    this.#under.set(row, this.#table.settings[row] as Setting);
  }

  /** What the experiment of a row gave; the belief learns it. */
  answer(row: number): Observation {
    const outcome = this.#table.outcomes[row];
    const setting = this.#under.get(row);
    if (outcome === undefined || setting === undefined) throw new RangeError(`row ${row} is not under way`);
    const observation = { experiment: this.#belief.observations.length + 1, setting, outcome };
    this.#belief = updateBelief(this.#table.problem, this.#belief, observation).belief;
    this.#under.delete(row);
    return observation;
  }
}
