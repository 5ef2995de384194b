/** A band of light: emitted by a lamp, or let through by a filter. */
interface Band {
  /** Wavelength of the most in nm. */
  readonly peak: number;
  /** Full width at half of the most, in nm. */
  readonly width: number;
}

/** Light of the node's lamp: usual figures of WS2812B-like diodes. */
export const LAMPS: readonly Band[] = [
  { peak: 624, width: 20 },
  { peak: 525, width: 34 },
  { peak: 467, width: 25 },
];

/** Channels F1 … F8 of the AS7341 (data sheet DS000504, table of optical characteristics), by the node's names. */
export const FILTERS: Readonly<Record<string, Band>> = {
  ch410: { peak: 415, width: 26 },
  ch440: { peak: 445, width: 30 },
  ch470: { peak: 480, width: 36 },
  ch510: { peak: 515, width: 39 },
  ch550: { peak: 555, width: 39 },
  ch583: { peak: 590, width: 40 },
  ch620: { peak: 630, width: 50 },
  ch670: { peak: 680, width: 52 },
};

/** Wavelengths in nm at which spectra are summed; 5 nm resolves the narrowest band four times. */
const GRID: readonly number[] = Array.from({ length: 69 }, (_, i) => 380 + 5 * i);

/** Share of the lamps' light that is spread over all wavelengths, and through every filter alike. */
const STRAY = 0.004;

/** Sensitivity: counts per unit of light, gain and second; blue 30 fills half of a channel at gain 128, 0.28 s. */
const SENSITIVITY = 55;

function shape({ peak, width }: Band, wavelength: number): number {
  const sigma = width / 2.3548;
  return Math.exp(-((wavelength - peak) ** 2) / (2 * sigma * sigma));
}

/** Weight of every wavelength for a channel and a lamp; the lamp's whole light is 1. */
const WEIGHTS: ReadonlyMap<string, readonly (readonly number[])[]> = new Map(
  Object.entries(FILTERS).map(([channel, filter]) => [channel, LAMPS.map((lamp) => weights(filter, lamp))]),
);

function weights(filter: Band, lamp: Band): number[] {
  const emitted = GRID.map((wavelength) => shape(lamp, wavelength));
  const whole = emitted.reduce((sum, value) => sum + value, 0);
  return GRID.map((wavelength, i) => {
    const share = (1 - STRAY) * ((emitted[i] as number) / whole) + STRAY / GRID.length;
    return share * shape(filter, wavelength);
  });
}

/**
 * Light that every channel gets, in counts per unit of gain and second.
 *
 * @param light - red, green and blue, 0 … 255
 * @param transmittance - share of the light that comes through at a wavelength in nm
 */
export function channelRates(
  light: readonly number[],
  transmittance: (wavelength: number) => number,
): Map<string, number> {
  const through = GRID.map(transmittance);
  const rates = new Map<string, number>();
  for (const [channel, lamps] of WEIGHTS) {
    let rate = 0;
    for (const [lamp, weight] of lamps.entries()) {
      const power = light[lamp] as number;
      if (power === 0) continue;
      for (const [i, value] of through.entries()) rate += power * (weight[i] as number) * value;
    }
    rates.set(channel, SENSITIVITY * rate);
  }
  return rates;
}
