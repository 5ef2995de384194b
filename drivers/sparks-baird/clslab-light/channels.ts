/** Channels of the AS7341 by the node's names; the numbers are wavelengths in nm. */
export const CHANNELS = ["ch410", "ch440", "ch470", "ch510", "ch550", "ch583", "ch620", "ch670"] as const;

/** A channel. */
export type Channel = (typeof CHANNELS)[number];

/** Counts of every channel. */
export type Counts = Readonly<Record<Channel, number>>;

/**
 * The count at which a channel is full: 16 bits, or less when there are fewer steps to count in
 * (AS7341 data sheet, section "ADC range").
 */
export function fullScale(atime: number, astep: number): number {
  return Math.min(65535, (atime + 1) * (astep + 1));
}
