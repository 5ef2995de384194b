import type { StrategyDefinition } from "labloop";
import { type Claim, type Contest, type Extent, type Ground, shortened, wayOf } from "./claim.ts";
import { box, type TestFunction } from "./functions.ts";
import { labloopOptimiser } from "./labloop-optimiser.ts";

const SUMS_OF = [0.15, 0.3, 0.55, 0.9];
const BUMP_AT = [0.08, 0.15, 0.22, 0.35, 0.8, 0.9];
/** Distance over which the bump fades. */
const BUMP_WIDTH = 0.25;
const SIGNAL = [0.6, -0.3, 0.45, 0.2];

const sumOf = (x: readonly number[], term: (each: number, i: number) => number): number =>
  x.reduce((sum, each, i) => sum + term(each, i), 0);

/** Square of the distance of power sums 1 … 4 from those of `SUMS_OF`, which its permutations alone have (Newton). */
function powerSums(x: readonly number[]): number {
  const differences = x.map((_, i) => {
    const power = i + 1;
    return sumOf(x, (each) => each ** power) - sumOf(SUMS_OF, (each) => each ** power);
  });
  return sumOf(differences, (each) => each ** 2);
}

/** A bump at each permutation of `BUMP_AT`, of which the highest counts: that in the order of the setting. */
function sortedBump(x: readonly number[]): number {
  const sorted = [...x].sort((a, b) => a - b);
  const far = sumOf(sorted, (each, i) => (each - (BUMP_AT[i] as number)) ** 2);
  return 1 - Math.exp(-far / (2 * BUMP_WIDTH ** 2));
}

/** |xxᵀ - ssᵀ|² for the signal s, which is found but for its sign: |x|⁴ - 2 (x·s)² + |s|⁴. */
function outerProduct(x: readonly number[]): number {
  const squares = sumOf(x, (each) => each ** 2);
  const along = sumOf(x, (each, i) => each * (SIGNAL[i] as number));
  return squares ** 2 - 2 * along ** 2 + sumOf(SIGNAL, (each) => each ** 2) ** 2;
}

type SymmetriesOf = (names: readonly string[]) => NonNullable<StrategyDefinition["symmetries"]>;

const permuted: SymmetriesOf = (names) => [{ permute: names }];
const mirrored: SymmetriesOf = (names) => [{ sign: names }];

const SYMMETRIC: readonly (TestFunction & { readonly symmetriesOf: SymmetriesOf })[] = [
  {
    name: "power-sums-4",
    columns: box(4, 0, 1),
    minimum: 0,
    experiments: 30,
    symmetriesOf: permuted,
    evaluate: powerSums,
  },
  {
    name: "sorted-bump-6",
    columns: box(6, 0, 1),
    minimum: 0,
    experiments: 40,
    symmetriesOf: permuted,
    evaluate: sortedBump,
  },
  {
    name: "outer-product-4",
    columns: box(4, -1, 1),
    minimum: 0,
    experiments: 30,
    symmetriesOf: mirrored,
    evaluate: outerProduct,
  },
];

async function* contests(extent: Extent): AsyncGenerator<Contest> {
  for (const test of shortened(SYMMETRIC, extent)) {
    const symmetries = test.symmetriesOf(test.columns.map(({ name }) => name));
    const ground: Ground = { test, extent };
    yield {
      test,
      ours: await wayOf("declared", ground, (seed) => labloopOptimiser(test, seed, { symmetries })),
      theirs: await wayOf("not declared", ground, (seed) => labloopOptimiser(test, seed)),
      goal: { kind: "better", by: ["regret", "area"] },
    };
  }
}

/** What may be done to a setting without changing what comes out. */
export const SYMMETRY: Claim = {
  name: "symmetry",
  text: "What comes out stays the same when parameters change places (power-sums-4, sorted-bump-6), or when all change sign (outer-product-4).",
  figures: ["regret", "area"],
  contests,
};
