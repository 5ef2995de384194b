import type { Arguments, Settings } from "labloop/instrument";
import { fullScale } from "./channels.ts";

/** One step of the sensor's clock in s (AS7341 data sheet, section "Integration time"). */
export const STEP = 2.78e-6;
/** Steps of one count of `atime`; fixed, so that the integration time is set by `atime` alone. */
export const ASTEP = 999;
/** What the node needs besides its two integrations, in ms. */
const OVERHEAD = 100;

/** What the node is told to do for one reading. */
export interface Exposure {
  readonly R: number;
  readonly G: number;
  readonly B: number;
  readonly atime: number;
  readonly astep: number;
  readonly gain: number;
  readonly integration_time_s: number;
}

/** The exposure that a call asks for; what it leaves open is taken from the settings. */
export function exposureOf(given: Arguments, settings: Settings): Exposure {
  const value = (name: string): number => Number(given[name] ?? settings[name]);
  return makeExposure(
    [value("red"), value("green"), value("blue")],
    value("integration"),
    Number(given["gain"] ?? settings["gain"]),
  );
}

/**
 * An exposure.
 *
 * @param light - red, green and blue, 0 … 255
 * @param integration - s; the nearest time that the sensor can make is taken
 */
export function makeExposure(
  light: readonly [number, number, number],
  integration: number,
  gain: number,
): Exposure {
  const atime = Math.min(255, Math.max(0, Math.round(integration / (STEP * (ASTEP + 1))) - 1));
  const [R, G, B] = light.map(Math.round) as [number, number, number];
  const time = (atime + 1) * (ASTEP + 1) * STEP;
  return { R, G, B, atime, astep: ASTEP, gain, integration_time_s: Number(time.toPrecision(6)) };
}

/** Milliseconds that one reading takes: one integration in the dark, one with the light on. */
export function duration(exposure: Exposure): number {
  return 2000 * exposure.integration_time_s + OVERHEAD;
}

/** The count at which a channel is full in this exposure. */
export function fullCount(exposure: Exposure): number {
  return fullScale(exposure.atime, exposure.astep);
}
