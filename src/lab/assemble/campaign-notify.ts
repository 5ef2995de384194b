import type { Clock } from "../../base/clock.ts";
import type { LoopEvent } from "../../loop/event.ts";
import type { JournalEntry } from "../../record/journal-entry.ts";
import type { AlarmKeeper } from "../alarm/alarm-keeper.ts";
import { notifiedOf } from "../notify/notify-book.ts";
import { NotifyKeeper } from "../notify/notify-keeper.ts";
import type { StartOptions } from "../start-options.ts";

/** What decides who is told what, in a lab that has rules for it. */
export function campaignNotify(
  { loaded, mode, observer }: StartOptions,
  campaign: {
    readonly id: string;
    readonly clock: Clock;
    readonly stored: readonly JournalEntry[];
    readonly alarms: AlarmKeeper;
    tell(event: LoopEvent): void;
  },
): NotifyKeeper | undefined {
  const { name: lab, zone, notify: policy } = loaded.lab;
  if (policy.rules.length === 0) return undefined;
  const { id, clock, stored, alarms, tell } = campaign;
  return new NotifyKeeper({
    policy,
    subject: { id, lab, zone },
    clock,
    simulated: mode === "virtual" || observer.post === undefined,
    standsStill: mode === "virtual",
    book: notifiedOf(stored),
    alarms: () => alarms.book,
    tell,
  });
}
