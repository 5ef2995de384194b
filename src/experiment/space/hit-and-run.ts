import type { Random } from "../../base/random.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { dot, type Face, faceOf, keepWithin } from "./face.ts";
import { meetsConstraints } from "./feasibility.ts";
import { withOtherParts } from "./other-parts.ts";
import type { Plane, Relaxation } from "./relaxation.ts";
import { type RelaxedPoint, roughSettingOf, settingOf } from "./relaxed-point.ts";

/** A random walk over the feasible part of a space. */
export interface Walk {
  /** Takes one random step; stays where it is when that leads nowhere. */
  step(): void;
  /** Where it is; undefined where rounding to 12 digits led out of a mixture's limits. */
  setting(): Setting | undefined;
}

/** Times that a chord is shortened before a step is given up: to about a millionth of it. */
const SHRINKS = 24;
/** One step in so many leaves along a direction in which everything moves. */
const EVERYWHERE = 8;

/**
 * Hit-and-run over the relaxation of a space: a random point on the chord through the present one, in the
 * direction of one coordinate (of two parts of a mixture) or of all of them. Halfspaces cut the chord exactly;
 * where a point on it still isn't feasible, the chord shrinks towards the present point. Its stationary
 * distribution is uniform over the points that round to feasible settings.
 * Source: Bélisle, Romeijn and Smith, Hit-and-run algorithms for generating multivariate distributions (1993);
 * the shrinking is that of slice sampling (Neal, 2003, figure 8).
 *
 * @param start - lies in the polytope and rounds to a feasible setting
 */
export function hitAndRun(relaxation: Relaxation, start: RelaxedPoint, random: Random): Walk {
  let point: RelaxedPoint = { ...start, y: start.y.slice(), choices: [...start.choices] };
  let face = faceOf(relaxation, point);
  const { categorical, halfspaces } = relaxation;
  const sparse = relaxation.mixtures.filter(({ mixture }) => mixture.atMost !== undefined);
  let products = Float64Array.from(halfspaces, ({ a }) => dot(a, point.y));
  const enter = (next: RelaxedPoint): void => {
    point = next;
    face = faceOf(relaxation, point);
    products = Float64Array.from(halfspaces, ({ a }) => dot(a, point.y));
  };
  const jump = (next: RelaxedPoint | undefined): void => {
    if (next !== undefined && isFeasiblePoint(relaxation, next)) enter(next);
  };
  return {
    setting: () => settingOf(relaxation, point),
    step: () => {
      const kind = random.integer(categorical.length + sparse.length + face.moving.length);
      if (kind < categorical.length) return jump(withOtherChoice(relaxation, point, kind, random));
      const mixture = sparse[kind - categorical.length];
      if (mixture !== undefined) return jump(withOtherParts(relaxation, point, mixture, random));
      if (face.moving.length === 0) return;
      const direction = directionFrom(relaxation, face, random);
      if (direction !== undefined) along({ relaxation, point, products, random }, direction);
    },
  };
}

function isFeasiblePoint(relaxation: Relaxation, point: RelaxedPoint): boolean {
  const setting = roughSettingOf(relaxation, point);
  return setting !== undefined && meetsConstraints(relaxation.space, setting);
}

function withOtherChoice(
  { categorical }: Relaxation,
  point: RelaxedPoint,
  k: number,
  random: Random,
): RelaxedPoint {
  const all = categorical[k]?.choices ?? [];
  const choices = [...point.choices];
  choices[k] = all[random.integer(all.length)] as string;
  return { ...point, choices };
}

/** A direction in coordinates, with the indices of those that it moves. */
interface Direction {
  readonly d: Float64Array;
  readonly indices: readonly number[];
}

function directionFrom(relaxation: Relaxation, face: Face, random: Random): Direction | undefined {
  const { mixtureOf, tied } = relaxation;
  const { moving } = face;
  const d = new Float64Array(mixtureOf.length);
  const i = moving[random.integer(moving.length)] as number;
  if (tied[i] === 0 && random.integer(EVERYWHERE) > 0) {
    d[i] = 1;
    const mixture = relaxation.mixtures[mixtureOf[i] as number];
    if (mixture === undefined) return { d, indices: [i] };
    const j = otherPart(mixture.indices, i, face, random);
    if (j === undefined || tied[j] === 1) return undefined;
    const { a } = relaxation.planes[mixtureOf[i] as number] as Plane;
    d[j] = -(a[i] as number) / (a[j] as number);
    return { d, indices: [i, j] };
  }
  for (const k of moving) d[k] = random.normal();
  keepWithin(face, d);
  return { d, indices: moving };
}

/** Another part of a mixture that is there; undefined when there is none. */
function otherPart(
  indices: readonly number[],
  i: number,
  { present }: Face,
  random: Random,
): number | undefined {
  const others = indices.filter((j) => j !== i && present[j] === 1);
  return others[random.integer(others.length)];
}

interface Position {
  readonly relaxation: Relaxation;
  readonly point: RelaxedPoint;
  /** a·y of each halfspace; shape (halfspaces). */
  readonly products: Float64Array;
  readonly random: Random;
}

/** Moves to a random point of the chord, in place. */
function along({ relaxation, point, products, random }: Position, { d, indices }: Direction): void {
  const { y } = point;
  const speeds = relaxation.halfspaces.map(({ a }) => {
    let speed = 0;
    for (const i of indices) speed += (a[i] as number) * (d[i] as number);
    return speed;
  });
  let [from, to] = chord({ relaxation, point, products, random }, { d, indices }, speeds);
  if (!(to > from)) return;
  const start = indices.map((i) => y[i] as number);
  for (let tries = 0; tries < SHRINKS; tries++) {
    const t = from + (to - from) * random.uniform();
    for (const [k, i] of indices.entries())
      y[i] = Math.min(1, Math.max(0, (start[k] as number) + t * (d[i] as number)));
    if (relaxation.exact || isFeasiblePoint(relaxation, point)) {
      for (const [r, speed] of speeds.entries()) products[r] = (products[r] as number) + t * speed;
      return;
    }
    if (t < 0) from = t;
    else to = t;
  }
  for (const [k, i] of indices.entries()) y[i] = start[k] as number;
}

/** The ends of the chord, at most 0 and at least 0. */
function chord(
  { relaxation, point, products }: Position,
  { d, indices }: Direction,
  speeds: readonly number[],
): [number, number] {
  let from = -Infinity;
  let to = Infinity;
  const cut = (speed: number, room: number): void => {
    // Slower than this is rounding of a direction that runs along the limit.
    if (speed > 1e-14) to = Math.min(to, room / speed);
    else if (speed < -1e-14) from = Math.max(from, room / speed);
  };
  for (const i of indices) {
    cut(d[i] as number, 1 - (point.y[i] as number));
    cut(-(d[i] as number), point.y[i] as number);
  }
  for (const [r, speed] of speeds.entries())
    cut(speed, (relaxation.halfspaces[r] as Plane).b - (products[r] as number));
  return Number.isFinite(to - from) ? [Math.min(0, from), Math.max(0, to)] : [0, 0];
}
