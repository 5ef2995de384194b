import { firstMoment, wallTime } from "./wall-clock.ts";

/** Days of the week as they are written, Monday first. */
export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** One of {@link WEEKDAYS}. */
export type Weekday = (typeof WEEKDAYS)[number];

/** A span of time; milliseconds since 1970, the end not included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** When actions are allowed to happen. */
export interface Window {
  readonly zone: string;
  /** Milliseconds of the wall's day at which it opens, 0 to a day. */
  readonly from: number;
  /** Milliseconds of the wall's day at which it closes; on the next day when it isn't after `from`. */
  readonly to: number;
  /** Days on which it opens. */
  readonly days: ReadonlySet<Weekday>;
  /** Spans in which it is closed all the same, in order and apart from each other. */
  readonly closed: readonly Span[];
}

const DAY = 86_400_000;

/** Days that are looked ahead for an opening: more than a year of holidays. */
const HORIZON = 400;

/**
 * The spans in which a window is open that end after a moment, in order and apart from each other.
 *
 * @param after - milliseconds since 1970
 */
export function* openSpans(window: Window, after: number): Generator<Span> {
  const today = Math.floor(wallTime(after, window.zone) / DAY) * DAY;
  let last: Span | undefined;
  // One that opened yesterday may still be open.
  for (let k = -1; k <= HORIZON; k++) {
    for (const span of spansOfDay(window, today + k * DAY)) {
      if (last === undefined) last = span;
      else if (span.from <= last.to) last = { from: last.from, to: Math.max(last.to, span.to) };
      else {
        if (last.to > after) yield last;
        last = span;
      }
    }
  }
  if (last !== undefined && last.to > after) yield last;
}

/** What a window leaves open of the span that begins on a day of the wall. */
function spansOfDay({ zone, from, to, days, closed }: Window, day: number): Span[] {
  // 1 January 1970 was a Thursday.
  const weekday = WEEKDAYS[(Math.round(day / DAY) + 3) % 7] as Weekday;
  if (!days.has(weekday)) return [];
  const end = to > from ? day + to : day + DAY + to;
  return without({ from: firstMoment(day + from, zone), to: firstMoment(end, zone) }, closed);
}

/** A span less others, which are in order. */
function without(span: Span, others: readonly Span[]): Span[] {
  const left: Span[] = [];
  let from = span.from;
  for (const other of others) {
    if (other.to <= from || other.from >= span.to) continue;
    if (other.from > from) left.push({ from, to: other.from });
    from = Math.max(from, other.to);
  }
  if (from < span.to) left.push({ from, to: span.to });
  return left;
}

/** The span in which a moment lies that is open in every window; undefined when one of them is closed. */
export function openSpanAt(windows: readonly Window[], moment: number): Span | undefined {
  let [from, to] = [-Infinity, Infinity];
  for (const window of windows) {
    const span = openSpans(window, moment).next().value;
    if (span === undefined || span.from > moment) return undefined;
    from = Math.max(from, span.from);
    to = Math.min(to, span.to);
  }
  return { from, to };
}

/**
 * The first span, at or after a moment, in which every window is open for some time.
 *
 * @param least - milliseconds that it lasts at least from where it can be used
 * @returns undefined when there is none within more than a year
 */
export function nextOpenSpan(windows: readonly Window[], moment: number, least = 0): Span | undefined {
  let at = moment;
  const end = moment + HORIZON * DAY;
  while (at < end) {
    const spans = windows.map((window) => openSpans(window, at).next().value);
    if (spans.some((span) => span === undefined)) return undefined;
    const known = spans as readonly Span[];
    const from = Math.max(at, ...known.map((span) => span.from));
    const to = Math.min(Infinity, ...known.map((span) => span.to));
    if (from < to && to - from >= least) return { from, to };
    // Whichever closes first can't be part of it.
    at = from < to ? to : from;
  }
  return undefined;
}

/** Spans in order and apart from each other; what overlaps is joined. */
export function joined(spans: readonly Span[]): Span[] {
  const inOrder = [...spans].filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from);
  const apart: Span[] = [];
  for (const span of inOrder) {
    const last = apart.at(-1);
    if (last !== undefined && span.from <= last.to)
      apart[apart.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else apart.push(span);
  }
  return apart;
}
