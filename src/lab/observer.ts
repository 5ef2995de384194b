import type { LoopEvent } from "../loop/event.ts";
import type { LoopState } from "../loop/loop.ts";
import type { JournalEntry } from "../record/journal-entry.ts";
import type { Announce } from "./alarm/announcer.ts";
import type { AlarmBook } from "./alarm/fold-alarms.ts";
import type { AskPerson } from "./ask-person.ts";
import type { Post } from "./notify/post.ts";

/** What watches a campaign while it runs, and answers for the person in the lab. */
export interface Observer {
  /** Every event, once it is durable, in order. */
  onEntry(entry: JournalEntry, event: LoopEvent): void;
  onState?(state: LoopState, now: number): void;
  note(text: string): void;
  /** The alarms as they are, whenever something may have changed them. */
  onAlarms?(book: AlarmBook): void;
  /** Told of alarms once they are durable. */
  readonly announce?: Announce;
  /** Brings messages to people; nothing is sent when absent, as in a rehearsal. */
  readonly post?: Post;
  readonly ask: AskPerson;
}
