import { describe, expect, it } from "vitest";
import { policyOf, raised, warm } from "../../../test/support/alarms.ts";
import type { AlarmPriority, LoopEvent } from "../../loop/event.ts";
import { type Announcement, Announcer } from "./announcer.ts";

const SECOND = 1000;
const policy = policyOf([warm(), warm({ name: "warmer" })], {
  escalate: [{ after: 10 * SECOND, to: "critical" }],
});

/** What is told of events, a second apart. */
function told(events: readonly LoopEvent[]): string[] {
  const all: Announcement[] = [];
  const announcer = new Announcer(policy, (announcement) => all.push(announcement));
  for (const [i, event] of events.entries()) announcer.event(event, i * SECOND);
  return all.map((each) =>
    each.kind === "flood"
      ? `flood of ${each.standing.length}`
      : `${each.alarm.name} ${each.alarm.priority} ${each.why}`,
  );
}

const cleared: LoopEvent = { type: "alarm.cleared", alarm: "warm", readings: [] };
const finding = (i: number, priority: AlarmPriority): LoopEvent =>
  raised(`finding.${i}`, { priority, source: "finding" });

describe("an announcer", () => {
  it("tells of an alarm once, and again when it escalates, chatters or comes back", () => {
    expect(
      told([
        raised("warm"),
        { type: "alarm.chattering", alarm: "warm", times: 4, within: 60_000 },
        { type: "alarm.escalated", alarm: "warm", rule: 0, priority: "critical" },
        cleared,
        raised("warm"),
      ]),
    ).toEqual(["warm medium raised", "warm medium chattering", "warm critical again", "warm critical again"]);
  });

  it("tells nothing of what is shelved before it returns", () => {
    expect(
      told([
        { type: "person.requested", request: "shelve", by: "ada", alarm: "warm", for: 60_000 },
        raised("warm"),
        raised("warmer"),
        { type: "alarm.unshelved", alarm: "warm" },
      ]),
    ).toEqual(["warmer medium raised", "warm medium raised"]);
  });

  it("goes on when somebody can't be told", () => {
    const announcer = new Announcer(policy, () => {
      throw new Error("no mail");
    });
    announcer.event(raised("warm"), 0);
    expect(announcer.book["warm"]?.standing).toBe("unacknowledged");
  });

  it("tells of a flood once, and then only of what is high or critical until it is over", () => {
    const flood = Array.from({ length: 9 }, (_, i) => finding(i, i === 7 ? "critical" : "low"));
    const pause = Array.from({ length: 70 }, (): LoopEvent => cleared);
    expect(told([...flood, ...pause, finding(10, "low")])).toEqual([
      ...[0, 1, 2, 3, 4].map((i) => `finding.${i} low raised`),
      "flood of 6",
      "finding.7 critical raised",
      "finding.10 low raised",
    ]);
  });
});
