/** A dye's absorption band. */
export interface Dye {
  /** Wavelength of the strongest absorption in nm. */
  readonly peak: number;
  /** Standard deviation of the band in nm. */
  readonly width: number;
  /** Decadic absorbance of the undiluted dye at its peak, per cm. */
  readonly absorbance: number;
}

/**
 * The true parameters of the process: what a campaign could find out. Bands are Gaussian with the places and
 * widths of common food dyes (brilliant blue 630 nm, a magenta near 530 nm, tartrazine near 425 nm).
 */
export const COLOUR_MIXING_TRUTH: Readonly<Record<"cyan" | "magenta" | "yellow", Dye>> = {
  cyan: { peak: 630, width: 40, absorbance: 3 },
  magenta: { peak: 530, width: 38, absorbance: 3 },
  yellow: { peak: 430, width: 42, absorbance: 3 },
};

/**
 * Beer and Lambert: share of the light that a mixture lets through.
 *
 * @param shares - volume shares of cyan, magenta and yellow stock in the mixture, 0 … 1 each
 * @param wavelength - nm
 * @param path - cm
 * @returns 0 … 1
 */
export function mixtureTransmittance(shares: readonly number[], wavelength: number, path: number): number {
  const { cyan, magenta, yellow } = COLOUR_MIXING_TRUTH;
  let absorbance = 0;
  for (const [i, dye] of [cyan, magenta, yellow].entries()) {
    const distance = (wavelength - dye.peak) / dye.width;
    absorbance += (shares[i] as number) * dye.absorbance * Math.exp((-distance * distance) / 2);
  }
  return 10 ** (-absorbance * path);
}
