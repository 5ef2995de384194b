import {
  type Declaration,
  type Device,
  type Driver,
  deadline,
  declare,
  defineDriverOver,
  numberSetting,
  type PersonAnswer,
  readOut,
  type Settings,
  textSetting,
} from "labloop/instrument";

const DECLARATION: Declaration & { readonly transport: "person" } = declare({
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
    measure: readOut("asks for a number", {
      readings: { value: { unit: "1", description: "what the person read off" } },
    }),
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
  narrow: ({ unit }: Settings) => {
    const { measure, ...others } = DECLARATION.actions;
    const readings = { value: { unit: unit as string, description: "what the person read off" } };
    return {
      ...DECLARATION,
      actions: { ...others, measure: { ...(measure as Declaration["actions"][string]), readings } },
    };
  },
  open: async (opening, person) => {
    const { task, reading, unit, minimum, maximum, patience } = opening.settings;
    const wait = (patience as number) * 60_000;
    const ask = async (
      device: Device,
      text: string,
      asked: readonly string[],
      given = {},
    ): Promise<Answered> => {
      const limit = deadline(
        device.clock,
        wait,
        () => new Error(`nobody answered within ${patience} min`),
        device.signal,
      );
      const answer = await person.ask(
        {
          instrument: device.name,
          text,
          given,
          asked: asked.map((name) => ({
            name,
            description: name === "value" ? (reading as string) : name,
            ...(name === "value" && {
              unit: unit as string,
              ...(minimum !== undefined && { minimum: minimum as number }),
              ...(maximum !== undefined && { maximum: maximum as number }),
            }),
          })),
        },
        limit.signal,
      );
      limit.cancel();
      if (answer.kind === "not answered")
        return device.fail(
          "instrument.no-answer",
          `${answer.fault.message}; last message: "${text}"`,
          answer.fault.advice ?? "be there when it asks",
        );
      if (answer.note !== undefined) device.note(answer.note);
      return answer;
    };
    return {
      identity: { model: "person" },
      actions: {
        measure: {
          takes: () => wait,
          perform: async (device) => {
            const { value } = (await ask(device, `Read off ${reading}.`, ["value"])).values;
            if (typeof value !== "number" || !Number.isFinite(value)) return unreadable(device, value);
            if (value < ((minimum as number) ?? -Infinity) || value > ((maximum as number) ?? Infinity))
              return device.fail(
                "instrument.out-of-limits",
                `${value} ${unit} is out of ${minimum ?? "…"} to ${maximum ?? "…"}`,
                "read it off again",
              );
            return { value };
          },
        },
        do: {
          takes: () => wait,
          perform: async (device) => {
            device.begin();
            const { done } = (await ask(device, `${task}. Answer "yes" when it is done.`, ["done"])).values;
            if (!yes(done)) device.refused(`it was not done: "${String(done)}"`, "ask again, or skip it");
          },
          settle: async (device) => {
            const { done } = (await ask(device, `Was this done: ${task}? Answer "yes" or "no".`, ["done"]))
              .values;
            return yes(done) ? { kind: "done", readings: {} } : { kind: "not done" };
          },
        },
      },
      check: async (device) => {
        const { ready } = (await ask(device, 'Are you ready? Answer "yes" or "no".', ["ready"])).values;
        if (!yes(ready))
          device.fail("instrument.not-ready", "the person isn't ready", "begin when somebody is there");
      },
      safe: async (device) => {
        const { done } = (await ask(device, 'Leave your workplace safe. Answer "yes" when it is.', ["done"]))
          .values;
        if (!yes(done))
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

type Answered = Extract<PersonAnswer, { kind: "answered" }>;

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
