import {
  type Misbehaviour,
  type Outcome,
  randomStream,
  type SimulatedInstrument,
  TWIN_TROUBLES,
  type TwinTrouble,
  twinTroublesOf,
  VirtualClock,
} from "labloop/instrument";
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
const OF_TWINS = Object.keys(TWIN_TROUBLES) as TwinTrouble[];
type Trouble = LineTrouble | TopicTrouble | TwinTrouble;

function isOfLine(trouble: Trouble | undefined): trouble is LineTrouble {
  return trouble !== undefined && Object.hasOwn(LINE_TROUBLES, trouble);
}

function isOfTopics(trouble: Trouble | undefined): trouble is TopicTrouble {
  return trouble !== undefined && Object.hasOwn(TOPIC_TROUBLES, trouble);
}

/** Readings drift by that many units an hour, and what overheats gets hotter by that many K. */
const PER_HOUR = 60;
/** Milliseconds from the beginning of an action to the moment at which the power fails. */
const POWER_FAILS = 300;

/** A twin that is well until the trouble begins. */
function misbehaving(trouble: Trouble | undefined, clock: VirtualClock, active: () => boolean): Misbehaviour {
  const shown = new Map<string, number>();
  let since: number | undefined;
  return {
    twice: () => trouble === "twice" && active(),
    wrongChecksum: () => trouble === "checksum" && active(),
    shown(reading, value) {
      if (trouble === "stick" && active()) return shown.get(reading) ?? remember(shown, reading, value);
      if (trouble !== "drift" || !active()) return remember(shown, reading, value);
      since ??= clock.now();
      return value + (PER_HOUR * (clock.now() - since)) / 3_600_000;
    },
  };
}

function remember(shown: Map<string, number>, reading: string, value: number): number {
  shown.set(reading, value);
  return value;
}

/** Times what an action usually takes, and minutes more, until a call counts as hanging. */
const LONGEST = { times: 3, more: 20 * 60_000 };

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
    misbehaving(trouble, clock, () => active),
  );
  const instrument = await bench.connect();
  const twin = bench.twin() as SimulatedInstrument;
  active = true;
  if (trouble === "overheat") twin.overheat?.(PER_HOUR);
  const told: Told[] = [];
  const hung: string[] = [];
  for (const [action, given] of Object.entries(description.examples)) {
    const call = { action, arguments: given, key: `night ${action}` };
    const began = clock.now();
    if (trouble === "power") clock.at(began + POWER_FAILS, () => twin.powerCycle?.());
    const outcome = await instrument.perform(call, never);
    if (clock.now() - began > LONGEST.times * instrument.estimate(call) + LONGEST.more)
      hung.push(`${action} hung`);
    told.push({ action, outcome });
  }
  const state = await instrument.makeSafe(never);
  const found = {
    told,
    hung,
    safe: state.kind,
    really: description.safe?.(twin as never),
    effects: description.effects?.(twin as never),
  };
  await instrument.close();
  return found;
}

/** A number of a troubled night is what a quiet night gives, but for noise and for when it was read. */
function wrongValues(quiet: Night, troubled: Night, told: ReadonlySet<string>): string[] {
  return troubled.told.flatMap(({ action, outcome }, i) => {
    const clean = quiet.told[i]?.outcome;
    if (outcome.kind !== "done" || clean?.kind !== "done" || told.has(action)) return [];
    return Object.entries(outcome.readings).flatMap(([name, value]) => {
      const expected = clean.readings[name];
      const near = expected !== undefined && Math.abs(value - expected) <= 0.05 * Math.abs(expected) + 3;
      return near ? [] : [`${action}.${name} = ${value}, quietly ${expected}`];
    });
  });
}

/** What these tell is where an instrument stands, which it really does elsewhere after it lost its power or did more. */
const TELL_STATE: ReadonlySet<string> = new Set(["read", "dispensed"]);
const NONE: ReadonlySet<string> = new Set();
const CHANGES_STATE: ReadonlySet<Trouble> = new Set(["power", "twice"]);

/** Only another instrument could tell that these are wrong: whoever answers from memory, or shows what isn't there. */
const BEYOND_KNOWING: ReadonlySet<Trouble> = new Set(["lie", "drift", "stick"]);

/** An answer of these protocols names neither its request nor what it tells: the one before looks right. */
const ANONYMOUS: ReadonlySet<string> = new Set(["eurotherm/3216"]);

function promisesBroken(quiet: Night, troubled: Night, trouble: Trouble): string[] {
  const repeated = (troubled.effects ?? 0) > (quiet.effects ?? 0) ? ["did something twice"] : [];
  if (BEYOND_KNOWING.has(trouble)) return [...troubled.hung, ...repeated];
  const claimed =
    troubled.safe === "safe" && troubled.really === false ? ["claims to be safe, and isn't"] : [];
  // What overheats really has the temperature that it shows.
  if (trouble === "overheat") return [...troubled.hung, ...repeated, ...claimed];
  const told = CHANGES_STATE.has(trouble) ? TELL_STATE : NONE;
  return [...troubled.hung, ...repeated, ...claimed, ...wrongValues(quiet, troubled, told)];
}

const COLUMNS = [...TROUBLES, ...OF_TOPICS.filter((trouble) => !isOfLine(trouble)), ...OF_TWINS];
const table: string[] = [];
/** The troubles that a driver's transport and its twin can have. */
function troublesOf({ driver, simulator }: ContractDescription): readonly Trouble[] {
  const { transport } = driver.declaration;
  const ofTwin = twinTroublesOf(simulator);
  if (transport === "mqtt") return [...OF_TOPICS, ...ofTwin];
  return ["serial", "tcp", "program"].includes(transport) ? [...TROUBLES, ...ofTwin] : ofTwin;
}

const lined = subjects.filter(({ description }) => troublesOf(description).length > 0);

describe.each(lined)("$id", ({ id, description }) => {
  it("hangs nowhere, takes no wrong value, does nothing twice and claims no state, whatever the line does", async () => {
    const quiet = await night(description, undefined);
    expect(quiet.told.map(({ outcome }) => outcome.kind)).toEqual(quiet.told.map(() => "done"));
    const cells: Partial<Record<Trouble, string>> = {};
    const broken: string[] = [];
    const taken: string[] = [];
    for (const trouble of troublesOf(description)) {
      const troubled = await night(description, trouble);
      const found = promisesBroken(quiet, troubled, trouble);
      const unknowable = trouble === "stale" && ANONYMOUS.has(id);
      (unknowable ? taken : broken).push(...found.map((what) => `${trouble}: ${what}`));
      const done = troubled.told.filter(({ outcome }) => outcome.kind === "done").length;
      cells[trouble] = `${done}/${troubled.told.length} ${troubled.safe}`;
    }
    expect(broken).toEqual([]);
    expect(taken.length > 0).toBe(ANONYMOUS.has(id));
    table.push(`| ${[id, ...COLUMNS.map((trouble) => cells[trouble] ?? "–")].join(" | ")} |`);
  });
});

it("over Modbus TCP, which numbers its requests, no stale answer is taken", async () => {
  const found = subjects.find(({ id }) => id === "eurotherm/3216") as (typeof subjects)[number];
  const description = { ...found.description, settings: { decimals: 1, framing: "tcp" } };
  const quiet = await night(description, undefined);
  expect(promisesBroken(quiet, await night(description, "stale"), "stale")).toEqual([]);
});

afterAll(() => {
  publish("Troubles of a line", [
    `| driver | ${COLUMNS.join(" | ")} |`,
    `| --- |${" --- |".repeat(COLUMNS.length)}`,
    ...table.toSorted(),
  ]);
});
