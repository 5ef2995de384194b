import {
  type AnswerPort,
  type AttachContext,
  type Cancel,
  defineSimulator,
  delimited,
  numberSetting,
  portIfAny,
  type SimulatedInstrument,
  type Simulator,
  textSetting,
  toBytes,
} from "labloop/instrument";

interface Question {
  readonly id: number;
  readonly call: string;
  readonly key?: string;
  readonly arguments?: Readonly<Record<string, number | string>>;
}

/** A program that speaks JSON lines. */
export class SimulatedProgram implements SimulatedInstrument {
  /** What it did, by key: nothing twice. */
  readonly done: Map<string, Readonly<Record<string, number>>> = new Map();
  readonly #context: AttachContext<"program">;
  readonly #port: AnswerPort | undefined;
  readonly #readings: readonly string[];
  #running: { cancel: Cancel; id: number } | undefined;

  constructor(context: AttachContext<"program">) {
    this.#context = context;
    this.#port = portIfAny(context.process, "answers", context.settings["port"] as string);
    const text = context.settings["readings"] as string;
    this.#readings = text.split(",").map((each) => each.trim().split(/\s/)[0] as string);
    const decoder = delimited({ end: 0x0a, longest: 65_536 });
    context.transport.onData((bytes) => {
      for (const line of decoder.push(bytes)) this.#receive(line);
    });
  }

  close(): void {
    this.#running?.cancel();
    void this.#context.transport.close();
  }

  #receive(line: string): void {
    let question: Question;
    try {
      question = JSON.parse(line) as Question;
    } catch {
      return this.#send({ error: "no JSON" });
    }
    const { id, call, key = "" } = question;
    switch (call) {
      case "hello":
        return this.#send({ id, model: "simulated program", version: "1" });
      case "check":
        return this.#send({ id });
      case "run":
        return this.#run(question);
      case "settle":
        return this.#send({ id, done: this.done.has(key), readings: this.done.get(key) });
      case "stop":
      case "safe":
        this.#running?.cancel();
        this.#running = undefined;
        return this.#send({ id, state: "idle" });
      default:
        return this.#send({ id, error: `there is no call "${call}"` });
    }
  }

  #run({ id, key = "", arguments: given = {} }: Question): void {
    const known = this.done.get(key);
    if (known !== undefined) return this.#send({ id, readings: known });
    const { clock, settings } = this.#context;
    const cancel = clock.at(clock.now() + (settings["takes"] as number) * 1000, () => {
      const readings = Object.fromEntries(
        this.#readings.map((name) => [name, this.#port?.answer(name, given) ?? 1]),
      );
      this.done.set(key, readings);
      this.#running = undefined;
      this.#send({ id, readings });
    });
    this.#running = { cancel, id };
  }

  #send(answer: object): void {
    this.#context.transport.write(toBytes(`${JSON.stringify(answer)}\n`));
  }
}

/** A simulated program; what it gives comes from the process. */
export const simulator: Simulator<"program", SimulatedProgram> = defineSimulator({
  id: "labloop/command",
  transport: "program",
  settings: {
    port: textSetting("port of the process that answers", { default: "" }),
    readings: textSetting("as the driver's", { default: "value" }),
    takes: numberSetting("s", "how long a run takes", { default: 10 }),
  },
  attach: (context) => new SimulatedProgram(context),
});
