import type { Delivery, RaisedAlarm } from "../../loop/event.ts";
import type { NotifyPolicy } from "./notify-policy.ts";
import type { DeliveryOutcome } from "./post.ts";

/** What raises alarms, and ends them. */
export interface AlarmRaising {
  raise(alarm: RaisedAlarm): void;
  clear(alarm: string): void;
}

/** Raises an alarm when a message has come to a person on no way, until another one comes through. */
export class Reachability {
  readonly #policy: NotifyPolicy;
  readonly #alarms: AlarmRaising;
  readonly #failed = new Map<string, Set<Delivery["channel"]>>();
  readonly #raised = new Set<string>();

  constructor(policy: NotifyPolicy, alarms: AlarmRaising) {
    this.#policy = policy;
    this.#alarms = alarms;
  }

  /** Takes in what became of a message. */
  outcome(outcome: DeliveryOutcome): void {
    const { number, to, channel } = outcome;
    const alarm = `unreachable.${to}`;
    if (outcome.type === "notification.sent") {
      if (this.#raised.delete(to)) this.#alarms.clear(alarm);
      return;
    }
    const key = `${number} ${to}`;
    const failed = (this.#failed.get(key) ?? new Set()).add(channel);
    this.#failed.set(key, failed);
    if (failed.size < (this.#policy.people[to]?.length ?? 0)) return;
    this.#failed.delete(key);
    this.#raised.add(to);
    this.#alarms.raise({
      alarm,
      source: "finding",
      priority: "low",
      cause: `no message comes to ${to}: ${outcome.fault.message}`,
      say: "see `labloop notify test lab.yaml`, and tell them otherwise",
      readings: [],
    });
  }
}
