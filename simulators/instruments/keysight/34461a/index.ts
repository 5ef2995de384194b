import {
  type AttachContext,
  defineSimulator,
  type ElectricPort,
  type Misbehaviour,
  numberSetting,
  portIfAny,
  type Random,
  type SimulatedInstrument,
  type Simulator,
  textSetting,
} from "labloop/instrument";
import { ScpiCommands } from "../../parts/scpi-commands.ts";

type Quantity = "VOLT:DC" | "CURR:DC" | "RES" | "TEMP";

/** Names of the driver's readings. */
const READINGS: Readonly<Record<Quantity, string>> = {
  "VOLT:DC": "voltage",
  "CURR:DC": "current",
  RES: "resistance",
  TEMP: "temperature",
};

/** A multimeter at the other end of the line. */
export class SimulatedMultimeter implements SimulatedInstrument {
  /** What is at its terminals when there is no process, by function. */
  readonly values: Record<Quantity, number> = { "VOLT:DC": 1.25, "CURR:DC": 0.01, RES: 1000, TEMP: 24 };
  /** What it measures; a key at the panel chooses another. */
  function: Quantity = "VOLT:DC";
  /** Shows overload. */
  overload = false;
  readonly #line: AttachContext<"tcp">["transport"];
  readonly #random: Random;
  readonly #commands: ScpiCommands;
  readonly #port: ElectricPort | undefined;
  readonly #noise: number;
  readonly #misread: Misbehaviour["shown"];
  #cycles = 10;

  constructor({ clock, settings, process, transport, random, misbehaviour }: AttachContext<"tcp">) {
    this.#line = transport;
    this.#misread = misbehaviour.shown;
    this.#random = random("multimeter");
    this.#port = portIfAny(process, "electric", settings["port"] as string);
    this.#noise = (settings["noise"] as number) * 1e-6;
    const configure = (what: Quantity) => (parameters: readonly string[]) => {
      if (parameters.length > 2) return -108;
      this.function = what;
      return undefined;
    };
    const cycles = ([text]: readonly string[]) => {
      if (text === undefined) return -109;
      if (!(Number(text) > 0)) return -224;
      this.#cycles = Number(text);
      return undefined;
    };
    this.#commands = new ScpiCommands(transport, {
      clock,
      identity: "Keysight Technologies,34461A,MY53220001,A.02.14-02.40-02.14-00.49-03-01",
      reset: () => this.#reset(),
      handlers: {
        "CONFigure:VOLTage:DC": configure("VOLT:DC"),
        "CONFigure:CURRent:DC": configure("CURR:DC"),
        "CONFigure:RESistance": configure("RES"),
        "CONFigure:TEMPerature": configure("TEMP"),
        "SENSe:VOLTage:DC:NPLC": cycles,
        "SENSe:CURRent:DC:NPLC": cycles,
        "SENSe:RESistance:NPLC": cycles,
        "READ?": () => {
          this.#commands.later(this.#cycles * 20 + 5, () => this.#shown());
          return undefined;
        },
      },
    });
  }

  /** Switches it off and on. */
  powerCycle(): void {
    this.#reset();
    this.#commands.powerOn();
  }

  close(): void {
    void this.#line.close();
  }

  #reset(): void {
    this.function = "VOLT:DC";
    this.#cycles = 10;
  }

  #shown(): string {
    if (this.overload) return "+9.90000000E+37";
    const noisy = this.#true() * (1 + this.#noise * this.#random.normal());
    const value = this.#misread(READINGS[this.function], noisy);
    return `${value < 0 ? "" : "+"}${value.toExponential(8).replace(/e([+-])(\d)$/, "E$10$2")}`;
  }

  #true(): number {
    if (this.#port !== undefined && this.function === "VOLT:DC") return this.#port.voltage();
    if (this.#port !== undefined && this.function === "CURR:DC") return this.#port.current();
    return this.values[this.function];
  }
}

/** A simulated Keysight 34461A; its terminals may be at an electric port. */
export const simulator: Simulator<"tcp", SimulatedMultimeter> = defineSimulator({
  id: "keysight/34461a",
  transport: "tcp",
  settings: {
    port: textSetting("electric port of the process", { default: "" }),
    noise: numberSetting("ppm", "standard deviation of a reading, relative", { default: 5 }),
  },
  readings: Object.values(READINGS),
  troubles: ["power"],
  attach: (context) => new SimulatedMultimeter(context),
});
