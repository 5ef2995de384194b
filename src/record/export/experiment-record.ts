import type { Fault } from "../../base/fault.ts";
import type { Reasons } from "../../experiment/design/task/suggestion.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import type { Approval, EventOf, LoopEvent, MeasuredValue } from "../../loop/event.ts";
import type { BeliefReport } from "../../update/explain/belief-report.ts";
import { commandsOf, eventOf, type JournalEntry } from "../journal-entry.ts";

/** An action that was carried out or failed, with the time of its result. */
export interface ActionRecord {
  readonly time: string;
  readonly event: EventOf<"action.finished"> | EventOf<"action.failed">;
}

/** One experiment as the journal tells it. */
export interface ExperimentRecord {
  readonly number: number;
  readonly setting: Setting;
  readonly reasons: Reasons;
  readonly suggestedAt: string;
  /** Time of the last event. */
  readonly endedAt: string;
  readonly refused: readonly Fault[];
  /** What persons said of it, where rules of safety asked for approval. */
  readonly approvals?: readonly Approval[];
  readonly actions: readonly ActionRecord[];
  readonly values: Readonly<Record<string, MeasuredValue>>;
  readonly unusable: readonly string[];
  readonly report?: BeliefReport;
  /** What was found unlike the experiments before, and what became of the result. */
  readonly suspicion?: Suspicion;
  /** Actions that went on for much longer than usual. */
  readonly overdue?: readonly EventOf<"action.overdue">[];
  /** The experiment that is done again: a person wanted it, or its result was unlike the others. */
  readonly repeats?: number;
  readonly state: ExperimentState;
}

/** The part of a result that says what is unlike the others. */
export type Suspicion = Pick<
  EventOf<"measurement.recorded">,
  "suspect" | "judgedBy" | "unusable" | "withheld" | "confirms"
>;

/** What became of an experiment. */
export type ExperimentState = "open" | "refused" | "failed" | "unusable" | "measured";

/** Gathers the events of a journal by experiment, in the order in which experiments were suggested. */
export async function experimentRecords(
  entries: AsyncIterable<JournalEntry> | Iterable<JournalEntry>,
): Promise<ExperimentRecord[]> {
  const records: ExperimentRecord[] = [];
  for await (const entry of entries) {
    const event = eventOf(entry);
    if (event.type === "suggestion.made") {
      for (const suggestion of event.suggestions)
        records.push(begun(records.length + 1, suggestion, entry.time));
    } else if (event.type === "person.requested") {
      records.push(...repetition(records, event, entry));
    } else if ("experiment" in event) {
      const at = event.experiment - 1;
      const record = records[at];
      if (record !== undefined) records[at] = { ...record, ...told(record, event, entry.time) };
      if (event.type === "measurement.recorded") settleWithheld(records, event, entry);
    }
  }
  return records;
}

/** The experiment that repeats another; none where the campaign didn't take the request. */
function repetition(
  records: readonly ExperimentRecord[],
  { repeated }: EventOf<"person.requested">,
  entry: JournalEntry,
): ExperimentRecord[] {
  return repeated === undefined ? [] : repeating(records, repeated.experiment, entry);
}

function repeating(
  records: readonly ExperimentRecord[],
  experiment: number,
  entry: JournalEntry,
): ExperimentRecord[] {
  const original = records[experiment - 1];
  if (original === undefined || commandsOf(entry).every(({ kind }) => kind !== "review")) return [];
  return [{ ...begun(records.length + 1, original, entry.time), repeats: original.number }];
}

/** A withheld result is followed by its repetition, which may confirm it. */
function settleWithheld(
  records: ExperimentRecord[],
  { experiment, withheld, confirms }: EventOf<"measurement.recorded">,
  entry: JournalEntry,
): void {
  if (withheld) records.push(...repeating(records, experiment, entry));
  const confirmed = confirms && records[confirms.experiment - 1];
  if (confirmed) records[confirmed.number - 1] = { ...confirmed, unusable: [], state: "measured" };
}

function begun(
  number: number,
  { setting, reasons }: { setting: Setting; reasons: Reasons },
  time: string,
): ExperimentRecord {
  return {
    number,
    setting,
    reasons,
    suggestedAt: time,
    endedAt: time,
    refused: [],
    actions: [],
    values: {},
    unusable: [],
    state: "open",
  };
}

/** Why a result isn't used that is unlike the others, as long as no repetition agrees with it. */
const WITHHELD = "it is unlike the others, and no repetition agrees with it";

function told(record: ExperimentRecord, event: LoopEvent, time: string): Partial<ExperimentRecord> {
  switch (event.type) {
    case "experiment.reviewed":
      return {
        ...(event.approvals && { approvals: event.approvals }),
        ...(event.refused.length > 0 && { refused: event.refused, state: "refused", endedAt: time }),
      };
    case "action.finished":
      return { actions: [...record.actions, { time, event }], endedAt: time };
    case "action.failed":
      return { actions: [...record.actions, { time, event }], endedAt: time, state: "failed" };
    case "action.overdue":
      return { overdue: [...(record.overdue ?? []), event], endedAt: time };
    case "measurement.recorded": {
      const { values, suspect, judgedBy, withheld, confirms } = event;
      const unusable = withheld ? [WITHHELD] : event.unusable;
      return {
        values,
        unusable,
        endedAt: time,
        state: unusable.length > 0 ? "unusable" : "measured",
        ...(suspect && {
          suspicion: {
            suspect,
            unusable: event.unusable,
            ...(judgedBy !== undefined && { judgedBy }),
            ...(withheld && { withheld }),
            ...(confirms && { confirms }),
          },
        }),
      };
    }
    case "belief.updated":
      return { report: event.report, endedAt: time };
    default:
      return { endedAt: time };
  }
}
