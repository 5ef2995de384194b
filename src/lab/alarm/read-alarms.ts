import { suggest } from "../../base/suggest.ts";
import type { FaultCollector } from "../../campaign/compile/faults.ts";
import { readTime } from "../../campaign/compile/values.ts";
import type { WrittenLab } from "../lab-schema.ts";
import { bad, type Described, readWatch, type WatchPlace } from "../watch/read-watched.ts";
import { isGreater } from "./alarm.ts";
import type { WrittenAlarm, WrittenEscalation } from "./alarm-schema.ts";
import { type AlarmPolicy, type Escalation, type ReadingAlarm, USUAL_POLICY } from "./policy.ts";

/** Names of alarms that are there by themselves. */
const RESERVED: ReadonlySet<string> = new Set(["all", "watchdog", "parking", "halt", "interrupted"]);

const CODE = "lab.bad-alarm";

/** Reads the alarms of a lab file, and checks what they name. */
export function readAlarms(
  faults: FaultCollector,
  file: WrittenLab,
  instruments: Readonly<Record<string, Described>>,
): AlarmPolicy {
  const { readings = {}, priorities = {}, escalate = [], shelve_at_most: most } = file.alarms ?? {};
  const others = [...Object.keys(readings), ...Object.keys(file.interlocks ?? {})];
  return {
    priorities: { ...USUAL_POLICY.priorities, ...priorities },
    escalate: escalate.flatMap((written, i) => readEscalation(faults, i, written) ?? []),
    longestShelf:
      (most === undefined ? undefined : readTime(faults, ["alarms", "shelve_at_most"], most)) ??
      USUAL_POLICY.longestShelf,
    readings: Object.entries(readings).flatMap(([name, written]) => {
      const place = { faults, code: CODE, path: ["alarms", "readings", name], written, instruments };
      const isTaken = RESERVED.has(name) || Object.hasOwn(file.interlocks ?? {}, name);
      if (isTaken) bad(place, [], `"${name}" is the name of another alarm`, "choose another name");
      return readReading(name, place, others) ?? [];
    }),
  };
}

function readReading(
  name: string,
  place: WatchPlace<WrittenAlarm>,
  others: readonly string[],
): ReadingAlarm | undefined {
  const { faults, path, written } = place;
  const { priority, say, unless = [], off, on_delay: on, off_delay: over } = written;
  const watched = readWatch(place);
  const onDelay = on === undefined ? 0 : readTime(faults, [...path, "on_delay"], on);
  const offDelay = over === undefined ? 0 : readTime(faults, [...path, "off_delay"], over);
  for (const [i, other] of unless.entries()) {
    if (other === name) bad(place, ["unless", i], "an alarm doesn't suppress itself", "take it out");
    else if (!others.includes(other))
      bad(
        place,
        ["unless", i],
        `there is no alarm or interlock "${other}"`,
        suggest(other, others, "the lab has"),
      );
  }
  if (priority === "critical" && unless.length > 0)
    bad(
      place,
      ["unless"],
      "a critical alarm is never suppressed",
      "take it out, or give it a lower priority",
    );
  if (watched === undefined || onDelay === undefined || offDelay === undefined) return undefined;
  const told = { ...(say !== undefined && { say }), ...(off !== undefined && { off }) };
  return { name, ...watched, priority, ...told, unless, onDelay, offDelay };
}

function readEscalation(
  faults: FaultCollector,
  i: number,
  written: WrittenEscalation,
): Escalation | undefined {
  const { of, to } = written;
  const path = ["alarms", "escalate", String(i)];
  const after = readTime(faults, ["alarms", "escalate", i, "after"], written.after);
  if (of !== undefined && to !== undefined && !of.some((each) => isGreater(to, each)))
    bad(
      { faults, code: CODE, path },
      [],
      `no ${of.join(" or ")} alarm rises by "to: ${to}"`,
      "write a greater priority",
    );
  return after === undefined ? undefined : { after, ...(of && { of }), ...(to && { to }) };
}
