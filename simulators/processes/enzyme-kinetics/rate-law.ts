/**
 * The true parameters: mushroom tyrosinase turns L-DOPA into dopachrome (orange, 475 nm), and kojic acid
 * competes for the active site. Magnitudes as usual in teaching laboratories.
 */
export const ENZYME_KINETICS_TRUTH = {
  /** Greatest rate with undiluted enzyme stock, mM/s; a tenth of it in the documented procedure. */
  vmax: 0.04,
  /** Michaelis constant of L-DOPA, mM. */
  km: 0.35,
  /** Inhibition constant of kojic acid, mM. */
  ki: 0.05,
  /** Decadic extinction of dopachrome at 475 nm, 1/mM/cm. */
  extinction: 3.6,
  /** Wavelength of its strongest absorption, nm. */
  peak: 475,
  /** Standard deviation of its band, nm. */
  width: 45,
  /** L-DOPA in the substrate stock, mM. */
  substrate: 5,
  /** Kojic acid in the inhibitor stock, mM. */
  inhibitor: 1,
} as const;

/**
 * Competitive inhibition: v = Vmax·S / (Km·(1 + I/Ki) + S)
 *
 * Source: Cornish-Bowden, Fundamentals of Enzyme Kinetics, chapter 6.
 *
 * @param substrate - S in mM
 * @param inhibitor - I in mM
 * @param enzyme - share of enzyme stock in the mixture, 0 … 1
 * @returns mM/s
 */
export function reactionRate(substrate: number, inhibitor: number, enzyme: number): number {
  const { vmax, km, ki } = ENZYME_KINETICS_TRUTH;
  return (vmax * enzyme * substrate) / (km * (1 + inhibitor / ki) + substrate);
}

/**
 * Share of the light that the mixture lets through.
 *
 * @param product - dopachrome in mM
 * @param wavelength - nm
 * @param path - cm
 */
export function productTransmittance(product: number, wavelength: number, path: number): number {
  const { extinction, peak, width } = ENZYME_KINETICS_TRUTH;
  const distance = (wavelength - peak) / width;
  return 10 ** (-extinction * product * path * Math.exp((-distance * distance) / 2));
}
