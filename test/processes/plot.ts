/** A line of a plot. */
export interface Series {
  readonly name: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

const COLOURS = ["#1b6ca8", "#c8553d", "#3a7d44", "#7d5ba6"];
const [WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM] = [640, 320, 60, 20, 130, 45];

/** A plot of lines as SVG. */
export function plot(title: string, axes: readonly [string, string], series: readonly Series[]): string {
  const all = series.flatMap(({ points }) => points);
  const [xs, ys] = [all.map(([x]) => x), all.map(([, y]) => y)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [low, high] = [Math.min(...ys), Math.max(...ys)];
  const across = (x: number): number => LEFT + ((x - left) / (right - left || 1)) * (WIDTH - LEFT - RIGHT);
  const up = (y: number): number =>
    HEIGHT - BOTTOM - ((y - low) / (high - low || 1)) * (HEIGHT - TOP - BOTTOM);
  const text = (x: number, y: number, words: string, more = ""): string =>
    `<text x="${x.toFixed(0)}" y="${y.toFixed(0)}" ${more}>${words}</text>`;
  const ticks = [0, 0.25, 0.5, 0.75, 1].flatMap((share) => {
    const [x, y] = [left + share * (right - left), low + share * (high - low)];
    return [
      text(across(x), HEIGHT - BOTTOM + 16, shown(x), 'text-anchor="middle"'),
      text(LEFT - 6, up(y) + 4, shown(y), 'text-anchor="end"'),
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${up(y).toFixed(1)}" y2="${up(y).toFixed(1)}" stroke="#ddd"/>`,
    ];
  });
  const lines = series.flatMap(({ name, points }, i) => {
    const path = points.map(([x, y]) => `${across(x).toFixed(1)},${up(y).toFixed(1)}`).join(" ");
    const colour = COLOURS[i % COLOURS.length];
    return [
      `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>`,
      text(WIDTH - RIGHT + 10, TOP + 14 + 18 * i, name, `fill="${colour}"`),
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12" role="img" aria-label="${title}">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="white"/>`,
    ...ticks,
    ...lines,
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, axes[0], 'text-anchor="middle"'),
    text(LEFT, TOP - 6, axes[1]),
    "</svg>",
    "",
  ].join("\n");
}

function shown(value: number): string {
  return String(Number(value.toPrecision(3)));
}
