import {
  type ByteStream,
  type Cancel,
  type Clock,
  type Decoder,
  delimited,
  toBytes,
} from "labloop/instrument";

/** What a header does: it answers, or is silent; a number is an error of the queue. */
export type ScpiHandler = (parameters: readonly string[]) => string | Uint8Array | number | undefined;

/** Errors by their number (SCPI-99, volume 2, chapter 21). */
const ERRORS: Readonly<Record<number, string>> = {
  [-108]: "Parameter not allowed",
  [-109]: "Missing parameter",
  [-113]: "Undefined header",
  [-222]: "Data out of range",
  [-224]: "Illegal parameter value",
  [-350]: "Queue overflow",
};

/** Errors that a queue holds. */
const QUEUE = 20;

/** The common commands, the error queue and the status of an instrument that speaks SCPI. */
export class ScpiCommands {
  readonly #errors: string[] = [];
  readonly #handlers: readonly (readonly [RegExp, ScpiHandler])[];
  readonly #line: ByteStream;
  readonly #clock: Clock;
  /** Answers that are still to come. */
  readonly #pending = new Set<Cancel>();
  /** Standard event status: the power has just come on. */
  #events = 0x80;

  /**
   * @param handlers - by header, in the manual's notation: capitals may stand alone, a `?` asks
   * @param reset - what `*RST` does
   */
  constructor(
    line: ByteStream,
    {
      clock,
      identity,
      handlers,
      reset,
    }: {
      clock: Clock;
      identity: string;
      handlers: Readonly<Record<string, ScpiHandler>>;
      reset: () => void;
    },
  ) {
    this.#line = line;
    this.#clock = clock;
    const all: Record<string, ScpiHandler> = {
      "*IDN?": () => identity,
      "*RST": () => {
        reset();
        return undefined;
      },
      "*CLS": () => {
        this.#errors.length = 0;
        this.#events = 0;
        return undefined;
      },
      "*OPC?": () => "1",
      "*ESR?": () => {
        const events = this.#events;
        this.#events = 0;
        return String(events);
      },
      "SYSTem:ERRor?": () => this.#errors.shift() ?? '0,"No error"',
      ...handlers,
    };
    this.#handlers = Object.entries(all).map(([header, handler]) => [pattern(header), handler]);
    const decoder: Decoder<string> = delimited({ end: 0x0a, drop: 0x0d });
    line.onData((bytes) => {
      for (const message of decoder.push(bytes)) this.#receive(message);
    });
  }

  /** Puts an error into the queue. */
  raise(code: number, where = ""): void {
    this.#events |= code <= -200 ? 0x10 : 0x20;
    const text = `${code},"${ERRORS[code] ?? "Error"}${where === "" ? "" : `;${where}`}"`;
    if (this.#errors.length < QUEUE) this.#errors.push(text);
    else this.#errors[QUEUE - 1] = '-350,"Queue overflow"';
  }

  /** The power has just come on: errors and measurements of before are forgotten. */
  powerOn(): void {
    for (const cancel of this.#pending) cancel();
    this.#pending.clear();
    this.#errors.length = 0;
    this.#events = 0x80;
  }

  /** Sends an answer after so many milliseconds, such as that of a measurement, unless the power is interrupted. */
  later(milliseconds: number, answer: () => string | Uint8Array): void {
    const cancel = this.#clock.at(this.#clock.now() + milliseconds, () => {
      this.#pending.delete(cancel);
      this.#answer(answer());
    });
    this.#pending.add(cancel);
  }

  #answer(text: string | Uint8Array): void {
    this.#line.write(typeof text === "string" ? toBytes(`${text}\r\n`) : text);
  }

  #receive(message: string): void {
    const answers = message
      .split(";")
      .map((each) => this.#execute(each.trim()))
      .filter((each) => each !== undefined);
    if (answers.length === 0) return;
    const [first] = answers;
    this.#answer(first instanceof Uint8Array ? first : answers.join(";"));
  }

  #execute(text: string): string | Uint8Array | undefined {
    if (text === "") return undefined;
    const [, header = "", rest = ""] = /^(\S+)\s*(.*)$/.exec(text) ?? [];
    const found = this.#handlers.find(([each]) => each.test(header));
    if (found === undefined) {
      this.raise(-113, text);
      return undefined;
    }
    const result = found[1](rest === "" ? [] : rest.split(",").map((each) => each.trim()));
    if (typeof result !== "number") return result;
    this.raise(result);
    return undefined;
  }
}

/** Long or short form, in any case, with or without the colon in front. */
function pattern(header: string): RegExp {
  const parts = header.replace("?", "").split(":");
  const forms = parts.map((part) => {
    const short = part.replace(/[a-z]+/g, "");
    return part === short ? escape(part) : `(?:${escape(short)}|${escape(part)})`;
  });
  return new RegExp(`^:?${forms.join(":")}${header.endsWith("?") ? "\\?" : ""}$`, "i");
}

function escape(text: string): string {
  return text.replaceAll("*", "\\*");
}
