import { offsetOf } from "../campaign/window/wall-clock.ts";

/** When simulated campaigns begin unless the lab file says otherwise. */
export const USUAL_START = "2030-01-01 18:00";

/**
 * The moment of a time on the wall of a lab.
 *
 * @param text - such as "2030-01-01 18:00" or "2030-01-01 18:00:30"
 * @param zone - IANA name of the time zone
 * @returns milliseconds since 1970, or undefined when the text is no time or the zone is unknown
 */
export function labTime(text: string, zone: string): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second);
  // An hour 25 or a 30th of February would be a moment of another day.
  const shown = new Date(asUtc);
  if (shown.getUTCMonth() !== month - 1 || shown.getUTCDate() !== day || shown.getUTCHours() !== hour)
    return undefined;
  if (shown.getUTCMinutes() !== minute || shown.getUTCSeconds() !== second) return undefined;
  // The offset is looked up twice, since it may change between the guess and the moment itself.
  const first = offsetOf(asUtc, zone);
  if (first === undefined) return undefined;
  const second2 = offsetOf(asUtc - first, zone);
  return second2 === undefined ? undefined : asUtc - second2;
}

/**
 * The first moment at which the wall of a lab shows a time of day.
 *
 * @param text - such as "02:10"
 * @returns milliseconds since 1970, at or after `after`; undefined when it is no time of day
 */
export function timeOfDay(
  text: string,
  { after, zone }: { readonly after: number; readonly zone: string },
): number | undefined {
  const offset = offsetOf(after, zone) ?? 0;
  for (let days = 0; days <= 1; days++) {
    const date = new Date(after + offset + days * 86_400_000).toISOString().slice(0, 10);
    const moment = labTime(`${date} ${text.padStart(5, "0")}`, zone);
    if (moment === undefined) return undefined;
    if (moment >= after) return moment;
  }
  return undefined;
}
