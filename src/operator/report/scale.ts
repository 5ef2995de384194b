/** Where numbers lie on a line of a picture, and which of them are written there. */
export interface Scale {
  readonly ticks: readonly number[];
  /** 0 at the beginning of the scale, 1 at its end. */
  share(value: number): number;
}

/** What a scale is made for. */
export interface ScaleOptions {
  /** About so many ticks. */
  readonly count?: number;
  /** Ticks at whole numbers only. */
  readonly whole?: boolean;
}

/**
 * A linear scale over values, from one round number to another.
 *
 * @param values - finite; around 0 where there are none
 */
export function linearScale(values: readonly number[], { count = 5, whole }: ScaleOptions = {}): Scale {
  const [least, most] = spread(values);
  const step = roundStep((most - least) / count, whole === true);
  const [first, last] = [Math.floor(least / step + SLACK), Math.ceil(most / step - SLACK)];
  const ticks = Array.from({ length: last - first + 1 }, (_, k) => tidied((first + k) * step, step));
  const [from, to] = [first * step, last * step];
  return { ticks, share: (value) => (value - from) / (to - from) };
}

/** A logarithmic scale over positive values; ticks at 1, 2 and 5, or at whole decades where there are many. */
export function logScale(values: readonly number[]): Scale {
  const positive = values.filter((each) => each > 0);
  const [least, most] = positive.length === 0 ? [0.1, 10] : [Math.min(...positive), Math.max(...positive)];
  const [from, to] = [Math.log10(least), Math.log10(most > least ? most : least * 10)];
  const first = Math.floor(from);
  const decades = Array.from({ length: Math.ceil(to) - first + 1 }, (_, k) => 10 ** (first + k));
  const among = to - from > 3 ? [1] : [1, 2, 5];
  const inside = (each: number): boolean =>
    Math.log10(each) >= from - SLACK && Math.log10(each) <= to + SLACK;
  const ticks = decades.flatMap((decade) => among.map((k) => Number((k * decade).toPrecision(6))));
  return { ticks: ticks.filter(inside), share: (value) => (Math.log10(value) - from) / (to - from) };
}

/** Shares of a step: a value that should be a tick isn't beyond it by rounding. */
const SLACK = 1e-9;

/** Numbers below it have no digits to spare. */
const SMALLEST = 1e-290;

function spread(values: readonly number[]): readonly [number, number] {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return [0, 1];
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  const size = Math.max(Math.abs(least), Math.abs(most));
  // What differs by less has no ticks that can be told apart in twelve digits.
  if (most - least > 1e-9 * size && size > SMALLEST) return [least, most];
  const around = size > SMALLEST ? 0.1 * size : 1;
  return [least - around, most + around];
}

/** The least of 1, 2, 5 times a power of ten that isn't below a step. */
function roundStep(least: number, whole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(least) + SLACK);
  const step = [1, 2, 5, 10].map((k) => k * power).find((each) => each >= least * (1 - SLACK)) as number;
  return whole ? Math.max(1, Math.round(step)) : step;
}

/** A multiple of a step without the digits that rounding gave it. */
function tidied(value: number, step: number): number {
  const digits = Math.max(0, -Math.floor(Math.log10(step)));
  return digits > 100 ? value : Number(value.toFixed(digits)) + 0;
}
