import type { Fault } from "../../base/fault.ts";
import type { AlarmPriority, EventOf, LoopEvent, PersonRequest, TripReading } from "../../loop/event.ts";
import { eventOf, type JournalEntry } from "../../record/journal-entry.ts";
import { describeEnd } from "../watchdog/describe-end.ts";
import { type Alarm, type AlarmSource, greater, isUnacknowledged, stateOf, whyNotShelved } from "./alarm.ts";
import type { AlarmPolicy } from "./policy.ts";
import { type AlarmInput, type Lasting, nextStanding } from "./standing.ts";

/** The alarms of a campaign by name: those of the lab file, and those that were ever raised. */
export type AlarmBook = Readonly<Record<string, Alarm>>;

/** What raises an alarm. */
interface Raise {
  readonly name: string;
  readonly source: AlarmSource;
  readonly lasts: Lasting;
  readonly priority: AlarmPriority;
  readonly cause: string;
  readonly say?: string | undefined;
  readonly readings?: readonly TripReading[];
}

/** The alarms of a lab before anything happened: those over readings, all of them normal. */
export function beginAlarms({ readings }: AlarmPolicy): AlarmBook {
  return Object.fromEntries(
    readings.map(({ name, priority, say, off }) => {
      const about = { name, source: "reading", lasts: "condition", priority } as const;
      const alarm = { ...UNRAISED, ...about, usual: priority };
      return [name, { ...alarm, ...(say !== undefined && { say }), ...(off !== undefined && { off }) }];
    }),
  );
}

const UNRAISED = {
  standing: "normal",
  since: 0,
  waits: 0,
  times: 0,
  cause: "",
  readings: [],
  escalated: [],
} as const;

/**
 * The alarms after an event; the very same book where it changes none.
 *
 * @param now - when it happened, milliseconds since 1970
 */
export function foldAlarms(policy: AlarmPolicy, book: AlarmBook, event: LoopEvent, now: number): AlarmBook {
  const after = step(policy, book, event, now);
  return after === book ? book : withSuppression(policy, after);
}

/** The alarms that a journal leaves behind. */
export function bookOf(policy: AlarmPolicy, entries: readonly JournalEntry[]): AlarmBook {
  return entries.reduce(
    (book, entry) => foldAlarms(policy, book, eventOf(entry), Date.parse(entry.time)),
    beginAlarms(policy),
  );
}

function step(policy: AlarmPolicy, book: AlarmBook, event: LoopEvent, now: number): AlarmBook {
  switch (event.type) {
    case "alarm.raised": {
      const { alarm, source, priority, cause, say, readings } = event;
      const lasts = source === "finding" ? "event" : "condition";
      return raise(book, { name: alarm, source, lasts, priority, cause, say, readings }, now);
    }
    case "alarm.cleared":
      return change(book, event.alarm, (alarm) => input(alarm, "clear"));
    case "alarm.chattering":
      return change(book, event.alarm, (alarm) => ({ ...alarm, chattering: true }));
    case "alarm.escalated":
      return change(book, event.alarm, (alarm) => escalated(alarm, event));
    case "alarm.unshelved":
      return change(book, event.alarm, (alarm) => unshelved(alarm, now));
    case "person.requested":
      return requested(policy, book, event, now);
    case "campaign.resumed":
      // What was asked is asked again by the process that goes on.
      return changeAll(book, (alarm) => (alarm.source === "question" ? input(alarm, "clear") : alarm));
    case "campaign.concluded":
      // Nothing is watched or asked any more.
      return changeAll(book, (alarm) => (alarm.lasts === "condition" ? input(alarm, "clear") : alarm));
    default: {
      const raised = raisedBy(policy, event);
      return raised === undefined ? book : raise(book, raised, now);
    }
  }
}

/** The alarm that an event stands for which says more than an alarm. */
function raisedBy({ priorities }: AlarmPolicy, event: LoopEvent): Raise | undefined {
  switch (event.type) {
    case "interlock.tripped": {
      const { interlock: name, fault, readings } = event;
      return {
        name,
        source: "trip",
        lasts: "latch",
        priority: priorities[`trip-${event.then}`],
        ...told(fault),
        readings,
      };
    }
    case "watchdog.fired":
      return {
        name: "watchdog",
        source: "watchdog",
        lasts: "event",
        priority: priorities.watchdog,
        cause: describeEnd(event.why),
        say: "look at the bench, and at `labloop show`",
      };
    case "action.failed":
      return failed(priorities, event);
    case "instruments.parked":
      return event.unknown.length === 0
        ? undefined
        : {
            name: "parking",
            source: "unsafe",
            lasts: "event",
            priority: priorities.unsafe,
            cause: `may not be safe: ${event.unknown.map(({ message }) => message).join("; ")}`,
            say: "go and look, and switch it off by hand",
          };
    default:
      return undefined;
  }
}

/** A failed action wants attention unless it was decided already what becomes of it. */
function failed(
  priorities: AlarmPolicy["priorities"],
  { instrument, action, fault, effect, discardedBy, skippedBy }: EventOf<"action.failed">,
): Raise | undefined {
  if (discardedBy !== undefined || skippedBy !== undefined) return undefined;
  const source =
    effect === "unknown" ? "doubt" : fault.code === "instrument.alarm" ? "instrument" : "failure";
  const priority = priorities[source];
  return { name: `${instrument}.${action}`, source, lasts: "event", priority, ...told(fault) };
}

function told({ message, advice }: Fault): Pick<Raise, "cause" | "say"> {
  return { cause: message, say: advice };
}

function requested(policy: AlarmPolicy, book: AlarmBook, request: PersonRequest, now: number): AlarmBook {
  const { by, why, alarm = "" } = request;
  switch (request.request) {
    case "halt": {
      const cause = `halted by ${by}${why === undefined ? "" : `: ${why}`}`;
      const say = "look at the bench; then `labloop acknowledge`";
      const { halt: priority } = policy.priorities;
      return raise(book, { name: "halt", source: "halt", lasts: "latch", priority, cause, say }, now);
    }
    case "acknowledge":
      // Who has seen a trip has seen what it says more than.
      return changeAll(book, (each) => {
        const seen = book[each.suppressedBy ?? ""]?.lasts === "latch";
        return input(each, seen ? "acknowledge" : "reset", by);
      });
    case "acknowledge-alarm":
      return alarm === "all"
        ? changeAll(book, (each) => (isUnacknowledged(each) ? input(each, "acknowledge", by) : each))
        : change(book, alarm, (each) => input(each, "acknowledge", by));
    case "shelve": {
      const { for: time = 0 } = request;
      if (!(time > 0 && time <= policy.longestShelf)) return book;
      const shelf = { until: now + time, by, ...(why !== undefined && { why }) };
      return change(book, alarm, (each) => (whyNotShelved(each) === undefined ? { ...each, shelf } : each));
    }
    case "unshelve":
      return change(book, alarm, (each) => unshelved(each, now));
    default:
      return book;
  }
}

function change(book: AlarmBook, name: string, into: (alarm: Alarm) => Alarm): AlarmBook {
  const before = Object.hasOwn(book, name) ? book[name] : undefined;
  if (before === undefined) return book;
  const after = into(before);
  return after === before ? book : { ...book, [name]: after };
}

function changeAll(book: AlarmBook, into: (alarm: Alarm) => Alarm): AlarmBook {
  return Object.keys(book).reduce((all, name) => change(all, name, into), book);
}

function raise(
  book: AlarmBook,
  { name, priority, say, readings = [], ...about }: Raise,
  now: number,
): AlarmBook {
  const before = Object.hasOwn(book, name) ? book[name] : undefined;
  const { standing = "normal", times = 0, off, acknowledgedBy } = before ?? {};
  const after = nextStanding(about.lasts, standing, "raise");
  const isNew = after !== standing;
  const escalatedTo = before !== undefined && standing !== "normal" ? before.priority : priority;
  // What became critical is put aside by nobody.
  const shelf = priority === "critical" ? undefined : before?.shelf;
  const alarm: Alarm = {
    name,
    ...about,
    standing: after,
    priority: greater(priority, escalatedTo),
    usual: priority,
    since: standing === "normal" ? now : (before?.since ?? now),
    waits: isNew ? now : (before?.waits ?? now),
    times: standing === "normal" ? 1 : times + 1,
    readings,
    escalated: isNew ? [] : (before?.escalated ?? []),
    ...(say !== undefined && { say }),
    ...(shelf !== undefined && { shelf }),
    ...(off !== undefined && { off }),
    ...(acknowledgedBy !== undefined && !isNew && { acknowledgedBy }),
  };
  return { ...book, [name]: alarm };
}

/** An alarm after something other than a raise happened to it. */
function input(alarm: Alarm, what: Exclude<AlarmInput, "raise">, by?: string): Alarm {
  const standing = nextStanding(alarm.lasts, alarm.standing, what);
  if (standing === alarm.standing) return alarm;
  const { chattering: _, ...quiet } = alarm;
  const seen = by === undefined ? {} : { acknowledgedBy: by };
  if (standing === "normal") return { ...quiet, ...seen, standing, priority: alarm.usual, escalated: [] };
  return { ...(standing === "returned" ? quiet : alarm), ...seen, standing };
}

function escalated(alarm: Alarm, { rule, priority }: EventOf<"alarm.escalated">): Alarm {
  if (stateOf(alarm) !== "unacknowledged" || alarm.escalated.includes(rule)) return alarm;
  return { ...alarm, priority: greater(alarm.priority, priority), escalated: [...alarm.escalated, rule] };
}

/** What was put aside and goes on is to be acknowledged anew. */
function unshelved(alarm: Alarm, now: number): Alarm {
  if (alarm.shelf === undefined) return alarm;
  const { shelf: _, ...back } = alarm;
  if (back.standing !== "acknowledged" && back.standing !== "unacknowledged") return { ...back, waits: now };
  return { ...back, standing: "unacknowledged", waits: now, escalated: [] };
}

/**
 * Alarms of which another one says the same and more are suppressed while it stands: those of the lab file that say so, and
 * actions that failed since a trip or a halt ended them. What is critical is always shown.
 */
function withSuppression({ readings }: AlarmPolicy, book: AlarmBook): AlarmBook {
  const latch = Object.values(book).find(({ lasts, standing }) => lasts === "latch" && standing !== "normal");
  const ends = (alarm: Alarm): string | undefined => {
    if (alarm.priority === "critical" || alarm.standing === "normal") return undefined;
    if (
      alarm.lasts === "event" &&
      latch !== undefined &&
      alarm.since >= latch.since &&
      FAILURES.has(alarm.source)
    )
      return latch.name;
    const { unless = [] } = readings.find(({ name }) => name === alarm.name) ?? {};
    return unless.find((name) => {
      const other = Object.hasOwn(book, name) ? book[name] : undefined;
      return other !== undefined && isGoingOn(other);
    });
  };
  return changeAll(book, (alarm) => {
    const by = ends(alarm);
    if (by === alarm.suppressedBy) return alarm;
    const { suppressedBy: _, ...shown } = alarm;
    return by === undefined ? shown : { ...shown, suppressedBy: by };
  });
}

const FAILURES: ReadonlySet<AlarmSource> = new Set(["failure", "instrument"]);

function isGoingOn(alarm: Alarm): boolean {
  const state = stateOf(alarm);
  return state === "unacknowledged" || state === "acknowledged" || state === "latched";
}
