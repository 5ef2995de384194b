import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { philox, type Random, randomStream } from "./random.ts";

const words = (hex: string): number[] => hex.split(" ").map((word) => Number.parseInt(word, 16));
const draw = (count: number, next: () => number): number[] => Array.from({ length: count }, next);
const mean = (values: readonly number[]): number =>
  values.reduce((sum, each) => sum + each, 0) / values.length;

describe("Philox4x32-10", () => {
  // The known answers of the authors' library (Random123, tests/kat_vectors, philox4x32 with 10 rounds).
  it.each([
    ["00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
    ["ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"],
    ["243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"],
  ])("turns the counter %s and the key %s into %s", (counter, key, wanted) => {
    expect(philox(words(counter), words(key))).toEqual(words(wanted));
  });
});

describe("a stream of random numbers", () => {
  // Values of an independent implementation with whole numbers of any size (Python), written from the paper and
  // from the definition of FNV-1a.
  it.each<[number, number, string, number[]]>([
    [0, 0, "", [0.1296991522782388, 0.2673142619705666, 0.6256831066849443, 0.8819890207202499]],
    [1, 7, "foobar", [0.6572590315888791, 0.608956303692636, 0.08563869923568912, 0.4978700670333214]],
    [
      2026,
      3,
      "candidates",
      [0.02356087878685542, 0.3324842640049126, 0.5789621680981037, 0.4628865713394337],
    ],
    [
      2 ** 53 - 1,
      2 ** 32 - 1,
      "particles of Hill",
      [0.3784991643616842, 0.7483929436999736, 0.08669077981144624, 0.02143784012794636],
    ],
  ])(
    "of seed %d, decision %d and purpose %j is the same on every machine",
    (seed, decision, purpose, wanted) => {
      const random = randomStream(seed, decision, purpose);
      expect(draw(4, random.uniform)).toEqual(wanted);
    },
  );

  const key = fc.record({
    seed: fc.maxSafeNat(),
    decision: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    purpose: fc.string({ maxLength: 12 }),
  });
  const stream = ({ seed, decision, purpose }: { seed: number; decision: number; purpose: string }): Random =>
    randomStream(seed, decision, purpose);

  prop.prop([key])("repeats itself for one key", (key) => {
    const numbers = (random: Random): number[] =>
      draw(9, random.uniform).concat(draw(3, random.normal), random.integer(1000));
    expect(numbers(stream(key))).toEqual(numbers(stream(key)));
  });

  // Two streams of 53-bit numbers agree in one place by chance in 1 of 2^53.
  prop.prop([key])("is another one for the next seed, decision or purpose", (key) => {
    const [own] = draw(1, stream(key).uniform);
    const high = key.seed < 2 ** 52 ? key.seed + 2 ** 32 : key.seed - 2 ** 32;
    const others = [
      { ...key, seed: key.seed === 0 ? 1 : key.seed - 1 },
      { ...key, seed: high },
      { ...key, decision: key.decision === 0 ? 1 : key.decision - 1 },
      { ...key, purpose: `${key.purpose}a` },
    ];
    for (const other of others) expect(stream(other).uniform()).not.toBe(own);
  });

  prop.prop([key, key, fc.array(fc.boolean(), { maxLength: 40 })])(
    "doesn't depend on what is drawn from another one in between",
    (mine, theirs, order) => {
      const [a, b] = [stream(mine), stream(theirs)];
      const drawn: number[] = [];
      for (const turn of order) {
        if (turn) drawn.push(a.uniform());
        else b.normal();
      }
      expect(drawn).toEqual(draw(drawn.length, stream(mine).uniform));
    },
  );

  prop.prop([key, fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })])(
    "gives whole numbers from 0 to one below their number",
    (key, below) => {
      const integer = stream(key).integer(below);
      expect(Number.isSafeInteger(integer) && integer >= 0 && integer < below).toBe(true);
      expect(integer).toBe(Math.floor(stream(key).uniform() * below));
      expect(stream(key).integer(1)).toBe(0);
    },
  );

  it("makes two normal numbers of two uniform ones, by the equation of Box and Muller", () => {
    const [normal, uniform] = [randomStream(5, 1, "pair"), randomStream(5, 1, "pair")];
    for (let i = 0; i < 20; i++) {
      const [u, v] = [uniform.uniform(), uniform.uniform()];
      const [a, b] = [normal.normal(), normal.normal()];
      expect(a ** 2 + b ** 2).toBeCloseTo(-2 * Math.log(1 - u), 12);
      // An angle of 2πv, up to whole turns.
      expect(Math.atan2(b, a)).toBeCloseTo(2 * Math.PI * (v < 0.5 ? v : v - 1), 12);
    }
  });
});

// Each tolerance below is 4 standard errors of its statistic: a right generator misses one for 1 seed in 16 000.
const COUNT = 100_000;
/** How many standard errors a mean of numbers of such a variance is off. */
const errors = (deviation: number, variance: number): number =>
  Math.abs(deviation) / Math.sqrt(variance / COUNT);

describe("uniform numbers", () => {
  const numbers = draw(COUNT, randomStream(1, 2, "uniform moments").uniform);

  it("lie in [0, 1)", () => {
    expect(numbers.every((u) => u >= 0 && u < 1)).toBe(true);
  });

  it("have the mean 1/2 and the variance 1/12", () => {
    expect(errors(mean(numbers) - 1 / 2, 1 / 12)).toBeLessThan(4);
    // The fourth central moment is 1/80, so (u - 1/2)² has the variance 1/80 - 1/144 = 1/180.
    expect(errors(mean(numbers.map((u) => (u - 1 / 2) ** 2)) - 1 / 12, 1 / 180)).toBeLessThan(4);
  });

  it("don't follow from the one before, or from another stream", () => {
    const product = (others: readonly number[]): number =>
      mean(numbers.map((u, i) => (u - 1 / 2) * ((others[i] as number) - 1 / 2)));
    expect(errors(product([...numbers.slice(1), numbers[0] as number]), 1 / 144)).toBeLessThan(4);
    expect(errors(product(draw(COUNT, randomStream(1, 3, "uniform moments").uniform)), 1 / 144)).toBeLessThan(
      4,
    );
    expect(errors(product(draw(COUNT, randomStream(2, 2, "uniform moments").uniform)), 1 / 144)).toBeLessThan(
      4,
    );
    expect(errors(product(draw(COUNT, randomStream(1, 2, "uniform moment").uniform)), 1 / 144)).toBeLessThan(
      4,
    );
  });

  it("have 53 bits, each of them set half the time", () => {
    const set = new Array<number>(53).fill(0);
    for (const u of numbers) {
      let rest = u;
      for (let bit = 0; bit < 53; bit++) {
        const digit = Math.floor(2 * rest);
        set[bit] = (set[bit] as number) + digit;
        rest = 2 * rest - digit;
      }
      if (rest !== 0) throw new Error(`${u} has more than 53 bits`);
    }
    for (const count of set) expect(errors(count / COUNT - 1 / 2, 1 / 4)).toBeLessThan(4);
  });
});

describe("whole numbers", () => {
  it("fall evenly on all places", () => {
    const counts = new Array<number>(10).fill(0);
    const random = randomStream(1, 2, "integers");
    for (let i = 0; i < COUNT; i++) {
      const place = random.integer(10);
      counts[place] = (counts[place] as number) + 1;
    }
    const expected = COUNT / 10;
    const chi2 = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
    // χ² of 9 degrees of freedom is above 33.72 in 1 of 10 000.
    expect(chi2).toBeLessThan(33.72);
  });
});

describe("normal numbers", () => {
  const numbers = draw(COUNT, randomStream(1, 2, "normal moments").normal);

  it("have the moments 0, 1, 0 and 3", () => {
    // The variance of zᵏ is E[z²ᵏ] - E[zᵏ]²: 1, 3 - 1, 15 and 105 - 9.
    expect(errors(mean(numbers), 1)).toBeLessThan(4);
    expect(errors(mean(numbers.map((z) => z ** 2)) - 1, 2)).toBeLessThan(4);
    expect(errors(mean(numbers.map((z) => z ** 3)), 15)).toBeLessThan(4);
    expect(errors(mean(numbers.map((z) => z ** 4)) - 3, 96)).toBeLessThan(4);
  });

  it("lie within one and two standard deviations as often as they should", () => {
    for (const [bound, share] of [
      [1, 0.6826894921370859],
      [2, 0.9544997361036416],
    ] as const) {
      const inside = numbers.filter((z) => Math.abs(z) < bound).length / COUNT;
      expect(errors(inside - share, share * (1 - share))).toBeLessThan(4);
    }
  });

  it("of one pair don't follow from each other", () => {
    const pairs = numbers.map((z, i) => z * (numbers[i ^ 1] as number)).filter((_, i) => i % 2 === 0);
    // Half as many pairs as numbers: twice the variance.
    expect(errors(mean(pairs), 2)).toBeLessThan(4);
    const squares = numbers.map((z, i) => (z ** 2 - 1) * ((numbers[i ^ 1] as number) ** 2 - 1));
    expect(errors(mean(squares.filter((_, i) => i % 2 === 0)), 2 * 4)).toBeLessThan(4);
  });
});
