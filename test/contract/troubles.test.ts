import { type Outcome, randomStream, VirtualClock } from "labloop/instrument";
import {
  type ContractDescription,
  inMemory,
  LINE_TROUBLES,
  type LineTrouble,
  TOPIC_TROUBLES,
  type TopicTrouble,
  withTopicTrouble,
  withTrouble,
} from "labloop/instrument/testing";
import { afterAll, describe, expect, it } from "vitest";
import { publish } from "./instruments-page.ts";
import { subjects } from "./subjects.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = new AbortController().signal;
const TROUBLES = Object.keys(LINE_TROUBLES) as LineTrouble[];
const OF_TOPICS = Object.keys(TOPIC_TROUBLES) as TopicTrouble[];
type Trouble = LineTrouble | TopicTrouble;

function isOfLine(trouble: Trouble | undefined): trouble is LineTrouble {
  return trouble !== undefined && Object.hasOwn(LINE_TROUBLES, trouble);
}

function isOfTopics(trouble: Trouble | undefined): trouble is TopicTrouble {
  return trouble !== undefined && Object.hasOwn(TOPIC_TROUBLES, trouble);
}

/** Times what an action usually takes, and minutes more, until a call counts as hanging. */
const LONGEST = { times: 3, more: 15 * 60_000 };

interface Told {
  readonly action: string;
  readonly outcome: Outcome;
}

interface Night {
  readonly told: readonly Told[];
  readonly hung: readonly string[];
  readonly safe: "safe" | "unknown";
  readonly really: boolean | undefined;
  readonly effects: number | undefined;
}

/** Connects, then carries out every example while the trouble lasts, and makes it safe at the end. */
async function night(description: ContractDescription, trouble: Trouble | undefined): Promise<Night> {
  const clock = new VirtualClock(0, turn);
  let active = false;
  const context = { clock, random: randomStream(1, 0, trouble ?? ""), active: () => active };
  const bench = inMemory(
    description,
    clock,
    (stream) => (isOfLine(trouble) ? withTrouble(stream, trouble, context) : stream),
    (topics) => (isOfTopics(trouble) ? withTopicTrouble(topics, trouble, context) : topics),
  );
  const instrument = await bench.connect();
  active = true;
  const told: Told[] = [];
  const hung: string[] = [];
  for (const [action, given] of Object.entries(description.examples)) {
    const call = { action, arguments: given, key: `night ${action}` };
    const began = clock.now();
    const outcome = await instrument.perform(call, never);
    if (clock.now() - began > LONGEST.times * instrument.estimate(call) + LONGEST.more)
      hung.push(`${action} hung`);
    told.push({ action, outcome });
  }
  const state = await instrument.makeSafe(never);
  const twin = bench.twin() as never;
  const found = {
    told,
    hung,
    safe: state.kind,
    really: description.safe?.(twin),
    effects: description.effects?.(twin),
  };
  await instrument.close();
  return found;
}

/** A number of a troubled night is what a quiet night gives, but for noise and for when it was read. */
function wrongValues(quiet: Night, troubled: Night): string[] {
  return troubled.told.flatMap(({ action, outcome }, i) => {
    const clean = quiet.told[i]?.outcome;
    if (outcome.kind !== "done" || clean?.kind !== "done") return [];
    return Object.entries(outcome.readings).flatMap(([name, value]) => {
      const expected = clean.readings[name];
      const near = expected !== undefined && Math.abs(value - expected) <= 0.05 * Math.abs(expected) + 3;
      return near ? [] : [`${action}.${name} = ${value}, quietly ${expected}`];
    });
  });
}

/** Whoever answers from memory says what it said before, and only another instrument could tell: a lie breaks less. */
function promisesBroken(quiet: Night, troubled: Night, trouble: Trouble): string[] {
  const repeated = (troubled.effects ?? 0) > (quiet.effects ?? 0) ? ["did something twice"] : [];
  if (trouble === "lie") return [...troubled.hung, ...repeated];
  const claimed =
    troubled.safe === "safe" && troubled.really === false ? ["claims to be safe, and isn't"] : [];
  return [...troubled.hung, ...repeated, ...claimed, ...wrongValues(quiet, troubled)];
}

const COLUMNS = [...TROUBLES, ...OF_TOPICS.filter((trouble) => !isOfLine(trouble))];
const table: string[] = [];
/** The troubles that a driver's transport can have. */
function troublesOf(description: ContractDescription): readonly Trouble[] {
  const { transport } = description.driver.declaration;
  if (transport === "mqtt") return OF_TOPICS;
  return ["serial", "tcp", "program"].includes(transport) ? TROUBLES : [];
}

const lined = subjects.filter(({ description }) => troublesOf(description).length > 0);

describe.each(lined)("$id", ({ id, description }) => {
  it("hangs nowhere, takes no wrong value, does nothing twice and claims no state, whatever the line does", async () => {
    const quiet = await night(description, undefined);
    expect(quiet.told.map(({ outcome }) => outcome.kind)).toEqual(quiet.told.map(() => "done"));
    const cells: Partial<Record<Trouble, string>> = {};
    const broken: string[] = [];
    for (const trouble of troublesOf(description)) {
      const troubled = await night(description, trouble);
      broken.push(...promisesBroken(quiet, troubled, trouble).map((what) => `${trouble}: ${what}`));
      const done = troubled.told.filter(({ outcome }) => outcome.kind === "done").length;
      cells[trouble] = `${done}/${troubled.told.length} ${troubled.safe}`;
    }
    expect(broken).toEqual([]);
    table.push(`| ${[id, ...COLUMNS.map((trouble) => cells[trouble] ?? "–")].join(" | ")} |`);
  });
});

afterAll(() => {
  publish("Troubles of a line", [
    `| driver | ${COLUMNS.join(" | ")} |`,
    `| --- |${" --- |".repeat(COLUMNS.length)}`,
    ...table.toSorted(),
  ]);
});
