import { unitOf } from "../../src/base/unit.ts";
import { type AlarmPolicy, type ReadingAlarm, USUAL_POLICY } from "../../src/lab/alarm/policy.ts";
import type { EventOf, RaisedAlarm } from "../../src/loop/event.ts";
import { expression } from "./space.ts";

const WATCHED = "bath.temperature";

/** An alarm above 90 degC, read every second; a reading is stale after 10 s. */
export function warm(changes: Partial<ReadingAlarm> = {}): ReadingAlarm {
  return {
    name: "warm",
    watch: {
      text: WATCHED,
      expression: expression(WATCHED),
      properties: [{ name: WATCHED, instrument: "bath", property: "temperature", unit: unitOf("degC") }],
    },
    conditions: [
      { kind: "above", limit: 90 + 273.15, hysteresis: 5, text: "above 90 degC" },
      { kind: "stale", after: 10_000, text: "not read for 10 s" },
    ],
    every: 1000,
    stale: 10_000,
    priority: "medium",
    unless: [],
    onDelay: 0,
    offDelay: 0,
    ...changes,
  };
}

/** The policy of a lab with some alarms over readings. */
export function policyOf(readings: readonly ReadingAlarm[], changes: Partial<AlarmPolicy> = {}): AlarmPolicy {
  return { ...USUAL_POLICY, readings, ...changes };
}

/** An alarm as its watch raises it. */
export function raised(alarm: string, changes: Partial<RaisedAlarm> = {}): EventOf<"alarm.raised"> {
  const about = { alarm, source: "reading", priority: "medium", cause: "too warm", readings: [] } as const;
  return { type: "alarm.raised", ...about, ...changes };
}
