import { hash } from "node:crypto";
import type { Command } from "../loop/command.ts";
import type { LoopEvent } from "../loop/event.ts";

/** One link of a campaign's journal, in the exact texts that the hash covers. */
export interface JournalEntry {
  /** Counts from 1 within the campaign. */
  readonly seq: number;
  /** ISO 8601, UTC, of the campaign's clock. */
  readonly time: string;
  readonly kind: LoopEvent["type"];
  /** The event without its type, as JSON. */
  readonly data: string;
  /** The commands that followed from it, as JSON. */
  readonly commands: string;
  /** SHA-256 over the entry before and this one, hexadecimal. */
  readonly hash: string;
}

/** Where a journal ends. */
export interface Head {
  readonly seq: number;
  readonly hash: string;
}

/** The head of an empty journal. */
export const EMPTY_HEAD: Head = { seq: 0, hash: "" };

const NO_COMMANDS = "[]";

/** The next link of the chain behind a head. */
export function link(head: Head, now: number, event: LoopEvent, commands: readonly Command[]): JournalEntry {
  const { type, ...fields } = event;
  const entry = {
    seq: head.seq + 1,
    time: new Date(now).toISOString(),
    kind: type,
    data: JSON.stringify(fields),
    commands: commands.length === 0 ? NO_COMMANDS : JSON.stringify(commands),
  };
  return { ...entry, hash: hashEntry(head.hash, entry) };
}

/** The hash that an entry must have behind the hash of the one before. */
export function hashEntry(before: string, entry: Omit<JournalEntry, "hash">): string {
  const { seq, time, kind, data, commands } = entry;
  return hash("sha256", `${before}\n${seq}\n${time}\n${kind}\n${data}\n${commands}`, "hex");
}

/** The event of an entry. */
export function eventOf(entry: Pick<JournalEntry, "kind" | "data">): LoopEvent {
  return { type: entry.kind, ...(JSON.parse(entry.data) as object) } as LoopEvent;
}

/** The commands of an entry. */
export function commandsOf(entry: JournalEntry): Command[] {
  return entry.commands === NO_COMMANDS ? [] : (JSON.parse(entry.commands) as Command[]);
}
