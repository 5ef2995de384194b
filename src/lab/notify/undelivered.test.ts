import { expect, it } from "vitest";
import type { LoopEvent } from "../../loop/event.ts";
import type { JournalEntry } from "../../record/journal-entry.ts";
import { undelivered } from "./undelivered.ts";

const queued = (number: number): LoopEvent => ({
  type: "notification.queued",
  number,
  rule: 0,
  about: [],
  to: ["ada"],
  priority: "low",
  title: "",
  text: "",
});

it("a message that a crash may have held back is sent again, one that was sent or given up is not", () => {
  const about = { to: "ada", channel: "email", tries: 1 } as const;
  const fault = { code: "notify.not-sent", message: "it is dead" };
  const events: readonly LoopEvent[] = [
    queued(1),
    queued(2),
    { type: "notification.sent", number: 1, ...about },
    queued(3),
    { type: "notification.failed", number: 3, ...about, fault },
  ];
  const entries = events.map((event, i): JournalEntry => {
    const { type: kind, ...data } = event;
    return { seq: i + 1, time: "", kind, data: JSON.stringify(data), commands: "[]", hash: "" };
  });
  expect(undelivered(entries).map(({ number }) => number)).toEqual([2]);
});
