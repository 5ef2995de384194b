import type { RehearsedAction } from "../../lab/rehearse/night.ts";
import { at, symbol } from "./chart.ts";
import { type Markup, markup } from "./markup.ts";

/** What a chart of instruments over time shows. */
export interface GanttChart {
  readonly roles: readonly string[];
  readonly actions: readonly RehearsedAction[];
  readonly from: number;
  readonly to: number;
  /** How a moment is told, such as "02:10". */
  clock(moment: number): string;
}

/**
 * The chart in characters: a row an instrument, dark where it is at work for most of a column's time.
 *
 * @param width - columns of the terminal
 */
export function ganttText({ roles, actions, from, to, clock }: GanttChart, width: number): string[] {
  const names = Math.max(...roles.map((role) => role.length), 4);
  const columns = Math.max(10, width - names - 4);
  const step = Math.max(1, to - from) / columns;
  const rows = roles.map((role) => {
    const own = actions.filter((action) => action.role === role);
    const cells = Array.from({ length: columns }, (_, k) =>
      cell(own, from + k * step, from + (k + 1) * step),
    );
    return `${role.padEnd(names)}  ${cells.join("")}`;
  });
  const [first, last] = [clock(from), clock(to)];
  return [...rows, `${" ".repeat(names)}  ${first}${last.padStart(columns - first.length)}`];
}

function cell(actions: readonly RehearsedAction[], from: number, to: number): string {
  let busy = 0;
  for (const action of actions) {
    const overlap = Math.min(action.to, to) - Math.max(action.from, from);
    if (overlap <= 0) continue;
    if (action.failed) return "x";
    busy += overlap;
  }
  const share = busy / (to - from);
  return share === 0 ? "·" : share < 0.34 ? "░" : share < 0.67 ? "▒" : "█";
}

const ROW = 22;
const LEFT = 120;
const WIDTH = 1000;

/** Steps of a clock, in minutes. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 10_080];
const MOST_TICKS = 9;

/** Round times between two moments; the two themselves where there is hardly any time between them. */
export function timeTicks(from: number, to: number): number[] {
  const steps = STEPS.map((minutes) => minutes * 60_000);
  const step = steps.find((each) => (to - from) / each <= MOST_TICKS) ?? (to - from) / MOST_TICKS;
  const first = Math.ceil(from / step) * step;
  const ticks = Array.from({ length: MOST_TICKS + 1 }, (_, k) => first + k * step).filter((at) => at <= to);
  return ticks.length < 2 ? [from, to] : ticks;
}

/** What is shown of a night besides its actions. */
export interface GanttNotes {
  /** Moments with a label of a few characters, above the instruments. */
  readonly marks?: readonly { readonly at: number; readonly label: string }[];
  /** Times in which nothing went on, behind the instruments. */
  readonly bands?: readonly { readonly from: number; readonly to: number; readonly label: string }[];
}

/** The chart as SVG; every bar has a title that tells the action, and a failed one a cross. */
export function ganttSvg(chart: GanttChart, { marks = [], bands = [] }: GanttNotes = {}): Markup {
  const { roles, actions, from, to, clock } = chart;
  const x = (moment: number): number =>
    at(LEFT + ((moment - from) / Math.max(1, to - from)) * (WIDTH - LEFT - 20));
  const rows = levels(marks.map(({ at }) => x(at)));
  const top = 10 + (Math.max(-1, ...rows) + 1) * MARK_ROW;
  const bottom = top + roles.length * ROW;
  const ticks = timeTicks(from, to);
  return markup`<svg viewBox="0 0 ${WIDTH} ${bottom + 30}" role="img" aria-label="instruments over time">
${bands.map((band) => markup`<rect class="band" x="${x(band.from)}" y="${top}" width="${at(x(band.to) - x(band.from))}" height="${bottom - top}"><title>${band.label}</title></rect>`)}
${roles.map(
  (role, k) =>
    markup`<text x="${LEFT - 8}" y="${top + (k + 1) * ROW - 7}" text-anchor="end">${role}</text><line x1="${LEFT}" x2="${WIDTH - 20}" y1="${top + (k + 1) * ROW}" y2="${top + (k + 1) * ROW}"/>${actions
      .filter((action) => action.role === role)
      .map((action) => bar(action, top + k * ROW, x, clock))}`,
)}
${marks.map((mark, i) => markup`<line class="axis" stroke-dasharray="2 2" x1="${x(mark.at)}" x2="${x(mark.at)}" y1="${10 + (rows[i] as number) * MARK_ROW}" y2="${bottom}"/><text x="${x(mark.at) + 3}" y="${18 + (rows[i] as number) * MARK_ROW}">${mark.label}</text>`)}
${ticks.map((moment) => markup`<text x="${x(moment)}" y="${bottom + 20}" text-anchor="middle">${clock(moment)}</text>`)}
</svg>`;
}

const MARK_ROW = 15;
const MARK_WIDTH = 32;
const MARK_ROWS = 6;

/** The row of each mark, so that labels that lie near each other stand in different rows. */
function levels(xs: readonly number[]): number[] {
  const ends: number[] = [];
  return xs.map((x) => {
    const free = ends.findIndex((end) => end <= x);
    const row = free >= 0 ? free : ends.length < MARK_ROWS ? ends.length : ends.indexOf(Math.min(...ends));
    ends[row] = x + MARK_WIDTH;
    return row;
  });
}

function bar(
  action: RehearsedAction,
  top: number,
  x: (moment: number) => number,
  clock: GanttChart["clock"],
): Markup {
  const { experiment, role, action: name, from, to, failed } = action;
  const [left, width] = [x(from), Math.max(1, at(x(to) - x(from)))];
  const shade = failed ? "failed" : experiment % 2 === 0 ? "even" : "odd";
  const title = `experiment ${experiment}: ${role}.${name}, ${clock(from)} to ${clock(to)}${failed ? ", failed" : ""}`;
  const cross = failed ? symbol("cross", at(left + width / 2), top + ROW / 2) : undefined;
  return markup`<rect class="${shade}" x="${left}" y="${top + 3}" width="${width}" height="${ROW - 6}"><title>${title}</title></rect>${cross}`;
}
