import {
  type AttachContext,
  answering,
  type Cancel,
  type Clock,
  choiceSetting,
  defineSimulator,
  delimited,
  numberSetting,
  portIfAny,
  type SimulatedInstrument,
  type Simulator,
  textSetting,
  toBytes,
  type ValvePort,
} from "labloop/instrument";

/** Milliseconds from one position to the next. */
const STEP = 120;

/** A selector valve at the other end of the line. */
export class SimulatedValve implements SimulatedInstrument {
  position = 1;
  /** Positions that were passed or reached, oldest first: what fluid may have seen. */
  readonly crossed: number[] = [];
  readonly #clock: Clock;
  readonly #line: AttachContext<"serial">["transport"];
  readonly #port: ValvePort | undefined;
  readonly #positions: number;
  readonly #long: boolean;
  #answersMoves = false;
  #moving: Cancel | undefined;

  constructor({ clock, settings, process, transport }: AttachContext<"serial">) {
    this.#clock = clock;
    this.#line = transport;
    this.#positions = settings["positions"] as number;
    this.#long = settings["replies"] === "long";
    this.#port = portIfAny(process, "valve", settings["port"] as string);
    const address = settings["address"] as string;
    const prefix = address === "" ? "" : `${settings["prefix"]}${address}`;
    answering(transport, delimited({ end: 0x0d, drop: 0x0a }), (text) => {
      if (!text.startsWith(prefix)) return undefined;
      const reply = this.#answer(text.slice(prefix.length).toUpperCase());
      return reply === undefined ? undefined : `${reply}\r`;
    });
  }

  /** Switches it off and on: it stands where it got to, and is silent about moves. */
  powerCycle(): void {
    this.#moving?.();
    this.#moving = undefined;
    this.#answersMoves = false;
  }

  close(): void {
    this.#moving?.();
    void this.#line.close();
  }

  #answer(text: string): string | undefined {
    const [, verb = "", digits = ""] = /^(GO|CW|CC|CP|NP|VR|HM|IFM|AM)(\d*)$/.exec(text) ?? [];
    switch (verb) {
      case "VR":
        return "I-PD-EMX88RX1";
      case "NP":
        return `NP${String(this.#positions).padStart(2, "0")}`;
      case "CP":
        return this.#long ? `Position is  = ${this.position}` : `CP${String(this.position).padStart(2, "0")}`;
      case "IFM":
        this.#answersMoves = digits !== "0";
        return undefined;
      case "HM":
        this.#turn(1, 1);
        return undefined;
      case "GO":
      case "CW":
      case "CC":
        return this.#move(verb, digits === "" ? (this.position % this.#positions) + 1 : Number(digits));
      default:
        return undefined;
    }
  }

  #move(verb: string, wanted: number): string | undefined {
    if (wanted < 1 || wanted > this.#positions) return "Bad command";
    const up = (wanted - this.position + this.#positions) % this.#positions;
    const way = verb === "CW" || (verb === "GO" && up <= this.#positions / 2) ? 1 : -1;
    this.#turn(wanted, way);
    return undefined;
  }

  #turn(wanted: number, way: 1 | -1): void {
    if (this.#moving !== undefined) return;
    const step = (): void => {
      if (this.position === wanted) {
        this.#moving = undefined;
        this.#port?.select(wanted);
        if (this.#answersMoves) this.#line.write(toBytes(`CP${String(wanted).padStart(2, "0")}\r`));
        return;
      }
      this.#moving = this.#clock.at(this.#clock.now() + STEP, () => {
        this.position = ((this.position - 1 + way + this.#positions) % this.#positions) + 1;
        this.crossed.push(this.position);
        step();
      });
    };
    step();
  }
}

/** A simulated VICI valve; it may select something in a process. */
export const simulator: Simulator<"serial", SimulatedValve> = defineSimulator({
  id: "vici/valve",
  transport: "serial",
  settings: {
    port: textSetting("valve port of the process", { default: "" }),
    positions: numberSetting("1", "how many positions it has", { default: 10 }),
    address: textSetting("its letter or digit", { default: "" }),
    prefix: choiceSetting(["", "/"], "what stands before the address", { default: "/" }),
    replies: choiceSetting(["short", "long"], "how it tells its position", { default: "short" }),
  },
  troubles: ["power"],
  attach: (context) => new SimulatedValve(context),
});
