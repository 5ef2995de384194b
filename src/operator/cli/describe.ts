import type { Reasons } from "../../experiment/design/task/suggestion.ts";
import type { Parameter, Setting } from "../../hypothesis/parameter.ts";
import { describeSuspect } from "../../lab/suspicion/describe-suspect.ts";
import { describeEnd } from "../../lab/watchdog/describe-end.ts";
import type { Approval, EventOf, LoopEvent, MeasuredValue, RunMode } from "../../loop/event.ts";
import type { JournalEntry } from "../../record/journal-entry.ts";

/** An entry as programs read it. */
export function jsonLine(campaign: string, entry: JournalEntry, event: LoopEvent): Record<string, unknown> {
  const { type, ...fields } = event;
  return { event: type, campaign, seq: entry.seq, time: entry.time, ...fields };
}

/** A number in at most four digits. */
export function short(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(4))) : String(value);
}

/** A number in at most four digits with its unit, which isn't written where it is 1. */
export function shortQuantity(value: number, unit: string): string {
  return unit === "1" ? short(value) : `${short(value)} ${unit}`;
}

/** A setting with units: "cyan 40 uL, magenta 0 uL". */
export function describeSetting(setting: Setting, parameters: readonly Parameter[]): string {
  return parameters
    .filter((parameter) => parameter.kind !== "constant")
    .map((parameter) => {
      const value = setting[parameter.name];
      const unit = parameter.kind === "categorical" || parameter.unit === "1" ? "" : ` ${parameter.unit}`;
      return `${parameter.name} ${typeof value === "number" ? short(value) : value}${unit}`;
    })
    .join(", ");
}

/** Measured values: "distance 31.2 ± 2.1 counts". */
export function describeValues(values: Readonly<Record<string, MeasuredValue>>): string {
  return Object.entries(values)
    .map(([name, { value, unit, standardUncertainty }]) => {
      const spread = standardUncertainty > 0 ? ` ± ${short(standardUncertainty)}` : "";
      return `${name} ${short(value)}${spread}${unit === "1" ? "" : ` ${unit}`}`;
    })
    .join(", ");
}

/** Plain outcome numbers: "distance 31.2". */
export function describeOutcome(outcome: Readonly<Record<string, number>>): string {
  return Object.entries(outcome)
    .map(([name, value]) => `${name} ${short(value)}`)
    .join(", ");
}

/** Why a setting was suggested, in one line. */
export function describeReasons(reasons: Reasons): string {
  const predicted = Object.entries(reasons.predicted)
    .map(([name, { mean, sd }]) => `${name} ${short(mean)} ± ${short(sd)}`)
    .join(", ");
  return predicted === "" ? reasons.method : `${reasons.method}; expected ${predicted}`;
}

/** What a watchdog did, in one line. */
export function describeFiring({ why, states, unknown }: EventOf<"watchdog.fired">): string {
  const safe = Object.entries(states).map(([name, state]) => `${name} (${state})`);
  const unsafe = unknown.map(({ message }) => `; MAY NOT BE SAFE: ${message}`).join("");
  return `${describeEnd(why)}; in their safe state: ${safe.join(", ") || "none"}${unsafe}`;
}

/** What is unlike the experiments before, and what becomes of the result. */
export function describeSuspects({
  suspect = [],
  judgedBy,
  unusable,
  withheld,
  confirms,
}: Pick<
  EventOf<"measurement.recorded">,
  "suspect" | "judgedBy" | "unusable" | "withheld" | "confirms"
>): readonly string[] {
  if (suspect.length === 0) return [];
  const answer = withheld
    ? "the experiment is done once more"
    : unusable.length > 0
      ? "it isn't used"
      : "it is kept";
  const judged = judgedBy === undefined ? [] : [`${answer}, as ${judgedBy} says`];
  const confirmed =
    confirms === undefined ? [] : [`so it was in experiment ${confirms.experiment}: both results are used`];
  return [...suspect.map(describeSuspect), ...judged, ...confirmed];
}

/** An action that outlives its usual duration, in one line. */
export function describeOverdue({
  experiment,
  instrument,
  action,
  after,
  usual,
  then,
}: EventOf<"action.overdue">): string {
  const seconds = (milliseconds: number): string => `${short(milliseconds / 1000)} s`;
  const what = then === "note" ? "" : `; as the campaign file says: ${then}`;
  return `${instrument}.${action} of experiment ${experiment} has been going on for ${seconds(after)}; it usually takes ${seconds(usual.median)}, 95 % of ${usual.n} took at most ${seconds(usual.p95)}${what}`;
}

/** A time span as people say it: "3 h 12 min". */
export function describeDuration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** The time on the lab's wall. */
export function describeTime(moment: number, zone: string): string {
  return new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "medium",
  }).format(moment);
}

/** What a person said of an experiment that needs approval. */
export function describeApproval({ rule, what, answer, by }: Approval): string {
  return by === "simulated"
    ? `rule "${rule}" would have woken a person: ${what}; in a rehearsal it counts as approved`
    : `${answer === "approve" ? "approved" : "refused"} by ${by}: rule "${rule}": ${what}`;
}

/** What a person asked for besides the request itself: where, of which experiment or alarm, and why. */
export function describeRequestDetail({
  at,
  repeated,
  experiment = repeated?.experiment,
  why,
  alarm,
  for: time,
}: EventOf<"person.requested">): string {
  const where = at === undefined ? "" : ` (at ${at})`;
  const which = experiment === undefined ? "" : ` (experiment ${experiment})`;
  const what = alarm === undefined ? "" : ` of ${alarm}`;
  const long = time === undefined ? "" : ` for ${describeDuration(time)}`;
  return `${what}${long}${where}${which}${why === undefined ? "" : `: ${why}`}`;
}

/** What was parked, in a lab that may be shared. */
export function describeParking({
  left = {},
}: EventOf<"instruments.parked"> | EventOf<"instruments.rested">): string {
  const others = Object.entries(left).map(([role, campaign]) => `${role} (${campaign})`);
  return others.length === 0
    ? "instruments are in their safe state"
    : `instruments are in their safe state, but for those that others go on using: ${others.join(", ")}`;
}

/** How a campaign was taken up again, and what was found on the bench. */
export function describeResumption({
  by,
  inDoubt,
  found = {},
  unread = {},
}: EventOf<"campaign.resumed">): string {
  const doubts = inDoubt.length > 0 ? `; commands in doubt: ${inDoubt.join(", ")}` : "";
  const states = Object.entries(found).map(([role, values]) => {
    const told = Object.entries(values).map(([name, value]) => `${name} ${value}`);
    return `${role}: ${told.join(", ")}`;
  });
  const silent = Object.entries(unread).map(([role, { message }]) => `${role}: ${message}`);
  const bench = [...states, ...silent];
  return `resumed by ${by}${doubts}${bench.length > 0 ? `; found on the bench: ${bench.join("; ")}` : ""}`;
}

/** How a campaign is run. */
export function describeMode(mode: RunMode): string {
  return MODES[mode];
}

const MODES: Readonly<Record<RunMode, string>> = {
  live: "on real instruments",
  "real-time": "simulated, real time",
  virtual: "simulated, virtual time",
};

/** A share of 1: "99.0 %". */
export function describeShare(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
