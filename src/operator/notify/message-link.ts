import type { Notification } from "../../loop/event.ts";

/** A link by which the person who gets a message can answer a question once. */
export interface MessageLink {
  /** Such as "question.3". */
  readonly question: string;
  readonly url: string;
  /** Milliseconds since 1970 until which it can be used. */
  readonly until: number;
  /** SHA-256 of its token, hexadecimal: all of it that is journaled. */
  readonly digest: string;
  /** What the message says of it, without the link itself. */
  readonly says: string;
}

/** Makes the links of one message to one person on one way. */
export type MakeLinks = (notification: Notification, person: string) => readonly MessageLink[];
