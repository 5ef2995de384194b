import { describe, expect, it } from "vitest";
import { policyOf, raised } from "../../../test/support/alarms.ts";
import { WEEKDAYS } from "../../campaign/window/window.ts";
import type { LoopEvent } from "../../loop/event.ts";
import { type AlarmBook, beginAlarms, foldAlarms } from "../alarm/fold-alarms.ts";
import { foldNotified, NOTHING_TOLD, type NotifyBook, noticesDue } from "./notify-book.ts";
import type { NotifyRule } from "./notify-policy.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A Tuesday, 18:00 UTC. */
const BEGIN = Date.UTC(2030, 0, 1, 18);

const policy = policyOf([]);

function rule(changes: Partial<NotifyRule> = {}): NotifyRule {
  return { on: new Set(["alarm"]), least: "low", chain: [["ada"]], times: 3, ...changes };
}

const quiet = {
  zone: "UTC",
  from: 22 * HOUR,
  to: 6 * HOUR,
  days: new Set(WEEKDAYS),
  closed: [],
} as const;

/** The alarms after events, each with its time after the beginning. */
function alarmsAfter(events: readonly (readonly [number, LoopEvent])[]): AlarmBook {
  return events.reduce(
    (book, [at, event]) => foldAlarms(policy, book, event, BEGIN + at),
    beginAlarms(policy),
  );
}

/** When whom a rule tells, in minutes after the beginning, until a time. */
function tellings(one: NotifyRule, alarms: AlarmBook, until: number): string[] {
  const told: string[] = [];
  let book: NotifyBook = foldNotified(NOTHING_TOLD, started, BEGIN);
  for (;;) {
    const [due] = noticesDue({ people: {}, rules: [one] }, book, alarms, "UTC");
    if (due === undefined || due.at > BEGIN + until) return told;
    const { alarm } = due;
    const about = alarm
      ? { name: alarm.name, since: alarm.waits, priority: alarm.priority }
      : ({ name: "morning", since: 0, priority: "low" } as const);
    told.push(`${(due.at - BEGIN) / MINUTE} ${one.chain[due.group]?.join("+")} ${about.name}`);
    const { priority } = about;
    const number = book.latest + 1;
    const queued = { rule: 0, about: [about], to: [], priority, title: "", text: "" };
    book = foldNotified(book, { type: "notification.queued", number, ...queued }, due.at);
  }
}

const started: LoopEvent = {
  type: "campaign.started",
  name: "c",
  seed: 1,
  mode: "live",
  files: {},
};

describe("a rule", () => {
  it("tells of an alarm once where it has no repetition", () => {
    expect(tellings(rule(), alarmsAfter([[0, raised("warm")]]), HOUR)).toEqual(["0 ada warm"]);
  });

  it("tells again, and then one after the other, the last of them until somebody acknowledges it", () => {
    const escalating = rule({ repeat: 10 * MINUTE, times: 2, chain: [["ada", "bo"], ["cy"], ["di"]] });
    expect(tellings(escalating, alarmsAfter([[0, raised("warm")]]), HOUR)).toEqual([
      "0 ada+bo warm",
      "10 ada+bo warm",
      "20 cy warm",
      "30 cy warm",
      "40 di warm",
      "50 di warm",
      "60 di warm",
    ]);
    const seen = alarmsAfter([
      [0, raised("warm")],
      [MINUTE, { type: "person.requested", request: "acknowledge-alarm", by: "ada", alarm: "warm" }],
    ]);
    expect(tellings(escalating, seen, HOUR)).toEqual([]);
  });

  it("holds back in quiet hours what isn't critical, and tells it at their end", () => {
    const inQuiet = alarmsAfter([
      [5 * HOUR, raised("warm", { priority: "high" })],
      [5 * HOUR, raised("hot", { priority: "critical" })],
    ]);
    expect(tellings(rule({ quiet }), inQuiet, 24 * HOUR)).toEqual(["300 ada hot", "720 ada warm"]);
  });

  it("tells nothing of lower priority, nor of other kinds", () => {
    const alarms = alarmsAfter([
      [0, raised("warm", { priority: "medium" })],
      [0, raised("question.1", { priority: "high", source: "question" })],
    ]);
    expect(tellings(rule({ least: "high" }), alarms, HOUR)).toEqual(["0 ada question.1"]);
    expect(tellings(rule({ on: new Set(["trip"]) }), alarms, HOUR)).toEqual([]);
    expect(tellings(rule({ on: new Set(["question"]) }), alarms, HOUR)).toEqual(["0 ada question.1"]);
  });

  it("tells what isn't urgent a minute later when there is too much to follow", () => {
    const many = alarmsAfter(
      Array.from({ length: 7 }, (_, i) => [
        i * 1000,
        raised(`finding.${i}`, { priority: i === 6 ? "high" : "low" }),
      ]),
    );
    const told = tellings(rule(), many, HOUR);
    expect(told).toHaveLength(7);
    expect(told).toContain("0.1 ada finding.6");
    expect(told.at(-1)).toMatch(/^1\.\d+ ada finding\.5$/);
  });

  it("tells how things stand each morning, and not twice", () => {
    const mornings = rule({ on: new Set(["morning"]), at: "07:45" });
    const first = 13 * 60 + 45;
    expect(tellings(mornings, {}, 48 * HOUR)).toEqual([
      `${first} ada morning`,
      `${first + 24 * 60} ada morning`,
    ]);
  });
});
