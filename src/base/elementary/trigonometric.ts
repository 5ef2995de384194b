/** π/2 in three parts of 33 bits, whose multiples up to 2²⁰ are exact, and the rest. */
const PART_1 = 1.5707963267341256;
const PART_2 = 6.077100506303966e-11;
const PART_3 = 2.0222662487111665e-21;
const PART_4 = 8.4784276603689e-32;
const TWO_OVER_PI = 0.6366197723675814;
const QUARTER = 0.7853981633974483;
/** Beyond it multiples of the parts are no longer exact. */
const NEAR = 1e6;
/** 1.5·2⁵²: adding and taking it away rounds to a whole number. */
const ROUNDER = 6755399441055744;

/** Angle within ±π/4 as its nearest number and what that lacks. */
const REDUCED: Float64Array = new Float64Array(2);

/** Sine of an angle in rad, the same bits on every machine; at most one unit in the last place off. */
export function sin(x: number): number {
  if (Math.abs(x) <= QUARTER) return sinKernel(x, 0);
  const quadrant = reduce(x);
  const value = quadrant & 1 ? cosReduced() : sinReduced();
  return quadrant & 2 ? -value : value;
}

/** Cosine of an angle in rad, the same bits on every machine; at most one unit in the last place off. */
export function cos(x: number): number {
  if (Math.abs(x) <= QUARTER) return cosKernel(x, 0);
  const quadrant = reduce(x) + 1;
  const value = quadrant & 1 ? cosReduced() : sinReduced();
  return quadrant & 2 ? -value : value;
}

/** Tangent of an angle in rad, the same bits on every machine; at most two units in the last place off. */
export function tan(x: number): number {
  if (Math.abs(x) <= QUARTER) return sinKernel(x, 0) / cosKernel(x, 0);
  return reduce(x) & 1 ? -cosReduced() / sinReduced() : sinReduced() / cosReduced();
}

function sinReduced(): number {
  return sinKernel(REDUCED[0] as number, REDUCED[1] as number);
}

function cosReduced(): number {
  return cosKernel(REDUCED[0] as number, REDUCED[1] as number);
}

/** sin(x + tail) for |x| ≤ π/4: Taylor's series, cut below 2⁻⁶² of x. */
function sinKernel(x: number, tail: number): number {
  if (Math.abs(x) < 1e-9) return tail === 0 ? x : x + tail;
  const z = x * x;
  const high =
    1 / 362880 + z * (-1 / 39916800 + z * (1 / 6227020800 + z * (-1 / 1307674368000 + z / 355687428096000)));
  const series = -1 / 6 + z * (1 / 120 + z * (-1 / 5040 + z * high));
  return x + (x * z * series + tail * (1 - 0.5 * z));
}

/** cos(x + tail) for |x| ≤ π/4; 1 - x²/2 is kept with what its rounding loses. */
function cosKernel(x: number, tail: number): number {
  const z = x * x;
  const half = 0.5 * z;
  const high = -1 / 3628800 + z * (1 / 479001600 + z * (-1 / 87178291200 + z / 20922789888000));
  const series = 1 / 24 + z * (-1 / 720 + z * (1 / 40320 + z * high));
  const rough = 1 - half;
  return rough + (1 - rough - half + (z * z * series - x * tail));
}

/**
 * Takes multiples of π/2 away until the angle lies within ±π/4 (Cody and Waite, 1980).
 *
 * @returns the multiple modulo 4 in its two lowest bits
 */
function reduce(x: number): number {
  if (!(Math.abs(x) < NEAR)) return reduceFar(x);
  const n = x * TWO_OVER_PI + ROUNDER - ROUNDER;
  const first = x - n * PART_1;
  const second = n * PART_2;
  const a = first - second;
  const aLost = lostIn(first, -second, a);
  const third = n * PART_3;
  const b = a - third;
  const rest = aLost + lostIn(a, -third, b) - n * PART_4;
  const angle = b + rest;
  REDUCED[0] = angle;
  REDUCED[1] = rest - (angle - b);
  return n | 0;
}

/** What a + b lacks when it is rounded to `sum` (Knuth's two-sum). */
function lostIn(a: number, b: number, sum: number): number {
  const second = sum - a;
  return a - (sum - second) + (b - second);
}

/** Binary digits of π/2 kept for large angles: 1024 of the angle, 53 of the result, 62 of the worst cancellation. */
const DIGITS = 1200n;
const HALF_PI = BigInt(
  "0x1921fb54442d18469898cc51701b839a252049c1114cf98e804177d4c76273644a29410f31c6809b" +
    "bdf2a33679a748636605614dbe4be286e9fc26adadaa3848bc90b6aecc4bcfd8de89885d34c6fdad" +
    "617feb96de80d6fdbdc70d7f6b5133f4b5d3e4822f8963fcc9250cca3d9c8b67b8400f97142c77e0" +
    "b31b4906c38aba734d22c7f51fa499ebf06caba47b9475b2c38c5e6ac410a",
);
/** Enough digits of the remainder to fill two numbers, few enough to be one. */
const DROPPED = 1000n;
/** 2⁻²⁰⁰, the unit of what is kept. */
const UNIT = 6.223015277861142e-61;

/** The same for an angle of any size, in whole numbers: the angle is m·2ᵉ exactly. */
function reduceFar(x: number): number {
  if (!Number.isFinite(x)) {
    REDUCED.fill(Number.NaN);
    return 0;
  }
  let exponent = 0;
  let mantissa = Math.abs(x);
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2;
    exponent += 1;
  }
  const scaled = (BigInt(mantissa) << DIGITS) >> BigInt(exponent);
  let multiple = scaled / HALF_PI;
  let rest = scaled - multiple * HALF_PI;
  if (2n * rest > HALF_PI) {
    multiple += 1n;
    rest -= HALF_PI;
  }
  const kept = rest >> DROPPED;
  const high = Number(kept);
  const sign = x < 0 ? -1 : 1;
  REDUCED[0] = sign * high * UNIT;
  REDUCED[1] = sign * Number(kept - BigInt(high)) * UNIT;
  return sign * Number(multiple & 3n);
}
