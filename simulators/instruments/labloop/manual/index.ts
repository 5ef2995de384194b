import {
  type AnswerPort,
  type AttachContext,
  defineSimulator,
  numberSetting,
  type PersonAnswer,
  type PersonQuestion,
  portIfAny,
  type SimulatedInstrument,
  type Simulator,
  sleep,
  textSetting,
} from "labloop/instrument";

/** A person who answers after a while. */
export class SimulatedPerson implements SimulatedInstrument {
  /** What the person was asked, oldest first. */
  readonly heard: string[] = [];
  /** What the person reads off when there is no process. */
  value = 1;
  readonly #context: AttachContext<"person">;
  readonly #port: AnswerPort | undefined;

  constructor(context: AttachContext<"person">) {
    this.#context = context;
    this.#port = portIfAny(context.process, "answers", context.settings["port"] as string);
    context.transport.answerWith((question, signal) => this.#answer(question, signal));
  }

  close(): void {
    void this.#context.transport.close();
  }

  async #answer({ text, asked, given }: PersonQuestion, signal: AbortSignal): Promise<PersonAnswer> {
    const { clock, settings, random } = this.#context;
    this.heard.push(text);
    const patience =
      (settings["delay"] as number) * 1000 * Math.exp(0.3 * random(`delay ${this.heard.length}`).normal());
    try {
      await sleep(clock, patience, signal);
    } catch {
      return {
        kind: "not answered",
        fault: { code: "instrument.aborted", message: "the question was taken back" },
      };
    }
    const values = Object.fromEntries(
      asked.map(({ name, unit }) => [
        name,
        unit === undefined ? "yes" : (this.#port?.answer(name, given) ?? this.value),
      ]),
    );
    return { kind: "answered", values };
  }
}

/** A simulated person; what is read off comes from the process. */
export const simulator: Simulator<"person", SimulatedPerson> = defineSimulator({
  id: "labloop/manual",
  transport: "person",
  settings: {
    port: textSetting("port of the process that answers what the person reads off", { default: "" }),
    delay: numberSetting("s", "how long an answer usually takes", { minimum: 0, default: 40 }),
  },
  attach: (context) => new SimulatedPerson(context),
});
