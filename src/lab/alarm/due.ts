import type { EventOf } from "../../loop/event.ts";
import { type Alarm, greater, stateOf } from "./alarm.ts";
import type { AlarmBook } from "./fold-alarms.ts";
import type { AlarmPolicy } from "./policy.ts";

/** What happens to an alarm at a time, unless something else happens to it before. */
export interface Due {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly event: EventOf<"alarm.escalated"> | EventOf<"alarm.unshelved">;
}

/** What time alone does to alarms: the earliest first. It follows from the journal, so that a restart takes it up again. */
export function dueOf(policy: AlarmPolicy, book: AlarmBook): Due[] {
  return Object.values(book)
    .flatMap((alarm) => [...shelfOf(alarm), ...escalationsOf(policy, alarm)])
    .sort((a, b) => a.at - b.at);
}

function shelfOf(alarm: Alarm): Due[] {
  if (stateOf(alarm) !== "shelved" || alarm.shelf === undefined) return [];
  return [{ at: alarm.shelf.until, event: { type: "alarm.unshelved", alarm: alarm.name } }];
}

function escalationsOf({ escalate }: AlarmPolicy, alarm: Alarm): Due[] {
  // What is over by itself lets people sleep.
  if (stateOf(alarm) !== "unacknowledged") return [];
  return escalate.flatMap(({ after, of, to = alarm.priority }, rule) => {
    if (alarm.escalated.includes(rule) || (of !== undefined && !of.includes(alarm.usual))) return [];
    const priority = greater(alarm.priority, to);
    return [
      {
        at: alarm.waits + after,
        event: { type: "alarm.escalated", alarm: alarm.name, rule, priority } as const,
      },
    ];
  });
}
