import { type Cancel, type Clock, deadline } from "../../base/clock.ts";
import { evaluate } from "../../base/expression/evaluate.ts";
import type { Expression } from "../../base/expression/expression.ts";
import { formatQuantity } from "../../base/quantity.ts";
import { toSi } from "../../base/unit.ts";
import type { Instrument } from "../../instrument/index.ts";
import type { EventOf, TripReading } from "../../loop/event.ts";
import { readProperty } from "../read-property.ts";
import { propertiesOf, type ReadingInterlock, type WatchedProperty } from "./interlock.ts";
import { type Condition, type History, holds, type Sample, steepest, withSample } from "./judge.ts";

/** A sample with what the instruments gave. */
interface ReadSample extends Sample {
  readonly readings: readonly TripReading[];
}

/** What a watch is made with. */
export interface WatchOptions {
  readonly interlock: ReadingInterlock;
  /** By their names in the lab file. */
  readonly instruments: Readonly<Record<string, Instrument>>;
  readonly clock: Clock;
  trip(event: EventOf<"interlock.tripped">): void;
}

/** Reads what one interlock is about, and judges it; it trips once until it is acknowledged. */
export class Watch {
  readonly interlock: ReadingInterlock;
  readonly #options: WatchOptions;
  readonly #properties: readonly WatchedProperty[];
  /** Milliseconds for which samples are kept. */
  readonly #window: number;
  #history: History<ReadSample>;
  #held: readonly boolean[] = [];
  #tripped = false;
  #reading: Promise<void> | undefined;
  #next: Cancel | undefined;
  #stop = new AbortController();

  constructor(options: WatchOptions) {
    this.interlock = options.interlock;
    this.#options = options;
    this.#properties = propertiesOf(options.interlock);
    this.#window = Math.max(
      0,
      ...options.interlock.conditions.map((each) => ("over" in each ? each.over : 0)),
    );
    this.#history = { since: options.clock.now(), samples: [] };
  }

  /** Whether it tripped and nobody has acknowledged that. */
  get tripped(): boolean {
    return this.#tripped;
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

  /** A person has seen the trip; it trips again if its condition still holds. */
  acknowledge(): void {
    this.#tripped = false;
  }

  /** Reads unless there is a reading as young as the interval, and judges. */
  async current(): Promise<void> {
    const newest = this.#history.samples.at(-1);
    const now = this.#options.clock.now();
    if (newest === undefined || now - newest.at > this.interlock.every) await this.#refresh();
    else this.#judge();
  }

  /** Reads once and judges by that alone. */
  async once(): Promise<void> {
    this.#history = { since: this.#options.clock.now(), samples: [] };
    await this.#refresh();
    if (this.#history.samples.length > 0) return;
    const stale = this.interlock.conditions.find(({ kind }) => kind === "stale");
    if (stale !== undefined) this.#trip(stale);
  }

  #tick(): void {
    const { clock } = this.#options;
    this.#next = clock.at(clock.now() + this.interlock.every, () => this.#tick());
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
    const { clock, instruments } = this.#options;
    const { signal: stopped } = this.#stop;
    const limit = deadline(clock, this.interlock.stale, () => new Error("it took too long"), stopped);
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
    const { watch, against } = this.interlock;
    const value = valueIn(watch.expression, si);
    const other = against && valueIn(against.expression, si);
    if (value === undefined || (against !== undefined && other === undefined)) return undefined;
    return { at, value, ...(other !== undefined && { against: other }), readings };
  }

  #judge(): void {
    const { conditions } = this.interlock;
    const now = this.#options.clock.now();
    this.#held = conditions.map((each, i) => holds(each, this.#history, now, this.#held[i] ?? false));
    const isRead = this.#history.samples.length > 0;
    // What held before it was left alone is judged anew by the first reading.
    const condition = conditions.find(({ kind }, i) => this.#held[i] && (isRead || kind === "stale"));
    if (condition !== undefined) this.#trip(condition);
  }

  #trip(condition: Condition): void {
    if (this.#tripped) return;
    this.#tripped = true;
    const { name, watch, then, say } = this.interlock;
    const readings = readingsOf(condition, this.#history.samples);
    const told = readings.map((each) => `${each.name} ${formatQuantity(each)}`).join(", ");
    this.#options.trip({
      type: "interlock.tripped",
      interlock: name,
      condition: condition.text,
      readings,
      then,
      fault: {
        code: "lab.interlock-tripped",
        message: `interlock "${name}" tripped: ${watch.text} ${condition.text}${told === "" ? "" : ` (${told})`}`,
        advice: `${say ?? "look at the bench"}; then \`labloop acknowledge\``,
      },
    });
  }
}

/** The readings that a condition was judged by; of a change both ends. */
function readingsOf(condition: Condition, samples: readonly ReadSample[]): readonly TripReading[] {
  const newest = samples.at(-1);
  if (newest === undefined) return [];
  const from = condition.kind === "rate" ? steepest(samples, condition.over) : newest;
  return from === undefined || from === newest ? newest.readings : [...from.readings, ...newest.readings];
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
