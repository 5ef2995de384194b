import type { Cancel, Clock } from "../../base/clock.ts";
import { modeOf } from "../../loop/campaign-mode.ts";
import type { AlarmPriority, ConcludedReason, EventOf, LoopEvent, Notification } from "../../loop/event.ts";
import type { LoopState } from "../../loop/loop.ts";
import { byUrgency } from "../alarm/alarm.ts";
import type { AlarmBook } from "../alarm/fold-alarms.ts";
import { isWatched } from "../watch/is-watched.ts";
import {
  alarmMessage,
  brokenMessage,
  endMessage,
  type Message,
  type Subject,
  summaryMessage,
} from "./message.ts";
import { type DueNotice, foldNotified, MORNING, type NotifyBook, noticesDue } from "./notify-book.ts";
import type { NotifyPolicy, NotifyRule } from "./notify-policy.ts";

/** What keeps track of who is told what in a campaign. */
export interface NotifyKeeperOptions {
  readonly policy: NotifyPolicy;
  readonly subject: Subject;
  readonly clock: Clock;
  /** Whether nothing is sent: a rehearsal. */
  readonly simulated: boolean;
  /** Whether time stands still while a person is waited for, as virtual time does. */
  readonly standsStill: boolean;
  /** What a journal says that people were told. */
  readonly book: NotifyBook;
  alarms(): AlarmBook;
  /** Has an event journaled. */
  tell(event: LoopEvent): void;
}

/**
 * Decides who is told what, and has that journaled; what is journaled is sent elsewhere. Nothing that the campaign does
 * waits for it or depends on it.
 */
export class NotifyKeeper {
  readonly #options: NotifyKeeperOptions;
  #book: NotifyBook;
  #state: LoopState | undefined;
  #timer: Cancel | undefined;
  /** The alarms that were looked at last. */
  #seen: AlarmBook | undefined;
  #waits = false;

  constructor(options: NotifyKeeperOptions) {
    this.#options = options;
    this.#book = options.book;
  }

  /** Follows the campaign; called after its alarms have followed. */
  observe(event: LoopEvent, state: LoopState, now: number): void {
    this.#book = foldNotified(this.#book, event, now);
    this.#state = state;
    if (event.type === "campaign.concluded") return this.#conclude(event, state, now);
    // What became of a message is no reason to send another one.
    if (event.type.startsWith("notification.")) return;
    const { alarms } = this.#options;
    const goesOn = this.#goesOn(state);
    const isNews = alarms() !== this.#seen || goesOn !== this.#waits || BEGINNINGS.has(event.type);
    if (isNews) this.#look(state, now);
  }

  /** Ends all waiting. */
  stop(): void {
    this.#timer?.();
    this.#timer = undefined;
  }

  /** What people are told of a campaign that broke off: its journal takes nothing more. */
  broken(what: string): readonly Notification[] {
    const message = brokenMessage(this.#options.subject, what);
    return this.#rulesOn("failed").map(([rule, { chain }], i) => ({
      number: this.#book.latest + 1 + i,
      rule,
      about: [{ name: "broken", since: 0, priority: "critical" }],
      to: chain[0] ?? [],
      priority: "critical",
      ...message,
      ...(this.#options.simulated && { simulated: true }),
    }));
  }

  /** Whether something may still have to be told later. */
  #goesOn({ campaign }: LoopState): boolean {
    return this.#options.standsStill ? isWatched(campaign, true) : modeOf(campaign) !== "concluded";
  }

  #look(state: LoopState, now: number): void {
    this.stop();
    this.#seen = this.#options.alarms();
    this.#waits = this.#goesOn(state);
    const due = this.#due();
    const ready = due.filter(({ at }) => at <= now);
    for (const group of grouped(ready)) this.#queue(group, state, now);
    const [next] = ready.length > 0 ? this.#due() : due;
    if (this.#waits && next !== undefined)
      this.#timer = this.#options.clock.at(Math.max(next.at, now + 1), () => this.#elapsed());
  }

  #elapsed(): void {
    if (this.#state !== undefined) this.#look(this.#state, Math.floor(this.#options.clock.now()));
  }

  #due(): readonly DueNotice[] {
    const { policy, subject, alarms } = this.#options;
    return noticesDue(policy, this.#book, alarms(), subject.zone);
  }

  #queue(notices: readonly DueNotice[], state: LoopState, now: number): void {
    const [{ rule, group } = { rule: 0, group: 0 }] = notices;
    const { policy, subject, alarms } = this.#options;
    const told = byUrgency(notices.flatMap(({ alarm }) => alarm ?? []));
    const priority = told[0]?.priority ?? "low";
    this.#tell(
      {
        rule,
        to: policy.rules[rule]?.chain[group] ?? [],
        about:
          told.length === 0
            ? [{ name: MORNING, since: 0, priority }]
            : told.map((each) => ({ name: each.name, since: each.waits, priority: each.priority })),
        priority,
        ...(told.length === 0
          ? summaryMessage(subject, alarms(), state, now)
          : alarmMessage(subject, told, state)),
      },
      now,
    );
  }

  #conclude(event: EventOf<"campaign.concluded">, state: LoopState, now: number): void {
    this.stop();
    const { subject, alarms } = this.#options;
    const failed = FAILED.has(event.reason);
    const message: Message = endMessage(subject, event, alarms(), state);
    const priority: AlarmPriority = failed ? "high" : "low";
    const rules = new Map([...this.#rulesOn("done"), ...(failed ? this.#rulesOn("failed") : [])]);
    for (const [rule, { chain }] of rules)
      this.#tell(
        { rule, to: chain[0] ?? [], about: [{ name: "end", since: now, priority }], priority, ...message },
        now,
      );
  }

  #rulesOn(occasion: "done" | "failed"): readonly (readonly [number, NotifyRule])[] {
    return [...this.#options.policy.rules.entries()].filter(([, { on }]) => on.has(occasion));
  }

  #tell(made: Omit<Notification, "number" | "simulated">, now: number): void {
    const { simulated, tell } = this.#options;
    const event = {
      type: "notification.queued",
      number: this.#book.latest + 1,
      ...made,
      ...(simulated && { simulated }),
    } as const;
    // Other events may come before this one is journaled, and must not have it told once more.
    this.#book = foldNotified(this.#book, event, now);
    tell(event);
  }
}

/** Events from which mornings count. */
const BEGINNINGS: ReadonlySet<LoopEvent["type"]> = new Set(["campaign.started", "campaign.resumed"]);

/** Why a campaign ended that somebody should look after. */
const FAILED: ReadonlySet<ConcludedReason> = new Set([
  "interlock",
  "too many failures",
  "outcome unknown",
  "halted by a person",
]);

/** Notices that one message tells: of one rule, to the same people. */
function grouped(notices: readonly DueNotice[]): readonly (readonly DueNotice[])[] {
  const groups = new Map<string, DueNotice[]>();
  for (const notice of notices) {
    const key = `${notice.rule} ${notice.group} ${notice.alarm === undefined}`;
    groups.set(key, [...(groups.get(key) ?? []), notice]);
  }
  return [...groups.values()];
}
