import { describe, expect, it } from "vitest";
import type { Channel } from "./notify-policy.ts";
import type { DeliveryOutcome } from "./post.ts";
import { Reachability } from "./reachable.ts";

const hook: Channel = { kind: "webhook", url: "http://127.0.0.1/", secret: {} };
const ntfy: Channel = { kind: "ntfy", server: "http://127.0.0.1", topic: "bench", token: {} };

function outcome(type: "sent" | "failed", channel: "webhook" | "ntfy", number = 1): DeliveryOutcome {
  const about = { number, to: "ada", channel, tries: 1 };
  return type === "sent"
    ? { type: "notification.sent", ...about }
    : { type: "notification.failed", ...about, fault: { code: "notify.not-sent", message: "it is dead" } };
}

/** What is raised and cleared as messages come through or don't. */
function told(outcomes: readonly DeliveryOutcome[]): string[] {
  const all: string[] = [];
  const reachability = new Reachability(
    { people: { ada: [hook, ntfy] }, rules: [] },
    {
      raise: ({ alarm, priority, cause }) => all.push(`${alarm} ${priority}: ${cause}`),
      clear: (alarm) => all.push(`${alarm} cleared`),
    },
  );
  for (const each of outcomes) reachability.outcome(each);
  return all;
}

describe("somebody who is told", () => {
  it("is an alarm when a message comes on no way, until one comes through", () => {
    expect(
      told([outcome("failed", "webhook"), outcome("failed", "ntfy"), outcome("sent", "ntfy", 2)]),
    ).toEqual(["unreachable.ada low: no message comes to ada: it is dead", "unreachable.ada cleared"]);
  });

  it("is none as long as one way is left", () => {
    expect(
      told([outcome("failed", "webhook"), outcome("sent", "ntfy"), outcome("failed", "webhook", 2)]),
    ).toEqual([]);
  });
});
