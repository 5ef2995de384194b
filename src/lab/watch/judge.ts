/** What an interlock or an alarm doesn't stand; values and limits are in coherent SI units, spans of time in ms. */
export type Condition = ConditionKind & {
  /** As it is told, such as "above 90 degC". */
  readonly text: string;
};

type ConditionKind =
  | { readonly kind: "above"; readonly limit: number; readonly hysteresis: number }
  | { readonly kind: "below"; readonly limit: number; readonly hysteresis: number }
  /** Change by more than `most` (unit/s) times `over`, up or down, within `over`. */
  | { readonly kind: "rate"; readonly most: number; readonly over: number }
  /** No reading younger than `after`. */
  | { readonly kind: "stale"; readonly after: number }
  /** Differs from another reading by more than `within`. */
  | { readonly kind: "apart"; readonly within: number; readonly hysteresis: number };

/** What was read at one moment. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly value: number;
  /** The other reading, for plausibility. */
  readonly against?: number;
}

/** What is known of a watched value. */
export interface History<S extends Sample = Sample> {
  /** When it began to be watched, milliseconds since 1970. */
  readonly since: number;
  /** Oldest first. */
  readonly samples: readonly S[];
}

/** Slack for the rounding of differences, so that a ramp of exactly the allowed rate doesn't trip. */
const ROUNDING = 1e-9;

/**
 * Whether a condition holds.
 *
 * @param now - milliseconds since 1970, at or after the newest sample
 * @param held - whether it held before: then it holds until the value is back by the hysteresis
 */
export function holds(condition: Condition, history: History, now: number, held: boolean): boolean {
  const newest = history.samples.at(-1);
  if (condition.kind === "stale") return now - (newest?.at ?? history.since) > condition.after;
  if (newest === undefined) return held;
  switch (condition.kind) {
    case "above":
      return newest.value > condition.limit - (held ? condition.hysteresis : 0);
    case "below":
      return newest.value < condition.limit + (held ? condition.hysteresis : 0);
    case "apart":
      if (newest.against === undefined) return held;
      return Math.abs(newest.value - newest.against) > condition.within - (held ? condition.hysteresis : 0);
    case "rate":
      return rise(steepest(history.samples, condition.over), newest) > allowed(condition);
  }
}

function rise(from: Sample | undefined, to: Sample): number {
  return Math.abs(to.value - (from ?? to).value);
}

function allowed({ most, over }: Extract<Condition, { kind: "rate" }>): number {
  return ((most * over) / 1000) * (1 + ROUNDING);
}

/**
 * The sample of a window from which the newest differs most.
 *
 * @param over - length of the window in ms
 */
export function steepest<S extends Sample>(samples: readonly S[], over: number): S | undefined {
  const newest = samples.at(-1);
  if (newest === undefined) return undefined;
  const away = ({ value }: S): number => Math.abs(value - newest.value);
  return samples
    .filter(({ at }) => at >= newest.at - over)
    .reduce((far, each) => (away(each) > away(far) ? each : far), newest);
}

/** A history with one more sample, and without those that no window of `over` ms reaches. */
export function withSample<S extends Sample>(history: History<S>, sample: S, over: number): History<S> {
  const samples = history.samples.filter(({ at }) => at >= sample.at - over);
  return { ...history, samples: [...samples, sample] };
}
