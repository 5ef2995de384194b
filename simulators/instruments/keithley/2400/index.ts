import {
  type AttachContext,
  type Clock,
  defineSimulator,
  type ElectricPort,
  type Misbehaviour,
  numberSetting,
  portIfAny,
  type SimulatedInstrument,
  type Simulator,
  textSetting,
} from "labloop/instrument";
import { ScpiCommands } from "../../parts/scpi-commands.ts";

/** A source-measure unit at the other end of the line. */
export class SimulatedSourceMeter implements SimulatedInstrument {
  /** A */
  compliance = 1.05e-4;
  readonly #line: AttachContext<"serial">["transport"];
  readonly #clock: Clock;
  readonly #commands: ScpiCommands;
  readonly #port: ElectricPort | undefined;
  readonly #resistance: number;
  readonly #shown: Misbehaviour["shown"];
  #output = false;
  #level = 0;
  #range = 21;
  #elements = false;

  constructor({ clock, settings, process, transport, misbehaviour }: AttachContext<"serial">) {
    this.#line = transport;
    this.#shown = misbehaviour.shown;
    this.#clock = clock;
    this.#port = portIfAny(process, "electric", settings["port"] as string);
    this.#resistance = settings["resistance"] as number;
    const number =
      (use: (value: number) => number | undefined) =>
      ([text]: readonly string[]) => {
        if (text === undefined) return -109;
        return Number.isFinite(Number(text)) ? use(Number(text)) : -224;
      };
    const accept = (): undefined => undefined;
    this.#commands = new ScpiCommands(transport, {
      clock,
      identity: "KEITHLEY INSTRUMENTS INC.,MODEL 2400,1234567,C30   Mar 17 2006 09:29:29/A02  /K/J",
      reset: () => this.#reset(),
      handlers: {
        "SOURce:FUNCtion": ([kind]) => (kind === "VOLT" ? undefined : -224),
        "SOURce:VOLTage:RANGe": number((value) => {
          if (value > 210) return -222;
          this.#range = value;
          return undefined;
        }),
        "SOURce:VOLTage:LEVel": number((value) => {
          if (Math.abs(value) > this.#range * 1.05) return -222;
          this.level = value;
          return undefined;
        }),
        "SOURce:DELay": number(accept),
        "SENSe:FUNCtion": accept,
        "SENSe:CURRent:PROTection": number((value) => {
          if (value <= 0 || value > 1.05) return -222;
          this.compliance = value;
          return undefined;
        }),
        "SENSe:CURRent:NPLC": number(accept),
        "SENSe:CURRent:RANGe:AUTO": accept,
        "FORMat:ELEMents": (names) => {
          this.#elements = names.length === 5;
          return undefined;
        },
        OUTPut: ([state = ""]) => {
          if (!/^(ON|OFF|0|1)$/i.test(state)) return -224;
          this.output = /^(ON|1)$/i.test(state);
          return undefined;
        },
        "OUTPut?": () => (this.output ? "1" : "0"),
        "READ?": () => this.#read(),
      },
    });
  }

  /** Whether the output is on. */
  get output(): boolean {
    return this.#output;
  }

  /** Switches it as the key at the panel does. */
  set output(on: boolean) {
    this.#output = on;
    this.#apply();
  }

  /** V */
  get level(): number {
    return this.#level;
  }

  /** Sets it as the knob at the panel does. */
  set level(volts: number) {
    this.#level = volts;
    this.#apply();
  }

  /** Switches it off and on. */
  powerCycle(): void {
    this.#reset();
    this.#commands.powerOn();
  }

  #reset(): void {
    this.output = false;
    this.level = 0;
    this.compliance = 1.05e-4;
    this.#elements = false;
    this.#range = 21;
  }

  close(): void {
    void this.#line.close();
  }

  #apply(): void {
    this.#port?.apply(this.output ? this.level : undefined);
  }

  #read(): number | undefined {
    if (!this.output) return -113;
    const wanted = this.#port?.current() ?? this.level / this.#resistance;
    const limited = Math.abs(wanted) > this.compliance;
    const current = limited ? Math.sign(wanted) * this.compliance : wanted;
    const voltage = limited ? this.level * (this.compliance / Math.abs(wanted)) : this.level;
    const seen = [this.#shown("voltage", voltage), this.#shown("current", current * 1000) / 1000];
    const numbers = [...seen, 9.91e37, (this.#clock.now() / 1000) % 1e5, limited ? 0x1c08 : 0x1c00];
    const texts = numbers.map(
      (value) => `${value < 0 ? "" : "+"}${value.toExponential(6).replace("e", "E")}`,
    );
    const shown = this.#elements ? texts : texts.slice(0, 2);
    this.#commands.later(60, () => shown.join(","));
    return undefined;
  }
}

/** A simulated Keithley 2400; it drives an electric port, or a resistor. */
export const simulator: Simulator<"serial", SimulatedSourceMeter> = defineSimulator({
  id: "keithley/2400",
  transport: "serial",
  settings: {
    port: textSetting("electric port of the process", { default: "" }),
    resistance: numberSetting("Ohm", "of what is connected when there is no process", { default: 10_000 }),
  },
  readings: ["voltage", "current"],
  troubles: ["power"],
  attach: (context) => new SimulatedSourceMeter(context),
});
