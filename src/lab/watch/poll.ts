import { type Cancel, type Clock, deadline } from "../../base/clock.ts";
import { evaluate } from "../../base/expression/evaluate.ts";
import type { Expression } from "../../base/expression/expression.ts";
import { formatQuantity } from "../../base/quantity.ts";
import { toSi } from "../../base/unit.ts";
import type { Instrument } from "../../instrument/index.ts";
import type { TripReading } from "../../loop/event.ts";
import { readProperty } from "../read-property.ts";
import { type Condition, type History, holds, type Sample, steepest, withSample } from "./judge.ts";
import { propertiesOf, type WatchedConditions, type WatchedProperty } from "./watched.ts";

/** A sample with what the instruments gave. */
interface ReadSample extends Sample {
  readonly readings: readonly TripReading[];
}

/** What is polled, and who is told. */
export interface PollOptions {
  readonly watched: WatchedConditions;
  /** By their names in the lab file. */
  readonly instruments: Readonly<Record<string, Instrument>>;
  readonly clock: Clock;
  /**
   * Called after every judgement.
   *
   * @param condition - the first one that holds, if one does
   * @param isRead - whether there is a reading that says so; without one only staleness is known
   */
  judged(condition: Condition | undefined, isRead: boolean): void;
}

/** Reads what conditions are about, again and again or when asked, and judges them. */
export class Poll {
  readonly #options: PollOptions;
  readonly #properties: readonly WatchedProperty[];
  /** Milliseconds for which samples are kept. */
  readonly #window: number;
  #history: History<ReadSample>;
  #held: readonly boolean[] = [];
  #reading: Promise<void> | undefined;
  #next: Cancel | undefined;
  #stop = new AbortController();

  constructor(options: PollOptions) {
    const { watched, clock } = options;
    this.#options = options;
    this.#properties = propertiesOf(watched);
    this.#window = Math.max(0, ...watched.conditions.map((each) => ("over" in each ? each.over : 0)));
    this.#history = { since: clock.now(), samples: [] };
  }

  /** Reads again and again, unless it does already. */
  start(): void {
    if (this.#next !== undefined) return;
    this.#stop = new AbortController();
    this.#history = { since: this.#options.clock.now(), samples: [] };
    this.#tick();
  }

  stop(): void {
    this.#next?.();
    this.#next = undefined;
    this.#stop.abort(new Error("it is no longer watched"));
  }

  /** Reads unless there is a reading as young as the interval, and judges. */
  async current(): Promise<void> {
    const newest = this.#history.samples.at(-1);
    const now = this.#options.clock.now();
    if (newest === undefined || now - newest.at > this.#options.watched.every) await this.#refresh();
    else this.#judge();
  }

  /** Reads once and judges by that alone; that nothing could be read counts as stale. */
  async once(): Promise<void> {
    this.#history = { since: this.#options.clock.now(), samples: [] };
    await this.#refresh();
    if (this.#history.samples.length > 0) return;
    const stale = this.#options.watched.conditions.find(({ kind }) => kind === "stale");
    if (stale !== undefined) this.#options.judged(stale, false);
  }

  /** The readings that a condition was judged by; of a change both ends. */
  readingsOf(condition: Condition | undefined): readonly TripReading[] {
    const { samples } = this.#history;
    const newest = samples.at(-1);
    if (newest === undefined) return [];
    const from = condition?.kind === "rate" ? steepest(samples, condition.over) : newest;
    return from === undefined || from === newest ? newest.readings : [...from.readings, ...newest.readings];
  }

  #tick(): void {
    const { clock, watched } = this.#options;
    this.#next = clock.at(clock.now() + watched.every, () => this.#tick());
    void this.#refresh();
    // Also when nothing answers: a reading gets stale by itself.
    this.#judge();
  }

  #refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #read(): Promise<void> {
    const { clock, instruments, watched } = this.#options;
    const { signal: stopped } = this.#stop;
    const limit = deadline(clock, watched.stale, () => new Error("it took too long"), stopped);
    const values = await Promise.all(
      this.#properties.map(({ instrument, property }) =>
        readProperty(instruments[instrument], property, limit.signal),
      ),
    );
    limit.cancel();
    const sample = stopped.aborted ? undefined : this.#sample(values);
    if (sample === undefined) return;
    this.#history = withSample(this.#history, sample, this.#window);
    this.#judge();
  }

  /** What was read, or undefined when something gives no number. */
  #sample(values: readonly (number | undefined)[]): ReadSample | undefined {
    const at = Math.floor(this.#options.clock.now());
    const readings = this.#properties.flatMap(({ name, unit }, i) => {
      const value = values[i];
      return value === undefined ? [] : [{ name, value, unit: unit.symbol, at }];
    });
    if (readings.length < values.length) return undefined;
    const si = new Map(this.#properties.map(({ name, unit }, i) => [name, toSi(values[i] as number, unit)]));
    const { watch, against } = this.#options.watched;
    const value = valueIn(watch.expression, si);
    const other = against && valueIn(against.expression, si);
    if (value === undefined || (against !== undefined && other === undefined)) return undefined;
    return { at, value, ...(other !== undefined && { against: other }), readings };
  }

  #judge(): void {
    const { conditions } = this.#options.watched;
    const now = this.#options.clock.now();
    this.#held = conditions.map((each, i) => holds(each, this.#history, now, this.#held[i] ?? false));
    const isRead = this.#history.samples.length > 0;
    // What held before it was left alone is judged anew by the first reading.
    const condition = conditions.find(({ kind }, i) => this.#held[i] && (isRead || kind === "stale"));
    this.#options.judged(condition, isRead);
  }
}

/** What holds, in one line: "bath.temperature above 90 degC (bath.temperature 91.2 degC)". */
export function tellCondition(
  { watch }: WatchedConditions,
  { text }: Condition,
  readings: readonly TripReading[],
): string {
  const told = readings.map((each) => `${each.name} ${formatQuantity(each)}`).join(", ");
  return `${watch.text} ${text}${told === "" ? "" : ` (${told})`}`;
}

function valueIn(expression: Expression, si: ReadonlyMap<string, number>): number | undefined {
  try {
    const value = evaluate(expression, (name) => si.get(name));
    return Number.isFinite(value) ? value : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
