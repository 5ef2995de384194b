import { cos, log, sin } from "./elementary.ts";

/** A stream of random numbers; two streams of one key give the same numbers on every machine. */
export interface Random {
  /** The next number, uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** The next number from the standard normal distribution. */
  normal(): number;
  /** The next whole number, uniform in 0 … below - 1. */
  integer(below: number): number;
}

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;

/**
 * One block of the counter-based generator Philox4x32-10.
 * Source: Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (SC 2011).
 *
 * @param counter - four 32-bit words
 * @param key - two 32-bit words
 * @returns four random 32-bit words
 */
export function philox(counter: readonly number[], key: readonly number[]): [number, number, number, number] {
  let [a, b, c, d] = counter as [number, number, number, number];
  let [k0, k1] = key as [number, number];
  for (let round = 0; round < 10; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, a);
    const low0 = Math.imul(MULTIPLIER_0, a) >>> 0;
    const high1 = multiplyHigh(MULTIPLIER_1, c);
    const low1 = Math.imul(MULTIPLIER_1, c) >>> 0;
    [a, b, c, d] = [(high1 ^ b ^ k0) >>> 0, low1, (high0 ^ d ^ k1) >>> 0, low0];
    k0 = (k0 + WEYL_0) >>> 0;
    k1 = (k1 + WEYL_1) >>> 0;
  }
  return [a, b, c, d];
}

/** Upper 32 bits of the product of two unsigned 32-bit numbers. */
function multiplyHigh(a: number, b: number): number {
  const aHigh = a >>> 16;
  const aLow = a & 0xffff;
  const bHigh = b >>> 16;
  const bLow = b & 0xffff;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return (aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(carry / 65536)) >>> 0;
}

/** FNV-1a over UTF-16 code units; turns a purpose into a key word. */
function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}

/**
 * The random numbers of one purpose within one decision of a campaign.
 *
 * @param seed - the campaign's seed, a whole number of at most 53 bits
 * @param decision - number of the decision, experiment or reading, 0 … 2³² - 1
 * @param purpose - what the numbers are for, such as "candidates"
 */
export function randomStream(seed: number, decision: number, purpose: string): Random {
  const key = [seed >>> 0, (Math.floor(seed / 4294967296) ^ hashText(purpose)) >>> 0];
  let block = 0;
  let words: readonly number[] = [];
  let used = 4;
  let spare: number | undefined;
  const word = (): number => {
    if (used === 4) {
      words = philox([block, hashText(purpose), decision >>> 0, 0], key);
      block += 1;
      used = 0;
    }
    return words[used++] as number;
  };
  const uniform = (): number => ((word() >>> 5) * 67108864 + (word() >>> 6)) / 9007199254740992;
  return {
    uniform,
    integer: (below) => Math.floor(uniform() * below),
    normal: () => {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      // Box and Muller (1958): exact, and uses a fixed number of words, so streams stay in step.
      const radius = Math.sqrt(-2 * log(1 - uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = radius * sin(angle);
      return radius * cos(angle);
    },
  };
}
