import { pow } from "../base/elementary.ts";
import type { Random } from "../base/random.ts";

/**
 * Primitive polynomials (leading and constant term included, as bits) and first direction numbers of
 * dimensions 1 … 32.
 * Source: Joe and Kuo, Constructing Sobol sequences with better two-dimensional projections (2008),
 * table new-joe-kuo-6.
 */
const DIRECTIONS: readonly (readonly [polynomial: number, ...first: number[]])[] = [
  [1, 1],
  [3, 1],
  [7, 1, 3],
  [11, 1, 3, 1],
  [13, 1, 1, 1],
  [19, 1, 1, 3, 3],
  [25, 1, 3, 5, 13],
  [37, 1, 1, 5, 5, 17],
  [41, 1, 1, 5, 5, 5],
  [47, 1, 1, 7, 11, 19],
  [55, 1, 1, 5, 1, 1],
  [59, 1, 1, 1, 3, 11],
  [61, 1, 3, 5, 5, 31],
  [67, 1, 3, 3, 9, 7, 49],
  [91, 1, 1, 1, 15, 21, 21],
  [97, 1, 3, 1, 13, 27, 49],
  [103, 1, 1, 1, 15, 7, 5],
  [109, 1, 3, 1, 15, 13, 25],
  [115, 1, 1, 5, 5, 19, 61],
  [131, 1, 3, 7, 11, 23, 15, 103],
  [137, 1, 3, 7, 13, 13, 15, 69],
  [143, 1, 1, 3, 13, 7, 35, 63],
  [145, 1, 3, 5, 9, 1, 25, 53],
  [157, 1, 3, 1, 13, 9, 35, 107],
  [167, 1, 3, 1, 5, 27, 61, 31],
  [171, 1, 1, 5, 11, 19, 41, 61],
  [185, 1, 3, 5, 3, 3, 13, 69],
  [191, 1, 1, 7, 13, 1, 19, 1],
  [193, 1, 3, 7, 5, 13, 19, 59],
  [203, 1, 1, 3, 9, 25, 29, 41],
  [211, 1, 3, 5, 13, 23, 1, 55],
  [213, 1, 3, 7, 3, 13, 59, 17],
];

/** Most dimensions of a Sobol sequence here. */
export const SOBOL_DIMENSIONS: number = DIRECTIONS.length;

const BITS = 32;
/** 2³². */
const ALL = 4294967296;

/**
 * Points of a Sobol sequence, which fill the unit cube more evenly than random ones.
 *
 * With a random stream the points are scrambled (random lower-triangular matrix over the binary digits and a
 * digital shift: Matoušek, 1998): uniform one by one, and still even together.
 *
 * @param count - points, 1 … 2³²
 * @param dimensions - 1 … 32
 * @param random - scrambles; without it the plain sequence, whose first point is the origin
 * @returns in [0, 1), point after point; shape (count × dimensions)
 * @throws RangeError when there are more than 32 dimensions
 */
export function sobolPoints(count: number, dimensions: number, random?: Random): Float64Array {
  if (dimensions > SOBOL_DIMENSIONS)
    throw new RangeError(`a Sobol sequence has at most ${SOBOL_DIMENSIONS} dimensions here`);
  const points = new Float64Array(count * dimensions);
  for (let d = 0; d < dimensions; d++) {
    const plain = directionNumbers(d);
    const directions = random === undefined ? plain : scrambled(plain, random);
    let bits = random === undefined ? 0 : random.integer(ALL);
    for (let i = 0; i < count; i++) {
      points[i * dimensions + d] = (bits >>> 0) / ALL;
      bits ^= directions[trailingOnes(i)] as number;
    }
  }
  return points;
}

/** Number of ones at the low end; it names the digit that the Gray code changes next. */
function trailingOnes(i: number): number {
  return 31 - Math.clz32(~i & (i + 1));
}

function directionNumbers(dimension: number): Uint32Array {
  const [polynomial, ...first] = DIRECTIONS[dimension] as readonly [number, ...number[]];
  const directions = new Uint32Array(BITS);
  const degree = dimension === 0 ? 0 : 31 - Math.clz32(polynomial);
  for (let k = 0; k < BITS; k++) {
    if (dimension === 0) directions[k] = 1 << (31 - k);
    else if (k < degree) directions[k] = (first[k] as number) << (31 - k);
    else directions[k] = recurrence(directions, k, polynomial, degree);
  }
  return directions;
}

function recurrence(directions: Uint32Array, k: number, polynomial: number, degree: number): number {
  const before = directions[k - degree] as number;
  let value = before ^ (before >>> degree);
  for (let j = 1; j < degree; j++) {
    if ((polynomial >>> (degree - j)) & 1) value ^= directions[k - j] as number;
  }
  return value >>> 0;
}

/** Multiplies each direction number by one random lower-triangular matrix with ones on its diagonal. */
function scrambled(directions: Uint32Array, random: Random): Uint32Array {
  const rows = Array.from({ length: BITS }, (_, i) => {
    const above = i === 0 ? 0 : random.integer(pow(2, i)) * pow(2, BITS - i);
    return (above | (1 << (31 - i))) >>> 0;
  });
  return directions.map((direction) =>
    rows.reduce((value, row, i) => (parity(row & direction) ? value | (1 << (31 - i)) : value), 0),
  );
}

function parity(word: number): boolean {
  let bits = word;
  for (let shift = 16; shift > 0; shift >>= 1) bits ^= bits >>> shift;
  return (bits & 1) === 1;
}
