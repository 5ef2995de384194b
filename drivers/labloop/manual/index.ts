import {
  type Asked,
  type Device,
  type Driver,
  deadline,
  declare,
  defineDriverOver,
  numberSetting,
  readOut,
  taking,
  textSetting,
} from "labloop/instrument";

/** What a question is answered with. */
const DONE: Asked = { name: "done", description: "done" };
const READY: Asked = { name: "ready", description: "ready" };
const measureIn = (unit: string) =>
  readOut("asks for a number", { readings: { value: { unit, description: "what the person read off" } } });

const DECLARATION = declare({
  id: "labloop/manual",
  title: "A person as an instrument",
  manual: "none: a person reads the question",
  verified: "emulator only",
  transport: "person",
  settings: {
    task: textSetting("what the person does when asked to", { default: "do the next step" }),
    reading: textSetting("what the person reads off", { default: "the value" }),
    unit: textSetting("unit of what is read off", { default: "1" }),
    minimum: numberSetting("1", "least number that is taken, in that unit"),
    maximum: numberSetting("1", "greatest number that is taken, in that unit"),
    patience: numberSetting("min", "how long an answer is waited for", { minimum: 0.1, default: 60 }),
  },
  actions: {
    measure: measureIn("1"),
    do: {
      description: "asks a person to do something, and waits until it is done",
      effect: "once",
      arguments: {},
      readings: {},
      resolves: "the person is asked whether it was done",
    },
  },
});

/** A person as an instrument: asked at the terminal, answers with a number and a note. */
export const driver: Driver<"person"> = defineDriverOver({
  declaration: DECLARATION,
  narrow: ({ unit }) => ({
    ...DECLARATION,
    actions: { ...DECLARATION.actions, measure: measureIn(unit as string) },
  }),
  open: async (opening, person) => {
    const { task, reading, unit, minimum, maximum, patience } = opening.settings;
    const wait = (patience as number) * 60_000;
    const ask = async (device: Device, text: string, asked: Asked): Promise<number | string | undefined> => {
      const late = (): Error => new Error(`nobody answered within ${patience} min`);
      const limit = deadline(device.clock, wait, late, device.signal);
      const question = { instrument: device.name, text, given: {}, asked: [asked] };
      const answer = await person.ask(question, limit.signal);
      limit.cancel();
      if (answer.kind === "not answered")
        return device.fail(
          "instrument.no-answer",
          `${answer.fault.message}; last message: "${text}"`,
          answer.fault.advice ?? "be there when it asks",
        );
      if (answer.note !== undefined) device.note(answer.note);
      return answer.values[asked.name];
    };
    const number: Asked = {
      name: "value",
      description: reading as string,
      unit: unit as string,
      ...(minimum !== undefined && { minimum: minimum as number }),
      ...(maximum !== undefined && { maximum: maximum as number }),
    };
    return {
      identity: { model: "person" },
      actions: {
        measure: taking(wait, async (device) => {
          const value = await ask(device, `Read off ${reading}.`, number);
          if (typeof value !== "number" || !Number.isFinite(value)) return unreadable(device, value);
          if (value < (number.minimum ?? -Infinity) || value > (number.maximum ?? Infinity))
            return device.fail(
              "instrument.out-of-limits",
              `${value} ${unit} is out of ${minimum ?? "…"} to ${maximum ?? "…"}`,
              "read it off again",
            );
          return { value };
        }),
        do: {
          takes: () => wait,
          perform: async (device) => {
            device.begin();
            const done = await ask(device, `${task}. Answer "yes" when it is done.`, DONE);
            if (!yes(done)) device.refused(`it was not done: "${String(done)}"`, "ask again, or skip it");
          },
          settle: async (device) =>
            yes(await ask(device, `Was this done: ${task}? Answer "yes" or "no".`, DONE))
              ? { kind: "done", readings: {} }
              : { kind: "not done" },
        },
      },
      check: async (device) => {
        if (!yes(await ask(device, 'Are you ready? Answer "yes" or "no".', READY)))
          device.fail("instrument.not-ready", "the person isn't ready", "begin when somebody is there");
      },
      safe: async (device) => {
        if (!yes(await ask(device, 'Leave your workplace safe. Answer "yes" when it is.', DONE)))
          device.fail(
            "instrument.not-safe",
            "the person says that it isn't safe",
            "look after the workplace",
          );
        return { person: "says that it is safe" };
      },
    };
  },
});

function yes(answer: number | string | undefined): boolean {
  return typeof answer === "string" && /^(y|yes|done|ok)$/i.test(answer.trim());
}

function unreadable(device: Device, value: unknown): never {
  return device.fail(
    "instrument.unreadable-answer",
    `no number was given; last message: ${JSON.stringify(value ?? null)}`,
    "answer with a number",
  );
}
