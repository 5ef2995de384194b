import type { LoopEvent, PersonRequest } from "../loop/event.ts";
import type { CampaignJournal } from "../record/journal.ts";
import { EMPTY_HEAD, eventOf, type Head, type JournalEntry, link } from "../record/journal-entry.ts";
import { RecordError } from "../record/record-error.ts";
import { isAboutAlarms } from "./alarm/is-about-alarms.ts";
import { breaksOff } from "./perform/break-offs.ts";

/** A journal that is written again from its beginning. */
export interface RerunJournal {
  readonly journal: CampaignJournal;
  /** When people had something broken off or asked something about alarms, milliseconds since 1970. */
  readonly timed: readonly number[];
  /** The request of a person that stands at this place of the stored journal. */
  recorded(seq: number): { readonly event: LoopEvent; readonly now: number } | undefined;
}

/**
 * Resumes a simulated campaign: the run is repeated from its beginning, every entry is compared with the stored
 * one, and from the stored head on entries are appended.
 *
 * @param stored - the entries so far
 * @param journal - behind the stored head
 * @param first - what a person wants as soon as the stored head is reached
 * @throws RecordError, from `committed`, when an entry differs from the stored one
 */
export function rerunJournal(
  stored: readonly JournalEntry[],
  journal: CampaignJournal,
  first?: PersonRequest,
): RerunJournal {
  let head: Head = EMPTY_HEAD;
  return {
    timed: stored.filter(isTimedEntry).map(({ time }) => Date.parse(time)),
    journal: {
      key: journal.key,
      head: () => (head.seq < stored.length ? head : journal.head()),
      append: (now, event, commands, state) => {
        const known = stored[head.seq];
        if (known === undefined) return journal.append(now, event, commands, state);
        const entry = link(head, now, event, commands);
        head = { seq: entry.seq, hash: entry.hash };
        return {
          entry,
          committed: entry.hash === known.hash ? Promise.resolve() : Promise.reject(differs(entry, known)),
        };
      },
    },
    recorded: (seq) => {
      const entry = stored[seq - 1];
      if (seq === stored.length + 1 && first !== undefined)
        return { event: { type: "person.requested", ...first }, now: Date.parse(stored.at(-1)?.time ?? "") };
      if (entry?.kind !== "person.requested") return undefined;
      return { event: eventOf(entry), now: Date.parse(entry.time) };
    },
  };
}

/** Whether a re-run must take a request at the very time at which it came. */
export function isTimed(request: PersonRequest): boolean {
  return breaksOff(request) || isAboutAlarms(request);
}

function isTimedEntry(entry: JournalEntry): boolean {
  const event = entry.kind === "person.requested" ? eventOf(entry) : undefined;
  return event?.type === "person.requested" && isTimed(event);
}

function differs(entry: JournalEntry, known: JournalEntry): RecordError {
  return new RecordError({
    code: "record.differs",
    message: `the re-run differs from the journal at entry ${entry.seq}: "${entry.kind}" at ${entry.time} instead of "${known.kind}" at ${known.time}`,
    advice: "resume with the version of labloop that began the campaign, or run it anew",
  });
}
