import { formatQuantity } from "../../base/quantity.ts";
import {
  type Alarm,
  type AlarmState,
  byUrgency,
  isStanding,
  isUnacknowledged,
  PRIORITIES,
  stateOf,
} from "../../lab/alarm/alarm.ts";
import type { Announcement } from "../../lab/alarm/announcer.ts";
import type { AlarmPriority } from "../../loop/event.ts";
import { describeTime } from "./describe.ts";
import type { Colour, Terminal } from "./terminal.ts";

const COLOURS: Readonly<Record<AlarmPriority, Colour>> = {
  critical: "red",
  high: "red",
  medium: "yellow",
  low: "cyan",
};

/** Alarms of which the view has a line of its own. */
const TOLD: ReadonlySet<Alarm["source"]> = new Set([
  "trip",
  "halt",
  "watchdog",
  "failure",
  "doubt",
  "instrument",
  "unsafe",
  "question",
]);

/**
 * Tells of an alarm at the terminal.
 *
 * @param loud - with the bell, and also with --quiet: where somebody has to come. What has low priority can wait
 */
export function announce(terminal: Terminal, announcement: Announcement, loud: boolean): void {
  const line = announcementLine(terminal, announcement);
  const waits = announcement.kind !== "flood" && announcement.alarm.priority === "low";
  if (!loud || waits) {
    if (line !== undefined) terminal.say(line);
  } else if (line === undefined) terminal.write("\u0007");
  else terminal.warn(`\u0007${line}`);
}

/** What a person reads of an alarm, where the campaign's own lines don't tell it. */
function announcementLine(terminal: Terminal, announcement: Announcement): string | undefined {
  if (announcement.kind === "flood") {
    const counts = countByPriority(announcement.standing);
    return `${terminal.paint("red", "alarm flood:")} ${counts} unacknowledged; low and medium ones are no longer told one by one, see \`labloop alarms\``;
  }
  const { alarm, why } = announcement;
  if (why === "raised" && TOLD.has(alarm.source)) return undefined;
  const { priority, name, cause, say } = alarm;
  const again = {
    raised: "",
    again: " (not acknowledged)",
    chattering: " (chattering: it is held until it is quiet)",
  };
  const head = terminal.paint(COLOURS[priority], `ALARM ${priority}:`);
  return `${head} ${name}${again[why]}: ${cause}${say === undefined ? "" : `\n  → ${say}`}`;
}

/** "2 critical, 1 low". */
function countByPriority(alarms: readonly Alarm[]): string {
  return [...PRIORITIES]
    .reverse()
    .map((priority) => ({ priority, count: alarms.filter((each) => each.priority === priority).length }))
    .filter(({ count }) => count > 0)
    .map(({ priority, count }) => `${count} ${priority}`)
    .join(", ");
}

/** How many alarms stand, and the worst that nobody has acknowledged; undefined when none stands. */
export function describeAttention(terminal: Terminal, alarms: readonly Alarm[]): string | undefined {
  const standing = byUrgency(alarms.filter(isStanding));
  if (standing.length === 0) return undefined;
  const open = standing.filter(isUnacknowledged);
  const [worst] = open;
  const rest =
    worst === undefined
      ? "all acknowledged"
      : `${open.length} unacknowledged, ${terminal.paint(COLOURS[worst.priority], `${worst.priority}: ${worst.name}`)} ${worst.cause}`;
  return `alarms: ${countByPriority(standing)}; ${rest}`;
}

/** States as people read them. */
export const STATES: Readonly<Record<AlarmState, string>> = {
  normal: "normal",
  unacknowledged: "unacknowledged",
  acknowledged: "acknowledged",
  returned: "returned to normal, unacknowledged",
  latched: "latched",
  shelved: "shelved",
  suppressed: "suppressed by design",
  "out of service": "out of service",
};

/** All about an alarm, in lines. */
export function alarmLines(terminal: Terminal, alarm: Alarm, zone: string): string[] {
  const { name, priority, usual, since, times, cause, say, readings, chattering, acknowledgedBy } = alarm;
  const state = stateOf(alarm);
  const from = priority === usual ? "" : ` (raised from ${usual})`;
  const detail = [
    ...(times > 1 ? [`${times} times`] : []),
    ...(chattering ? ["chattering"] : []),
    ...(acknowledgedBy !== undefined && (state === "acknowledged" || state === "latched")
      ? [`by ${acknowledgedBy}`]
      : []),
  ];
  const told = detail.length === 0 ? "" : `, ${detail.join(", ")}`;
  const when = times === 0 ? "" : `  since ${describeTime(since, zone)}`;
  const lines = [
    `${terminal.paint(COLOURS[priority], priority.padEnd(8))}  ${terminal.paint("bold", name)}  ${STATES[state]}${told}${from}${when}`,
    ...(cause === "" ? [] : [cause]),
    ...(why(alarm, zone) ?? []),
    ...(say === undefined || state === "normal" ? [] : [`→ ${say}`]),
    ...readings.map((each) => `${each.name} ${formatQuantity(each)} at ${describeTime(each.at, zone)}`),
  ];
  return lines.map((line, i) => (i === 0 ? line : `          ${line}`));
}

/** Why an alarm isn't shown among those that want attention. */
function why({ shelf, suppressedBy, off }: Alarm, zone: string): string[] | undefined {
  if (off !== undefined) return [`out of service: ${off}`];
  if (shelf !== undefined) {
    const { until, by, why: reason } = shelf;
    return [
      `shelved until ${describeTime(until, zone)} by ${by}${reason === undefined ? "" : `: ${reason}`}`,
    ];
  }
  return suppressedBy === undefined ? undefined : [`suppressed while ${suppressedBy} stands`];
}
