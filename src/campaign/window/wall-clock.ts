/** Formatters are slow to make, and a lab has one zone. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  formatters.set(zone, made);
  return made;
}

/** Whether a time zone is known here. */
export function isZone(zone: string): boolean {
  return offsetOf(0, zone) !== undefined;
}

/** Milliseconds that a zone is ahead of UTC at a moment; undefined when the zone is unknown. */
export function offsetOf(moment: number, zone: string): number | undefined {
  // The usual zone needs no calendar, which takes as long to load as the file takes to read.
  if (zone === "UTC") return 0;
  try {
    const parts = formatterOf(zone).formatToParts(moment);
    const get = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
    const wall = Date.UTC(
      get("year"),
      get("month") - 1,
      get("day"),
      get("hour"),
      get("minute"),
      get("second"),
    );
    return wall - Math.floor(moment / 1000) * 1000;
  } catch {
    return undefined;
  }
}

const DAY = 86_400_000;

/**
 * The first moment at which the clock on the wall shows a time or a later one of that day: where an hour is left out in
 * spring the moment of the jump, where one comes twice in autumn the first of both.
 *
 * @param wall - milliseconds since 1970 as if the wall showed UTC
 * @param zone - IANA name of a zone that is known
 * @returns milliseconds since 1970
 */
export function firstMoment(wall: number, zone: string): number {
  const offset = (moment: number): number => offsetOf(moment, zone) ?? 0;
  const shows = (moment: number): number => moment + offset(moment);
  const [before, after] = [offset(wall - DAY), offset(wall + DAY)];
  let early = wall - Math.max(before, after);
  if (before === after || shows(early) === wall) return early;
  let late = wall - Math.min(before, after);
  if (shows(late) === wall && shows(late - 1) < wall) return late;
  // In between is the jump; the wall goes from before the time to behind it.
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (shows(middle) >= wall) late = middle;
    else early = middle;
  }
  return late;
}

/** What the wall shows at a moment, as milliseconds since 1970 as if it showed UTC. */
export function wallTime(moment: number, zone: string): number {
  return moment + (offsetOf(moment, zone) ?? 0);
}
