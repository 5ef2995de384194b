import { randomStream } from "../../base/random.ts";
import { type FeatureMap, featureMap } from "../../hypothesis/features.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { sampleFeasible } from "../space/sample-feasible.ts";
import { bestOf } from "./best-of.ts";
import type { DecisionTask } from "./decide.ts";
import { propose, type Source } from "./propose.ts";
import type { Suggestion } from "./suggestion.ts";

/** A decision among listed settings, each of which may be tried once. */
export interface TableTask extends DecisionTask {
  /** All settings of the list, also those that have been tried. */
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
  const asked = new Set(task.asked);
  const suggestions: RowSuggestion[] = [];
  const shared = { fits: new Map(), learned: {} };
  for (let k = 0; k < task.count; k++) {
    const pending = [...task.pending, ...suggestions.map(({ setting }) => setting)];
    const left = task.rows.map((_, row) => row).filter((row) => !asked.has(row));
    const source = new RowSource(task, left);
    const suggestion = propose({ ...task, ...shared, pending, decision: task.decision + k }, source);
    if (suggestion === undefined) break;
    asked.add(source.chosen);
    suggestions.push({ ...suggestion, row: source.chosen });
  }
  return suggestions;
}

/** Remembers which row it gave last, since two rows may hold the same setting. */
class RowSource implements Source {
  chosen = -1;
  readonly #task: TableTask;
  readonly #left: readonly number[];
  readonly #map: FeatureMap;

  constructor(task: TableTask, left: readonly number[]) {
    this.#task = task;
    this.#left = left;
    this.#map = featureMap(task.problem.space.parameters);
  }

  start(index: number): Setting | undefined {
    const { space, seed } = this.#task.problem;
    const random = randomStream(seed, 0, "space-filling start");
    const wanted = sampleFeasible(space, index + 1, random)[index];
    return wanted === undefined ? this.any(random) : this.#row(this.#nearestTo(wanted));
  }

  any: Source["any"] = (random) => this.#row(this.#left[random.integer(this.#left.length)]);

  best: Source["best"] = (acquisition) => {
    const { dimension } = this.#map;
    const points = { count: this.#left.length, dimension, features: this.#featuresOfLeft() };
    const ranked = bestOf(acquisition, points, (k) => this.#setting(k), 2);
    const candidates = ranked.map(({ row, value }) => ({ setting: this.#setting(row), value }));
    this.chosen = ranked[0] === undefined ? -1 : (this.#left[ranked[0].row] as number);
    return candidates;
  };

  #setting(k: number): Setting {
    return this.#task.rows[this.#left[k] as number] as Setting;
  }

  #featuresOfLeft(): Float64Array {
    const { dimension } = this.#map;
    const features = new Float64Array(this.#left.length * dimension);
    for (const [k] of this.#left.entries()) this.#map.encode(this.#setting(k), features, k * dimension);
    return features;
  }

  #row(row: number | undefined): Setting | undefined {
    if (row === undefined) return undefined;
    this.chosen = row;
    return this.#task.rows[row];
  }

  #nearestTo(wanted: Setting): number | undefined {
    const target = new Float64Array(this.#map.dimension);
    const features = new Float64Array(this.#map.dimension);
    this.#map.encode(wanted, target, 0);
    let nearest: { row: number; distance: number } | undefined;
    for (const row of this.#left) {
      this.#map.encode(this.#task.rows[row] as Setting, features, 0);
      const distance = features.reduce(
        (sum, x, k) => sum + (x - (target[k] as number)) * (x - (target[k] as number)),
        0,
      );
      if (nearest === undefined || distance < nearest.distance) nearest = { row, distance };
    }
    return nearest?.row;
  }
}
