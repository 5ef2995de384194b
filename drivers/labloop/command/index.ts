import {
  type ActionDeclaration,
  type AskOptions,
  choiceSetting,
  commandText,
  type Driver,
  declare,
  defineLineDriver,
  delimited,
  type Effect,
  type LineDevice,
  numberSetting,
  type Settings,
  textSetting,
} from "labloop/instrument";
import { argumentsIn, readingsIn } from "./declared.ts";

/** Longest line in bytes. */
const LONGEST = 1024 * 1024;

const DECLARATION = declare({
  id: "labloop/command",
  title: "Any program that speaks JSON lines",
  manual: "docs/reference/json-lines-protocol.md",
  verified: "emulator only",
  transport: "program",
  settings: {
    arguments: textSetting('what a run takes, such as "temperature degC [0..80], time s"', { default: "" }),
    readings: textSetting('what a run gives, such as "yield %"', { default: "value" }),
    effect: choiceSetting(["once", "end-state", "read"], "what happens when a run is done twice", {
      default: "once",
    }),
    patience: numberSetting("s", "how long a run may take", { minimum: 0.1, default: 600 }),
    takes: numberSetting("s", "how long a run usually takes", { minimum: 0, default: 10 }),
  },
  actions: { run: runOf({ effect: "once", arguments: "", readings: "" }) },
});

/** Any program that reads one JSON object a line and answers with one. */
export const driver: Driver<"program"> = defineLineDriver({
  declaration: DECLARATION,
  narrow: (settings) => ({ ...DECLARATION, actions: { run: runOf(settings) } }),
  framing: () => ({
    decoder: delimited({ end: 0x0a, drop: 0x0d, longest: LONGEST }),
    end: "\n",
    timeout: 5000,
  }),
  open: async (opening) => {
    let last = 0;
    const ask = async (device: LineDevice, question: object, how: AskOptions = {}) => {
      const id = ++last;
      const text = JSON.stringify({ id, ...question });
      // JSON escapes everything that would end the line.
      if (commandText(text) === undefined)
        device.refused("a name or text has other letters than ASCII", "use ASCII");
      const answer = await device.ask(text, (line) => answerIn(line, id), { attempts: 1, ...how });
      if (typeof answer["error"] === "string") device.refused(answer["error"], "see what the program wrote");
      return answer;
    };
    const { model, version } = await ask(opening, { call: "hello" });
    if (typeof model !== "string")
      return opening.otherInstrument(
        "the program doesn't say what it is; last message: its answer to hello",
        'let it answer hello with "model"',
      );
    const { patience, takes } = opening.settings;
    const readingsOf = (device: LineDevice, answer: Readonly<Record<string, unknown>>) => {
      const declared = readingsIn(device.settings["readings"] as string);
      const given = (answer["readings"] ?? {}) as Readonly<Record<string, unknown>>;
      const wrong = Object.keys(declared).find((name) => typeof given[name] !== "number");
      if (wrong !== undefined) return device.unreadable(`run (${wrong})`, JSON.stringify(given).slice(0, 64));
      return Object.fromEntries(Object.keys(declared).map((name) => [name, given[name] as number]));
    };
    return {
      identity: { model, ...(typeof version === "string" && { firmware: version }) },
      actions: {
        run: {
          takes: () => (takes as number) * 1000,
          perform: async (device, given, { key }) => {
            const how = { timeout: (patience as number) * 1000, physical: true };
            return readingsOf(device, await ask(device, { call: "run", arguments: given, key }, how));
          },
          stop: async (device) => void (await ask(device, { call: "stop" })),
          settle: async (device, { key }) => {
            const answer = await ask(device, { call: "settle", key });
            if (answer["done"] === true) return { kind: "done", readings: readingsOf(device, answer) };
            if (answer["done"] === false) return { kind: "not done" };
            return { kind: "unknown", why: "the program doesn't know" };
          },
        },
      },
      check: async (device) => void (await ask(device, { call: "check" })),
      safe: async (device) => {
        const { state } = await ask(device, { call: "safe" });
        if (typeof state !== "string") return device.unreadable("safe", JSON.stringify(state ?? null));
        return { state };
      },
    };
  },
});

/** What a run is, as the lab file describes it. */
function runOf(settings: Settings): ActionDeclaration {
  const effect = settings["effect"] as Effect;
  return {
    description: "lets the program do its work",
    effect,
    arguments: argumentsIn(settings["arguments"] as string),
    readings: readingsIn(settings["readings"] as string),
    ...(effect === "once" && {
      resolves: "the program is asked what became of the command with its key",
    }),
  };
}

/** An object with the number of the question. */
function answerIn(line: string, id: number): Readonly<Record<string, unknown>> | undefined {
  try {
    const answer: unknown = JSON.parse(line);
    if (typeof answer !== "object" || answer === null || Array.isArray(answer)) return undefined;
    return (answer as { id?: unknown }).id === id ? (answer as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
