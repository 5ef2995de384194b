import type { Likeness } from "./kernel-coordinates.ts";

/**
 * Tanimoto's coefficient, the share of the bits of either that both have; two without any bit are alike.
 * It is positive definite (Gower, A general coefficient of similarity, Biometrics 27:857, 1971), so that √(1 - T) is
 * a distance with coordinates.
 *
 * @param fingerprints - equally long, 32 bits a number
 */
export function fingerprintLikeness(fingerprints: readonly (readonly number[])[]): Likeness {
  return {
    count: fingerprints.length,
    between: (i, j) => tanimoto(fingerprints[i] as readonly number[], fingerprints[j] as readonly number[]),
  };
}

function tanimoto(a: readonly number[], b: readonly number[]): number {
  let both = 0;
  let either = 0;
  for (const [k, word] of a.entries()) {
    both += bitsIn(word & (b[k] as number));
    either += bitsIn(word | (b[k] as number));
  }
  return either === 0 ? 1 : both / either;
}

function bitsIn(word: number): number {
  let bits = 0;
  for (let left = word; left !== 0; left &= left - 1) bits += 1;
  return bits;
}
