import { type Markup, markup } from "./markup.ts";
import { linearScale, logScale, type Scale } from "./scale.ts";

/** Shapes that can be told apart without colour. */
export type Shape = "disc" | "ring" | "square" | "triangle" | "diamond" | "cross";

/** How lines are drawn, so that they can be told apart without colour. */
export const DASHES: readonly string[] = ["", "7 4", "2 3", "10 3 2 3", "1 5", "14 4"];

/** Shapes in the order in which series take them. */
export const SHAPES: readonly Shape[] = ["disc", "square", "triangle", "diamond", "ring", "cross"];

/** An axis with its unit in its label. */
export interface Axis {
  readonly label: string;
  readonly log?: boolean;
  /** Whether it counts something. */
  readonly whole?: boolean;
  /** Values that have to lie on it. */
  readonly values?: readonly number[];
}

/** A point; `reach` to both sides of it. */
export interface Point {
  readonly x: number;
  readonly y: number;
  readonly reach?: number;
  /** Beside it. */
  readonly label?: string;
}

/** Something drawn over the axes; in the legend where it has a name. */
export type Layer =
  | {
      readonly kind: "points";
      readonly name?: string;
      readonly shape: Shape;
      readonly points: readonly Point[];
    }
  | {
      readonly kind: "line";
      readonly name?: string;
      readonly dash: string;
      readonly points: readonly Point[];
      /** Whether it goes on level to the next point, and jumps there. */
      readonly steps?: boolean;
    };

/** A plot. */
export interface Chart {
  /** For who can't see it. */
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly layers: readonly Layer[];
  /** As wide as high. */
  readonly square?: boolean;
}

const LEFT = 74;
const BOTTOM = 44;
const LEGEND = 20;

/** A plot as SVG that needs nothing else; points without a finite place are left out. */
export function chartSvg(chart: Chart): Markup {
  const [width, height] = chart.square ? [460, 420] : [960, 360];
  const layers = chart.layers.map((layer) => ({ ...layer, points: layer.points.filter(isPlaced) }));
  const points = layers.flatMap((layer) => layer.points);
  const legend = layers.filter(({ name, points: own }) => name !== undefined && own.length > 0);
  const top = 12 + LEGEND * Math.ceil(legend.length / perRow(width));
  const xs = scaleOf(
    chart.x,
    points.map(({ x }) => x),
  );
  const ys = scaleOf(
    chart.y,
    points.flatMap(({ y, reach = 0 }) => [y - reach, y + reach]),
  );
  const place: Place = {
    x: (value) => LEFT + xs.share(value) * (width - LEFT - 20),
    y: (value) => height - BOTTOM - ys.share(value) * (height - BOTTOM - top),
  };
  const [right, low] = [width - 20, height - BOTTOM];
  return markup`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${chart.title}">
${xs.ticks.map((tick) => markup`<line x1="${at(place.x(tick))}" x2="${at(place.x(tick))}" y1="${top}" y2="${low}"/><text x="${at(place.x(tick))}" y="${low + 17}" text-anchor="middle">${tick}</text>`)}
${ys.ticks.map((tick) => markup`<line x1="${LEFT}" x2="${right}" y1="${at(place.y(tick))}" y2="${at(place.y(tick))}"/><text x="${LEFT - 7}" y="${at(place.y(tick) + 4.5)}" text-anchor="end">${tick}</text>`)}
<line class="axis" x1="${LEFT}" x2="${right}" y1="${low}" y2="${low}"/><line class="axis" x1="${LEFT}" x2="${LEFT}" y1="${top}" y2="${low}"/>
<text x="${(LEFT + right) / 2}" y="${height - 8}" text-anchor="middle">${chart.x.label}</text>
<text transform="translate(15 ${(top + low) / 2}) rotate(-90)" text-anchor="middle">${chart.y.label}</text>
${layers.map((layer) => drawn(layer, place))}
${legend.map((layer, k) => legendEntry(layer, LEFT + (k % perRow(width)) * LEGEND_WIDTH, 14 + LEGEND * Math.floor(k / perRow(width))))}
</svg>`;
}

/** How a number is written in a picture: a tenth of a pixel is enough. */
export function at(value: number): number {
  return Number(value.toFixed(1));
}

interface Place {
  x(value: number): number;
  y(value: number): number;
}

const LEGEND_WIDTH = 190;

function perRow(width: number): number {
  return Math.floor((width - LEFT) / LEGEND_WIDTH);
}

function isPlaced({ x, y }: Point): boolean {
  return Number.isFinite(x) && Number.isFinite(y);
}

function scaleOf({ log, whole, values = [] }: Axis, of: readonly number[]): Scale {
  const all = [...values, ...of].filter(Number.isFinite);
  return log === true ? logScale(all) : linearScale(all, { whole: whole === true });
}

function drawn(layer: Layer, place: Place): Markup {
  return layer.kind === "line"
    ? markup`<path class="stroke" stroke-dasharray="${layer.dash}" d="${pathOf(layer, place)}"/>`
    : markup`${layer.points.map((point) => pointMark(point, layer.shape, place))}`;
}

function pathOf({ points, steps }: Extract<Layer, { kind: "line" }>, place: Place): string {
  return points
    .map(({ x, y }, i) => {
      const [left, top] = [at(place.x(x)), at(place.y(y))];
      if (i === 0) return `M${left} ${top}`;
      return steps === true ? `H${left}V${top}` : `L${left} ${top}`;
    })
    .join("");
}

function pointMark({ x, y, reach = 0, label }: Point, shape: Shape, place: Place): Markup {
  const [left, top] = [at(place.x(x)), at(place.y(y))];
  const [high, low] = [at(place.y(y + reach)), at(place.y(y - reach))];
  const bar =
    reach > 0 && Number.isFinite(reach)
      ? markup`<path class="mark" fill="none" d="M${left} ${low}V${high}M${left - 3} ${low}h6M${left - 3} ${high}h6"/>`
      : undefined;
  const beside =
    label === undefined ? undefined : markup`<text x="${left + 7}" y="${top - 6}">${label}</text>`;
  return markup`${bar}${symbol(shape, left, top)}${beside}`;
}

/** A shape around a point. */
export function symbol(shape: Shape, x: number, y: number): Markup {
  const fill = shape === "ring" || shape === "cross" ? "#fff" : FILLS[shape];
  switch (shape) {
    case "disc":
    case "ring":
      return markup`<circle class="mark" fill="${fill}" cx="${x}" cy="${y}" r="4"/>`;
    case "square":
      return markup`<rect class="mark" fill="${fill}" x="${x - 3.8}" y="${y - 3.8}" width="7.6" height="7.6"/>`;
    case "triangle":
      return markup`<path class="mark" fill="${fill}" d="M${x} ${y - 5}l4.8 8.6h-9.6z"/>`;
    case "diamond":
      return markup`<path class="mark" fill="${fill}" d="M${x} ${y - 5.4}l5.4 5.4l-5.4 5.4l-5.4 -5.4z"/>`;
    case "cross":
      return markup`<path class="mark" fill="none" d="M${x - 4} ${y - 4}l8 8M${x - 4} ${y + 4}l8 -8"/>`;
  }
}

const FILLS = { disc: "#2a6f97", square: "#e9c46a", triangle: "#89c2d9", diamond: "#f4a261" } as const;

function legendEntry(layer: Layer, x: number, y: number): Markup {
  const sample =
    layer.kind === "line"
      ? markup`<path class="stroke" stroke-dasharray="${layer.dash}" d="M${x} ${y - 4}h28"/>`
      : symbol(layer.shape, x + 14, y - 4);
  return markup`${sample}<text x="${x + 34}" y="${y}">${layer.name}</text>`;
}
