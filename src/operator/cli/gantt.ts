import type { RehearsedAction } from "../../lab/rehearse/night.ts";

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

/** The chart as SVG; every bar has a title that tells the action. */
export function ganttSvg({ roles, actions, from, to, clock }: GanttChart): string {
  const x = (moment: number): number =>
    LEFT + ((moment - from) / Math.max(1, to - from)) * (WIDTH - LEFT - 20);
  const height = roles.length * ROW + 40;
  const rows = roles.map((role, k) => {
    const y = 10 + k * ROW;
    const bars = actions
      .filter((action) => action.role === role)
      .map((action) => {
        const width = Math.max(1, x(action.to) - x(action.from)).toFixed(1);
        const title = `experiment ${action.experiment}: ${role}.${action.action}, ${clock(action.from)} to ${clock(action.to)}${action.failed ? ", failed" : ""}`;
        return `<rect class="${action.failed ? "failed" : action.experiment % 2 === 0 ? "even" : "odd"}" x="${x(action.from).toFixed(1)}" y="${y + 3}" width="${width}" height="${ROW - 6}"><title>${escaped(title)}</title></rect>`;
      });
    return `<text x="${LEFT - 8}" y="${y + ROW - 7}" text-anchor="end">${escaped(role)}</text><line x1="${LEFT}" x2="${WIDTH - 20}" y1="${y + ROW}" y2="${y + ROW}"/>${bars.join("")}`;
  });
  const ticks = Array.from({ length: 7 }, (_, k) => from + ((to - from) * k) / 6).map(
    (moment) =>
      `<text x="${x(moment).toFixed(1)}" y="${height - 10}" text-anchor="middle">${clock(moment)}</text>`,
  );
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="instruments over time">${rows.join("")}${ticks.join("")}</svg>`;
}

/** A text for HTML and SVG. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
