/**
 * A function with its gradient: writes ∂f/∂x into `gradient` and returns f(x). Where f(x) isn't at most `most`, it may
 * save itself the gradient.
 */
export type Objective = (x: Float64Array, gradient: Float64Array, most?: number) => number;

/** Limits and patience of {@link minimiseInBox}. */
export interface BoxOptions {
  /** Shape (n), may hold -∞. */
  readonly lower: Float64Array;
  /** Shape (n), may hold ∞. */
  readonly upper: Float64Array;
  readonly iterations: number;
  /** Stops when no free component of the gradient is larger. */
  readonly gradientTolerance: number;
  /** Stops when a step gains less than this share of |f| (of 1 when that is larger). */
  readonly valueTolerance: number;
  /** Typical lengths of the variables, which the first step is scaled by; 1 where absent. Shape (n). */
  readonly scale?: Float64Array;
}

/** Where the minimiser ended. */
export interface BoxMinimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly evaluations: number;
}

/** Pairs of steps kept; 8 … 10 is the customary range (Liu and Nocedal, 1989). */
const MEMORY = 8;
/** Sufficient decrease (Armijo). */
const DECREASE = 1e-4;
const LONGEST_SEARCH = 20;

interface Pair {
  readonly step: Float64Array;
  readonly change: Float64Array;
  readonly curvature: number;
}

/**
 * Finds a local minimum inside a box: L-BFGS on the variables that are free, with steps projected back
 * onto the box (Bertsekas, 1982; Liu and Nocedal, 1989).
 *
 * @param objective - may return NaN or ∞ where the function has no value; such points are backed away from
 * @param start - shape (n); moved into the box first
 */
export function minimiseInBox(objective: Objective, start: Float64Array, options: BoxOptions): BoxMinimum {
  const n = start.length;
  let x: Float64Array = projected(start, options);
  let gradient: Float64Array = new Float64Array(n);
  let value = objective(x, gradient);
  let evaluations = 1;
  const pairs: Pair[] = [];
  for (let iteration = 0; iteration < options.iterations && Number.isFinite(value); iteration++) {
    const free = freeVariables(x, gradient, options);
    if (largest(gradient, free) <= options.gradientTolerance) break;
    const direction = descentDirection(gradient, free, pairs, options.scale);
    const found = lineSearch({ objective, options, x, value, gradient, direction });
    evaluations += found.evaluations;
    if (found.x === undefined) {
      if (pairs.length === 0) break;
      pairs.length = 0;
      continue;
    }
    remember(pairs, x, found.x, gradient, found.gradient);
    const gain = value - found.value;
    x = found.x;
    gradient = found.gradient;
    value = found.value;
    if (gain <= options.valueTolerance * Math.max(1, Math.abs(value))) break;
  }
  return { x, value, evaluations };
}

function projected(x: Float64Array, { lower, upper }: BoxOptions): Float64Array {
  return x.map((each, i) => Math.min(Math.max(each, lower[i] as number), upper[i] as number));
}

/** A variable is held when it lies at a limit and the way down leads outside. */
function freeVariables(x: Float64Array, gradient: Float64Array, { lower, upper }: BoxOptions): Uint8Array {
  const free = new Uint8Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const at = x[i] as number;
    const slope = gradient[i] as number;
    const held = (at <= (lower[i] as number) && slope > 0) || (at >= (upper[i] as number) && slope < 0);
    free[i] = held ? 0 : 1;
  }
  return free;
}

function largest(gradient: Float64Array, free: Uint8Array): number {
  let most = 0;
  for (let i = 0; i < gradient.length; i++) {
    if (free[i] === 1) most = Math.max(most, Math.abs(gradient[i] as number));
  }
  return most;
}

/** The two-loop recursion, restricted to the free variables. */
function descentDirection(
  gradient: Float64Array,
  free: Uint8Array,
  pairs: readonly Pair[],
  scale: Float64Array | undefined,
): Float64Array {
  const q = gradient.map((g, i) => (free[i] === 1 ? -g : 0));
  const shares: number[] = [];
  for (let p = pairs.length - 1; p >= 0; p--) {
    const { step, change, curvature } = pairs[p] as Pair;
    const share = dot(step, q) / curvature;
    shares[p] = share;
    add(q, change, -share);
  }
  const last = pairs.at(-1);
  for (let i = 0; i < q.length; i++) q[i] = (q[i] as number) * square(scale?.[i] ?? 1);
  const size =
    last === undefined ? 1 / Math.max(1, norm(q)) : last.curvature / scaledSquare(last.change, scale);
  for (let i = 0; i < q.length; i++) q[i] = (q[i] as number) * size;
  for (const [p, { step, change, curvature }] of pairs.entries()) {
    add(q, step, (shares[p] as number) - dot(change, q) / curvature);
  }
  for (let i = 0; i < q.length; i++) if (free[i] === 0) q[i] = 0;
  return dot(q, gradient) < 0 ? q : gradient.map((g, i) => (free[i] === 1 ? -g : 0));
}

interface Search {
  readonly objective: Objective;
  readonly options: BoxOptions;
  readonly x: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
  readonly direction: Float64Array;
}

function lineSearch({ objective, options, x, value, gradient, direction }: Search): {
  x: Float64Array | undefined;
  value: number;
  gradient: Float64Array;
  evaluations: number;
} {
  const next = new Float64Array(x.length);
  let length = 1;
  for (let trial = 1; trial <= LONGEST_SEARCH; trial++) {
    const candidate = projected(
      x.map((each, i) => each + length * (direction[i] as number)),
      options,
    );
    let expected = 0;
    for (let i = 0; i < x.length; i++)
      expected += (gradient[i] as number) * ((candidate[i] as number) - (x[i] as number));
    const most = expected < 0 ? value + DECREASE * expected : -Infinity;
    const reached = objective(candidate, next, most);
    if (reached <= most) return { x: candidate, value: reached, gradient: next, evaluations: trial };
    length *= shrink(reached - value, expected);
  }
  return { x: undefined, value, gradient, evaluations: LONGEST_SEARCH };
}

/** Minimum of the parabola through value, slope and trial value, kept between a tenth and a half. */
function shrink(rise: number, expected: number): number {
  const best = -expected / (2 * (rise - expected));
  return Number.isFinite(best) ? Math.min(0.5, Math.max(0.1, best)) : 0.1;
}

function remember(
  pairs: Pair[],
  from: Float64Array,
  to: Float64Array,
  before: Float64Array,
  after: Float64Array,
): void {
  const step = to.map((each, i) => each - (from[i] as number));
  const change = after.map((each, i) => each - (before[i] as number));
  const curvature = dot(step, change);
  if (curvature <= 1e-10 * norm(step) * norm(change)) return;
  pairs.push({ step, change, curvature });
  if (pairs.length > MEMORY) pairs.shift();
}

function scaledSquare(change: Float64Array, scale: Float64Array | undefined): number {
  let sum = 0;
  for (let i = 0; i < change.length; i++) sum += square((change[i] as number) * (scale?.[i] ?? 1));
  return sum;
}

function square(x: number): number {
  return x * x;
}

function add(target: Float64Array, other: Float64Array, factor: number): void {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] as number) + factor * (other[i] as number);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}
