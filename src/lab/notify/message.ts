import { modeOf } from "../../loop/campaign-mode.ts";
import type { EventOf } from "../../loop/event.ts";
import type { LoopState } from "../../loop/loop.ts";
import { type Alarm, byUrgency, isStanding } from "../alarm/alarm.ts";
import type { AlarmBook } from "../alarm/fold-alarms.ts";
import { questionNumber } from "../question/question-name.ts";
import { onWall } from "./on-wall.ts";

/** What is told: bounded in length, one line of title. */
export interface Message {
  readonly title: string;
  readonly text: string;
}

/** What a message speaks of. */
export interface Subject {
  /** Of the campaign, as commands take it. */
  readonly id: string;
  readonly lab: string;
  /** Time zone of the lab. */
  readonly zone: string;
}

/** Most characters: a lock screen shows less, and a message of ntfy has 4096 bytes. */
const LONGEST_TITLE = 100;
const LONGEST_TEXT = 2000;
const LONGEST_PART = 400;
/** Alarms that one message tells in full. */
const MOST_ALARMS = 4;

/** Tells of alarms: what, since when, what labloop does, what there is to do and to type. */
export function alarmMessage(
  { id, lab, zone }: Subject,
  alarms: readonly Alarm[],
  state: LoopState,
): Message {
  const inOrder = byUrgency(alarms);
  const [first] = inOrder;
  if (first === undefined) throw new RangeError("there is no alarm to tell of");
  const more = inOrder.length > 1 ? ` and ${inOrder.length - 1} more` : "";
  const told = inOrder.slice(0, MOST_ALARMS).map((alarm) => describe(alarm, id, zone));
  const others = inOrder.slice(MOST_ALARMS).map(({ name, priority }) => `${name} (${priority})`);
  return bounded(`${first.priority}: ${first.name}${more} – ${first.cause}`, [
    ...told,
    ...(others.length > 0 ? [`Besides: ${others.join(", ")}; see \`labloop alarms ${id}\``] : []),
    `labloop: ${doing(state)}`,
    `Campaign ${id} in "${lab}"`,
  ]);
}

function describe(alarm: Alarm, id: string, zone: string): string {
  const { name, priority, cause, since, say, readings, source, times } = alarm;
  const read = readings.map((each) => `${each.name} ${each.value} ${each.unit}`);
  const command =
    source === "question"
      ? `labloop answer ${id} ${questionNumber(name)} "…"`
      : `labloop alarms acknowledge ${name} ${id}`;
  return [
    `${name} (${priority}) since ${onWall(since, zone)}${times > 1 ? `, ${times} times` : ""}`,
    `What: ${clipped(cause, LONGEST_PART)}`,
    ...(read.length > 0 ? [`Read: ${clipped(read.join(", "), LONGEST_PART)}`] : []),
    ...(say === undefined ? [] : [`Do: ${clipped(say, LONGEST_PART)}`]),
    `Type: ${command}`,
  ].join("\n");
}

/** How things stand, for the one who comes in the morning. */
export function summaryMessage(subject: Subject, alarms: AlarmBook, state: LoopState, now: number): Message {
  return bounded(`${subject.id}: how things stand`, [
    `${onWall(now, subject.zone)} in "${subject.lab}"`,
    `labloop: ${doing(state)}`,
    ...account(state),
    ...standing(alarms),
    `Type: labloop show ${subject.id}`,
  ]);
}

/** How a campaign ended. */
export function endMessage(
  { id, lab }: Subject,
  { reason, experiments }: EventOf<"campaign.concluded">,
  alarms: AlarmBook,
  state: LoopState,
): Message {
  return bounded(`${id} has ended: ${reason}`, [
    `${reason} after ${experiments} experiments in "${lab}"`,
    ...account(state),
    ...standing(alarms),
    `Type: labloop show ${id}`,
  ]);
}

/** That a campaign broke off, which its journal can't tell any more. */
export function brokenMessage({ id, lab }: Subject, what: string): Message {
  return bounded(`${id} broke off`, [
    `What: ${what}`,
    `labloop: begins nothing more in "${lab}", and brings the instruments to their safe states`,
    "Do: look at the bench",
    `Type: labloop resume ${id}`,
  ]);
}

function account({ campaign }: LoopState): string[] {
  const { measured, failed, best } = campaign.context.account;
  const outcome = Object.entries(best?.outcome ?? {}).map(
    ([name, value]) => `${name} ${Number(value.toPrecision(4))}`,
  );
  return [
    `Experiments: ${measured} measured, ${failed} failed`,
    ...(best === null ? [] : [`Best: ${outcome.join(", ")} (experiment ${best.experiment})`]),
  ];
}

function standing(alarms: AlarmBook): string[] {
  const all = byUrgency(Object.values(alarms)).filter(isStanding);
  const told = all.map(({ name, priority }) => `${name} (${priority})`);
  return told.length === 0 ? [] : [`Alarms: ${clipped(told.join(", "), LONGEST_PART)}`];
}

const DOING: Readonly<Record<string, string>> = {
  running: "the campaign goes on",
  pausing: "the campaign pauses: nothing new is begun",
  paused: "the campaign is paused and waits for somebody",
  stopping: "the campaign ends after what is under way",
  parking: "the instruments are brought to their safe states",
  concluding: "the instruments were told to be safe, and the campaign ends",
  concluded: "the campaign has ended",
};

function doing({ campaign }: LoopState): string {
  return DOING[String(modeOf(campaign))] ?? "the campaign begins";
}

function bounded(title: string, parts: readonly string[]): Message {
  return {
    title: clipped(title.replace(/\s+/g, " "), LONGEST_TITLE),
    text: clipped(parts.join("\n\n"), LONGEST_TEXT),
  };
}

/** A text of at most so many characters, without anything that would steer a terminal. */
function clipped(text: string, most: number): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}]/gu, (each) => (each === "\n" ? each : " "));
  // Half of a character that takes two places is no text.
  return clean.length <= most ? clean : `${clean.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
