import { namesIn } from "../../base/expression/expression.ts";
import { randomStream } from "../../base/random.ts";
import { nearestRow } from "../../hypothesis/nearest-row.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { meetsConstraints } from "../space/feasibility.ts";
import { sampleFeasible } from "../space/sample-feasible.ts";
import type { Space } from "../space/space.ts";
import { nothingLearned } from "./model/choice-task.ts";
import { propose, type Source } from "./propose.ts";
import { bestOf } from "./search/best-of.ts";
import { type ListedSettings, listedSettings } from "./search/listed-settings.ts";
import type { DecisionTask } from "./task/decision-task.ts";
import type { Suggestion } from "./task/suggestion.ts";

/** A decision among listed settings, each of which may be tried once. */
export interface TableTask extends DecisionTask {
  /** All settings of the list, also those that have been tried; context may be left out of them. */
  readonly rows: readonly Setting[];
  /** Indices of rows that have been tried or are under way. */
  readonly asked: readonly number[];
}

/** A suggestion with the row that it means, from 0. */
export interface RowSuggestion extends Suggestion {
  readonly row: number;
}

/**
 * Decides which rows of a list to try next.
 *
 * @returns `count` different rows that haven't been asked; fewer when the list has no more
 */
export function suggestFromTable(task: TableTask): RowSuggestion[] {
  const { space } = task.problem;
  const list = listedSettings(task.rows, space);
  const asked = new Set(task.asked);
  const suggestions: RowSuggestion[] = [];
  const learned = nothingLearned();
  const allowed = allowedNow(space, list, task.rows.length);
  for (let k = 0; k < task.count; k++) {
    const pending = [...task.pending, ...suggestions.map(({ setting }) => setting)];
    const left = allowed.filter((row) => !asked.has(row));
    if (left.length === 0) break;
    const source = new RowSource(task, list, left);
    const suggestion = propose({ ...task, learned, pending, decision: task.decision + k }, source);
    if (suggestion === undefined) break;
    asked.add(source.chosen);
    suggestions.push({ ...suggestion, row: source.chosen });
  }
  return suggestions;
}

/** Rows were checked when they were read, but for constraints that depend on the context. */
function allowedNow(space: Space, list: ListedSettings, count: number): number[] {
  const rows = Array.from({ length: count }, (_, row) => row);
  const constraints = space.constraints.filter(({ expression }) =>
    namesIn(expression).some((name) => space.pinned?.[name] !== undefined),
  );
  if (constraints.length === 0) return rows;
  const now: Space = { ...space, constraints };
  return rows.filter((row) => meetsConstraints(now, list.settingOf(row)));
}

/** Remembers which row it gave last, since two rows may hold the same setting. */
class RowSource implements Source {
  chosen = -1;
  readonly #task: TableTask;
  readonly #list: ListedSettings;
  readonly #left: readonly number[];

  constructor(task: TableTask, list: ListedSettings, left: readonly number[]) {
    this.#task = task;
    this.#list = list;
    this.#left = left;
  }

  start(index: number): Setting | undefined {
    const { space, seed } = this.#task.problem;
    const random = randomStream(seed, 0, "space-filling start");
    const wanted = sampleFeasible(space, index + 1, random)[index];
    return wanted === undefined ? this.any(random) : this.#row(this.#nearestTo(wanted));
  }

  any: Source["any"] = (random) => this.#row(this.#left[random.integer(this.#left.length)]);

  best: Source["best"] = (acquisition) => {
    const { dimension } = this.#list.map;
    const points = { count: this.#left.length, dimension, features: this.#featuresOfLeft() };
    const ranked = bestOf(acquisition, points, (k) => this.#setting(k), 2);
    const candidates = ranked.map(({ row, value }) => ({ setting: this.#setting(row), value }));
    this.chosen = ranked[0] === undefined ? -1 : (this.#left[ranked[0].row] as number);
    return candidates;
  };

  #setting(k: number): Setting {
    return this.#list.settingOf(this.#left[k] as number);
  }

  #featuresOfLeft(): Float64Array {
    const { features, map } = this.#list;
    const { dimension } = map;
    if (this.#left.length * dimension === features.length) return features;
    const left = new Float64Array(this.#left.length * dimension);
    // Most rows are left, so that they are copied in long runs.
    for (let from = 0; from < this.#left.length; ) {
      const row = this.#left[from] as number;
      let to = from + 1;
      while (this.#left[to] === row + to - from) to += 1;
      left.set(features.subarray(row * dimension, (row + to - from) * dimension), from * dimension);
      from = to;
    }
    return left;
  }

  #row(row: number | undefined): Setting | undefined {
    if (row === undefined) return undefined;
    this.chosen = row;
    return this.#list.settingOf(row);
  }

  #nearestTo(wanted: Setting): number | undefined {
    const { features, map } = this.#list;
    const target = new Float64Array(map.dimension);
    map.encode(wanted, target, 0);
    return nearestRow(features, this.#left, target)?.row;
  }
}
