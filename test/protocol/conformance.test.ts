import {
  type Clock,
  memoryFolder,
  memoryPerson,
  NO_PROCESS,
  openSimulation,
  type Random,
  randomStream,
  readTwinSettings,
  type SimulatedInstrument,
  type Simulator,
  sleep,
  type TopicClient,
  VirtualClock,
  WELL_BEHAVED,
} from "labloop/instrument";
import {
  delaying,
  dropping,
  garbling,
  type Hits,
  type LineFault,
  repeating,
  type TopicTrouble,
  withFaults,
  withTopicTrouble,
} from "labloop/instrument/testing";
import { afterAll, describe, expect, it } from "vitest";
import { publish, published } from "../contract/instruments-page.ts";
import { type Subject, subjects } from "../contract/subjects.ts";
import { CONFORMANCE, OWN_POINTS, type OwnPoint, type Shown } from "./conformance.ts";
import { play, SHEETS, type Sheet } from "./sheets.ts";
import { twinLine } from "./twin-line.ts";
import { type TwinNode, twinNode } from "./twin-node.ts";

/** The points of the conformance list, in its order. */
const POINTS = {
  exchanges: "answers the literal exchanges of its sheet",
  silence: OWN_POINTS.silence,
  together: `takes a command cut at any byte, and ${OWN_POINTS.together.slice("takes ".length)}`,
  errors: OWN_POINTS.errors,
  faults: "drops, delays, doubles, truncates and garbles the n-th reply from a seeded script",
  power: OWN_POINTS.power,
  panel: OWN_POINTS.panel,
  settles: OWN_POINTS.settles,
  range: OWN_POINTS.range,
} as const;
type Point = keyof typeof POINTS;

/** Shows a point, or why it can't apply. */
type Case = (() => Promise<void>) | { readonly why: string };

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = new AbortController().signal;
/** Milliseconds: later than any answer of a sheet is waited for. */
const LATE = 200_000;

interface Message {
  readonly at: number;
  readonly text: string;
}

/** What goes wrong with the n-th reply, and what then arrives of a log without faults. */
const SCRIPTED: Readonly<
  Record<
    string,
    { fault(hits: Hits, clock: Clock, random: Random): LineFault; of(message: Message): readonly string[] }
  >
> = {
  dropped: { fault: (hits) => dropping(hits), of: () => [] },
  delayed: { fault: (hits, clock) => delaying(clock, LATE, hits), of: ({ text }) => [text] },
  doubled: { fault: (hits) => repeating(hits), of: ({ text }) => [text, text] },
  truncated: {
    fault: (hits) => garbling((bytes) => bytes.subarray(0, bytes.length >> 1), hits),
    of: ({ text }) => (text.length > 1 ? [text.slice(0, text.length >> 1)] : []),
  },
};

/** Plays a sheet's exchanges on a line with a fault; every message that arrived, with its time. */
async function heard(sheet: Sheet, fault: (clock: Clock) => LineFault): Promise<Message[]> {
  const log: Message[] = [];
  const line = await twinLine(sheet.simulator as never, sheet.settings, {
    ...(sheet.process && { process: sheet.process }),
    between: (stream, clock) => {
      const faulty = withFaults(stream, fault(clock));
      faulty.onData((bytes) => log.push({ at: clock.now(), text: String.fromCharCode(...bytes) }));
      return faulty;
    },
  });
  for (const exchange of sheet.exchanges) await play(line, exchange);
  await line.wait(2 * LATE);
  line.twin.close();
  return log;
}

const without = (log: readonly Message[], n: number): Message[] => log.filter((_message, i) => i !== n);

async function seededFaults(sheet: Sheet, seed: number): Promise<void> {
  const clean = await heard(sheet, () => (stream) => stream);
  const n = randomStream(seed, 0, "n-th reply").integer(clean.length);
  const hit = clean[n] as Message;
  for (const [name, { fault, of }] of Object.entries(SCRIPTED)) {
    const script = () =>
      heard(sheet, (clock) => fault((chunk) => chunk === n, clock, randomStream(seed, 0, name)));
    const log = await script();
    const at = name === "delayed" ? hit.at + LATE : hit.at;
    const expected = [...without(clean, n), ...of(hit).map((text) => ({ at, text }))];
    expect([name, ...log.toSorted(byTime)]).toEqual([name, ...expected.toSorted(byTime)]);
  }
  const garbled = () =>
    heard(sheet, () => {
      const random = randomStream(seed, 0, "garbled");
      return garbling(
        (bytes) => bytes.map(() => random.integer(256)),
        (chunk) => chunk === n,
      );
    });
  const log = await garbled();
  expect(without(log, n)).toEqual(without(clean, n));
  expect(log[n]?.text).toHaveLength(hit.text.length);
  expect(log[n]?.text).not.toBe(hit.text);
  expect(await garbled()).toEqual(log);
}

const byTime = (a: Message, b: Message): number => a.at - b.at || (a.text < b.text ? -1 : 1);

async function playAll(sheet: Sheet, cut?: number): Promise<void> {
  const line = await twinLine(sheet.simulator as never, sheet.settings, {
    ...(sheet.process && { process: sheet.process }),
  });
  for (const exchange of sheet.exchanges) {
    const { came, expected } = await play(line, exchange, cut);
    expect(came).toEqual(expected);
  }
  line.twin.close();
}

/** A twin that takes bytes: its sheets, and the exchanges that show its own points. */
function casesOfLine({ id, description }: Subject): Readonly<Record<Point, Case>> {
  const own = CONFORMANCE[id] as (typeof CONFORMANCE)[string];
  const sheets = SHEETS.filter((sheet) => sheet.id.split(" ")[0] === id);
  const simulator = description.simulator as Sheet["simulator"];
  const process = description.process;
  const shown = (exchanges: Shown): Case =>
    "why" in exchanges
      ? exchanges
      : () =>
          playAll({
            id,
            simulator,
            exchanges,
            ...(own.settings && { settings: own.settings }),
            ...(process && { process }),
          });
  const points = Object.fromEntries(
    (Object.keys(OWN_POINTS) as OwnPoint[]).map((point) => [point, shown(own[point])]),
  ) as Record<OwnPoint, Case>;
  const { together } = points;
  return {
    ...points,
    exchanges: async () => {
      expect(sheets.length).toBeGreaterThan(0);
      for (const sheet of sheets) await playAll(sheet);
    },
    together: async () => {
      const longest = Math.max(...sheets.flatMap(({ exchanges }) => exchanges.map(([send]) => send.length)));
      for (const sheet of sheets) for (let cut = 1; cut < longest; cut++) await playAll(sheet, cut);
      if (typeof together === "function") await together();
    },
    faults: async () => {
      for (const seed of [1, 2, 3]) await seededFaults(sheets[0] as Sheet, seed);
    },
  };
}

const COMMAND = {
  R: 10,
  G: 20,
  B: 30,
  atime: 100,
  astep: 999,
  gain: 128,
  integration_time_s: 0.2808,
  mongodb: false,
  _session_id: "s",
};
const command = (id: string, more: object = {}): string =>
  JSON.stringify({ ...COMMAND, _experiment_id: id, ...more });
const CHANNELS = ["ch410", "ch440", "ch470", "ch510", "ch550", "ch583", "ch620", "ch670"];
const RESULT = [
  "_input_message",
  ...CHANNELS,
  "background",
  "onboard_temperature_K",
  "sd_card_ready",
  "utc_timestamp",
  "utc_time_str",
  "device_nickname",
  "encrypted_device_id_truncated",
  "logged_to_mongodb",
];

interface Result {
  readonly _input_message: { readonly _experiment_id?: string };
  readonly error?: string;
}

/** Tries something with a node, and takes it away. */
const withNode =
  (trial: (node: TwinNode) => Promise<void>): Case =>
  async () => {
    const node = await twinNode();
    await trial(node);
    await node.close();
  };

const idsOf = (results: readonly string[]): (string | undefined)[] =>
  results.map((text) => (JSON.parse(text) as Result)._input_message._experiment_id);

/** Three results, of which a trouble hits the n-th. */
async function withNth(trouble: TopicTrouble, n: number, within?: number): Promise<string[]> {
  let results = 0;
  let active = false;
  const between = (topics: TopicClient, clock: Clock): TopicClient => {
    const spoilt = withTopicTrouble(topics, trouble, {
      clock,
      random: randomStream(1, 0, trouble),
      active: () => active && results++ === n,
    });
    return { ...spoilt, publish: (...message) => topics.publish(...message) };
  };
  const node = await twinNode(between);
  active = true;
  const all = await node.say(
    ["a", "b", "c"].map((id) => command(id)),
    { ...(within !== undefined && { within }) },
  );
  await node.close();
  return all;
}

const NODE: Readonly<Record<Point, Case>> = {
  exchanges: withNode(async (node) => {
    const [text = ""] = await node.say([command("e")]);
    const result = JSON.parse(text) as Record<string, unknown>;
    expect(Object.keys(result).toSorted()).toEqual([...RESULT].toSorted());
    expect(Object.keys(result["background"] as object)).toEqual(CHANNELS);
    expect(result["_input_message"]).toEqual({ ...COMMAND, _experiment_id: "e" });
  }),
  silence: withNode(async (node) => {
    expect(await node.say([command("kept")], { retain: true })).toHaveLength(1);
    node.twin.powerCycle();
    // The broker gives the retained command to the node that is back.
    expect(await node.say([])).toEqual([]);
  }),
  together: withNode(async (node) => {
    expect(idsOf(await node.say([command("a"), command("b")]))).toEqual(["a", "b"]);
  }),
  errors: withNode(async (node) => {
    node.twin.nextError = "OSError: [Errno 5] EIO";
    const [first = "", second = "", third = ""] = await node.say([command("a"), "no JSON", command("b")]);
    expect(JSON.parse(first)).toMatchObject({ error: "OSError: [Errno 5] EIO" });
    expect(JSON.parse(second)).toMatchObject({ _input_message: "no JSON", error: expect.any(String) });
    expect(JSON.parse(third)).not.toHaveProperty("error");
  }),
  faults: async () => {
    const clean = await withNth("silence", Number.POSITIVE_INFINITY);
    expect(idsOf(clean)).toEqual(["a", "b", "c"]);
    const n = randomStream(1, 0, "n-th reply").integer(3);
    expect(await withNth("silence", n)).toEqual(clean.toSpliced(n, 1));
    expect(await withNth("delay", n)).toEqual(clean.toSpliced(n, 1));
    expect((await withNth("delay", n, 9000)).toSorted()).toEqual(clean.toSorted());
    expect(await withNth("duplicate", n)).toEqual(clean.toSpliced(n, 0, clean[n] as string));
    const garbled = await withNth("garbage", n);
    expect(garbled.toSpliced(n, 1)).toEqual(clean.toSpliced(n, 1));
    expect(garbled[n]).not.toBe(clean[n]);
    expect(await withNth("garbage", n)).toEqual(garbled);
  },
  power: withNode(async (node) => {
    expect(node.told()).toEqual(["online node 1"]);
    await node.say([command("lost")], { within: 300 });
    node.twin.powerCycle();
    expect(await node.say([])).toEqual([]);
    // It says so again when it finds the will of its former connection.
    expect(node.told()).toEqual(["offline node 1", "online node 2", "online node 2"]);
  }),
  panel: { why: "it has no panel" },
  // Two integrations of 0.281 s and its overhead.
  settles: withNode(async (node) => {
    expect(await node.say([command("a")], { within: 600 })).toEqual([]);
    expect(await node.say([], { within: 100 })).toHaveLength(1);
  }),
  range: withNode(async (node) => {
    for (const wrong of [{ R: 256 }, { atime: -1 }, { astep: 65_537 }, { gain: 3 }]) {
      const [text = ""] = await node.say([command("a", wrong)]);
      expect(JSON.parse(text)).toMatchObject({ error: expect.stringContaining("out of range") });
    }
  }),
};

/** Attaches a twin that neither bytes nor messages reach. */
async function attached<T extends "folder" | "person", I extends SimulatedInstrument>(
  simulator: Simulator<T, I>,
  clock: VirtualClock,
  transport: Parameters<Simulator<T, I>["attach"]>[0]["transport"],
): Promise<I> {
  const opened = openSimulation({ clock, seed: 1, process: NO_PROCESS, settings: {} });
  const read = readTwinSettings("twin", simulator as never, { driver: {}, given: {} });
  if (opened.kind === "refused" || read.kind === "refused") throw new Error("the twin's settings are wrong");
  return simulator.attach({
    name: "twin",
    clock,
    random: (purpose) => randomStream(1, 0, purpose),
    settings: read.settings,
    process: opened.simulation.process,
    misbehaviour: WELL_BEHAVED,
    transport,
  });
}

const NO_LINE = "nothing is sent to it: it puts files into a folder";
const NO_COMMANDS = "a person is asked, and takes no commands";

const casesOfCamera = ({ description }: Subject): Readonly<Record<Point, Case>> => ({
  exchanges: { why: NO_LINE },
  silence: { why: NO_LINE },
  together: { why: NO_LINE },
  errors: { why: "it has none: a picture comes or doesn't" },
  faults: { why: "it has no replies; absent and garbled files are tried by the contract" },
  power: { why: "it remembers nothing: its pictures are in the folder" },
  panel: { why: "it has no panel" },
  settles: async () => {
    const clock = new VirtualClock(0, turn);
    const folder = memoryFolder("pictures", clock);
    const twin = await attached(description.simulator as Simulator<"folder">, clock, folder);
    await sleep(clock, 31_000);
    const files = await folder.list();
    expect(files.map(({ modified }) => modified)).toEqual([300, 10_300, 20_300, 30_300]);
    twin.close();
  },
  range: { why: NO_LINE },
});

const casesOfPerson = ({ description }: Subject): Readonly<Record<Point, Case>> => ({
  exchanges: { why: NO_COMMANDS },
  silence: { why: NO_COMMANDS },
  together: { why: NO_COMMANDS },
  errors: { why: "a person has none; nobody answering is tried by the contract" },
  faults: { why: "no line; silence and nonsense of a person are tried by the contract" },
  power: { why: "a person has none" },
  panel: { why: "it has no panel" },
  settles: async () => {
    const clock = new VirtualClock(0, turn);
    const person = memoryPerson();
    const twin = await attached(description.simulator as Simulator<"person">, clock, person);
    const asked = [{ name: "value", description: "the value", unit: "degC" }];
    const answer = await person.ask({ instrument: "it", text: "Read it off.", asked, given: {} }, never);
    expect(answer).toEqual({ kind: "answered", values: { value: 1 } });
    // 40 s, and longer or shorter by about a third.
    expect(clock.now()).toBeGreaterThan(15_000);
    expect(clock.now()).toBeLessThan(110_000);
    twin.close();
  },
  range: { why: "the question has the range; the driver refuses an answer outside" },
});

function casesOf(subject: Subject): Readonly<Record<Point, Case>> {
  switch (subject.description.driver.declaration.transport) {
    case "mqtt":
      return NODE;
    case "folder":
      return casesOfCamera(subject);
    case "person":
      return casesOfPerson(subject);
    default:
      return casesOfLine(subject);
  }
}

const names = Object.keys(POINTS) as Point[];
const all = subjects.map((subject) => ({ subject, id: subject.id, cases: casesOf(subject) }));

describe.each(all)("the twin of $id", ({ subject, cases }) => {
  const shown = names.flatMap((point) => {
    const each = cases[point];
    return typeof each === "function" ? [{ title: POINTS[point], show: each }] : [];
  });
  it.each(shown)("$title", async ({ show }) => {
    await expect(show()).resolves.toBeUndefined();
  });

  it("is excused from losing its power only where no rehearsal can take it", () => {
    const { transport, troubles = [] } = subject.description.simulator;
    expect(typeof cases.power === "function").toBe(troubles.includes("power") || transport === "mqtt");
  });
});

/** Why points don't apply, each reason once behind the numbers of its points. */
function reasonsOf(cases: Readonly<Record<Point, Case>>): string {
  const points = new Map<string, number[]>();
  for (const [i, point] of names.entries()) {
    const each = cases[point];
    if (typeof each === "object") points.set(each.why, [...(points.get(each.why) ?? []), i + 1]);
  }
  const reasons = [...points].map(([why, numbers]) => `${numbers.join(", ")}: ${why}`);
  return reasons.length === 0 ? "–" : reasons.join("; ");
}

const NUMBERS = names.map((_point, i) => `${i + 1}`);
const table = [
  `| twin | ${NUMBERS.join(" | ")} | what doesn't apply, and why |`,
  `| --- |${" --- |".repeat(names.length + 1)}`,
  ...all.map(({ id, cases }) => {
    const cells = names.map((point) => (typeof cases[point] === "function" ? "holds" : "–"));
    return `| \`${id}\` | ${[...cells, reasonsOf(cases)].join(" | ")} |`;
  }),
];

it.skipIf(process.env["LABLOOP_WRITE_DOCS"] !== undefined)("is what docs/instruments.md says", () => {
  expect(published("Conformance of the twins")).toEqual(table);
});

afterAll(() => publish("Conformance of the twins", table));
