import type { Setting } from "../hypothesis/parameter.ts";
import type { RunRecord, Suspect } from "../measurement/quality/run-record.ts";
import { MOST_RUNS, shapeOf, unlike } from "../measurement/quality/unlike.ts";
import {
  type DurationSample,
  ENOUGH_SAMPLES,
  overdueAfter,
  type UsualDuration,
  usualDuration,
} from "../measurement/quality/usual-duration.ts";
import type { Command, PerformCommand } from "./command.ts";
import type { EventOf, LoopEvent, MeasuredValue } from "./event.ts";

/** What was learned about a lab's instruments and a campaign's runs; plain data. */
export interface Learned {
  /** The latest durations, by instrument and action, such as "pump.dispense"; oldest first. */
  readonly durations: Readonly<Record<string, readonly DurationSample[]>>;
  /** The latest runs, oldest first. */
  readonly runs: readonly RunRecord[];
}

/** What is known before the first campaign. */
export const NOTHING_LEARNED: Learned = { durations: {}, runs: [] };

/** Durations of an action that are remembered: the rare ones show in its tail, and an instrument that was mended shows soon. */
const MOST_DURATIONS = 128;

/** Readings of one run that are remembered. */
const MOST_READINGS = 100;

/** What a history must know of its campaign. */
export interface HistoryOptions {
  /** Instrument of the lab for each role. */
  readonly roles: Readonly<Record<string, string>>;
  /** How long a driver expects an action to take, in milliseconds. */
  readonly estimate: (command: Pick<PerformCommand, "role" | "action" | "arguments" | "id">) => number;
  /** What earlier campaigns taught. */
  readonly learned: Learned;
}

/** An action that is under way. */
interface Begun {
  readonly since: number;
  readonly command: PerformCommand;
}

interface RunUnderWay {
  readonly readings: Record<string, number[]>;
  readonly durations: Record<string, DurationSample>;
}

/** When an action is overdue, and what it usually takes. */
export interface Overdue {
  /** Milliseconds after its beginning. */
  readonly after: number;
  readonly usual: UsualDuration;
}

/** The history that a campaign is judged by: a fold over its events, on top of what earlier campaigns taught. */
export class History {
  readonly #options: HistoryOptions;
  readonly #durations: Record<string, DurationSample[]>;
  readonly #runs: RunRecord[];
  readonly #begun = new Map<string, Begun>();
  readonly #underWay = new Map<number, RunUnderWay>();
  /** What was expected of a setting when it was suggested, by the setting as JSON. */
  readonly #predicted = new Map<string, Predicted>();
  readonly #withheld = new Map<number, EventOf<"measurement.recorded">>();

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#durations = Object.fromEntries(
      Object.entries(options.learned.durations).map(([name, samples]) => [name, [...samples]]),
    );
    this.#runs = [...options.learned.runs];
  }

  /** What is known by now. */
  learned(): Learned {
    return { durations: this.#durations, runs: this.#runs };
  }

  /** The result that was withheld until an experiment is done once more. */
  withheld(experiment: number): EventOf<"measurement.recorded"> | undefined {
    return this.#withheld.get(experiment);
  }

  /** Milliseconds that an action is expected to take: what it usually took, or what its driver says. */
  expected(call: Parameters<HistoryOptions["estimate"]>[0]): number {
    const samples = this.#durations[this.#nameOf(call)] ?? [];
    const estimate = this.#options.estimate(call);
    return samples.length < ENOUGH_SAMPLES ? estimate : usualDuration(samples, estimate).quantile(0.5);
  }

  /** When an action that begins is overdue; undefined while too little is known of it. */
  overdue(command: PerformCommand): Overdue | undefined {
    const samples = this.#durations[this.#nameOf(command)] ?? [];
    const estimate = this.#options.estimate(command);
    const after = overdueAfter(samples, estimate);
    return after === undefined ? undefined : { after, usual: usualDuration(samples, estimate) };
  }

  /** In what ways an experiment is unlike those before it. */
  judge(
    experiment: number,
    setting: Setting,
    values: Readonly<Record<string, MeasuredValue>>,
  ): readonly Suspect[] {
    return unlike(this.#record(experiment, setting, values), this.#runs);
  }

  /** Takes an event in, with the commands that it gave; `now` in milliseconds since 1970. */
  observe(event: LoopEvent, now: number, commands: readonly Command[]): void {
    switch (event.type) {
      case "suggestion.made":
        for (const { setting, reasons } of event.suggestions)
          this.#predicted.set(JSON.stringify(setting), reasons.predicted);
        break;
      case "action.finished":
        this.#finished(event, now);
        break;
      case "action.failed":
        this.#begun.delete(event.command);
        break;
      // What is waited for with people in it says nothing about the instrument.
      case "action.overdue":
        if (event.then !== "note") this.#begun.delete(event.about);
        break;
      case "person.requested":
      case "interlock.tripped":
      case "campaign.resumed":
        this.#begun.clear();
        break;
      case "measurement.recorded":
        this.#measured(event);
        break;
      default:
        break;
    }
    for (const command of commands)
      if (command.kind === "perform") this.#begun.set(command.id, { since: now, command });
  }

  #nameOf({ role, action }: Pick<PerformCommand, "role" | "action">): string {
    return `${this.#options.roles[role] ?? role}.${action}`;
  }

  #finished(event: EventOf<"action.finished">, now: number): void {
    const begun = this.#begun.get(event.command);
    this.#begun.delete(event.command);
    const run = this.#underWay.get(event.experiment) ?? { readings: {}, durations: {} };
    this.#underWay.set(event.experiment, run);
    const name = this.#nameOf({ role: event.instrument, action: event.action });
    for (const [reading, value] of Object.entries(event.readings)) {
      // What only echoes an argument is no reading.
      if (Object.values(event.arguments).includes(value)) continue;
      const all = run.readings[`${name}.${reading}`] ?? [];
      if (all.length < MOST_READINGS) all.push(value);
      run.readings[`${name}.${reading}`] = all;
    }
    if (begun === undefined) return;
    const sample = { took: now - begun.since, estimate: this.#options.estimate(begun.command) };
    const samples = [...(this.#durations[name] ?? []), sample];
    this.#durations[name] = samples.slice(-MOST_DURATIONS);
    const { took, estimate } = run.durations[name] ?? { took: 0, estimate: 0 };
    run.durations[name] = { took: took + sample.took, estimate: estimate + sample.estimate };
  }

  #measured(event: EventOf<"measurement.recorded">): void {
    const { experiment, setting, values, unusable, suspect, withheld } = event;
    if (withheld) this.#withheld.set(experiment, event);
    // What is known to be wrong is no history; what is only unlike it may become usual.
    if (unusable.length === 0 || suspect !== undefined) {
      this.#runs.push(this.#record(experiment, setting, values));
      this.#runs.splice(0, this.#runs.length - MOST_RUNS);
    }
    this.#underWay.delete(experiment);
  }

  #record(experiment: number, setting: Setting, values: Readonly<Record<string, MeasuredValue>>): RunRecord {
    const { readings = {}, durations = {} } = this.#underWay.get(experiment) ?? {};
    const predicted = this.#predicted.get(JSON.stringify(setting)) ?? {};
    const residuals = Object.fromEntries(
      Object.entries(values).flatMap(([name, { value, standardUncertainty }]) => {
        const expected = predicted[name];
        if (expected === undefined) return [];
        const spread = Math.sqrt(expected.sd ** 2 + standardUncertainty ** 2);
        return spread > 0 && Number.isFinite(value) ? [[name, (value - expected.mean) / spread]] : [];
      }),
    );
    const results = Object.fromEntries(
      Object.keys(residuals).map((name) => {
        const value = values[name]?.value ?? Number.NaN;
        return [name, { value, miss: value - (predicted[name]?.mean ?? Number.NaN) }];
      }),
    );
    const record = { setting, readings, durations, residuals, results };
    const shape = shapeOf(record, this.#runs);
    return shape === undefined ? record : { ...record, shape };
  }
}

type Predicted = EventOf<"suggestion.made">["suggestions"][number]["reasons"]["predicted"];
