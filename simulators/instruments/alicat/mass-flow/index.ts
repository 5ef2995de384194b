import {
  type AttachContext,
  answering,
  type Clock,
  choiceSetting,
  defineSimulator,
  delimited,
  type FlowPort,
  type Misbehaviour,
  numberSetting,
  portIfAny,
  type SimulatedInstrument,
  type Simulator,
  textSetting,
} from "labloop/instrument";

/** Time constant of valve and gas path in ms. */
const SETTLING = 150;
/** Numbers of gases that `W46` selects. */
const GASES: Readonly<Record<string, string>> = { "0": "Air", "1": "Ar", "7": "He", "8": "N2", "11": "O2" };

/** Units of the setpoint by their number in the answer to `LS`. */
const UNIT_NUMBERS: Readonly<Record<string, number>> = { SCCM: 12, SLPM: 7 };
/** What register 122 controls: mass flow, volumetric flow, pressures. */
const CONTROLLED: ReadonlySet<string> = new Set(["34", "36", "37", "38", "39"]);

/** A mass-flow controller at the other end of the line. */
export class SimulatedController implements SimulatedInstrument {
  gas = "N2";
  /** Words behind the gas, such as "MOV". */
  words: string[] = [];
  /** psi of the supply; without it nothing flows. */
  supply = 29.4;
  /** In the controller's unit. */
  setpoint = 0;
  readonly #clock: Clock;
  readonly #line: AttachContext<"serial">["transport"];
  readonly #port: FlowPort | undefined;
  readonly #unit: string;
  readonly #full: number;
  readonly #totalizer: boolean;
  /** mL/min in the controller's unit. */
  readonly #size: number;
  readonly #shown: Misbehaviour["shown"];
  readonly #flowUnit: string;
  #controls = "37";
  #from = { flow: 0, at: 0 };

  constructor({ clock, settings, process, transport, misbehaviour }: AttachContext<"serial">) {
    this.#clock = clock;
    this.#line = transport;
    this.#shown = misbehaviour.shown;
    this.#unit = settings["unit"] as string;
    this.#flowUnit = settings["flow-unit"] as string;
    this.#size = this.#flowUnit === "SLPM" ? 1000 : 1;
    this.#full = (settings["full-scale"] as number) / this.#size;
    this.#totalizer = settings["totalizer"] === "yes";
    this.#port = portIfAny(process, "flow", settings["port"] as string);
    answering(transport, delimited({ end: 0x0d }), (text) => {
      const reply = this.#answer(text);
      return reply === undefined ? undefined : `${reply}\r`;
    });
  }

  /** In the controller's unit, at this moment. */
  get flow(): number {
    const goal = this.supply > 15 ? this.setpoint : 0;
    return goal + (this.#from.flow - goal) * Math.exp(-(this.#clock.now() - this.#from.at) / SETTLING);
  }

  /** Sets the flow as a hand at the panel does. */
  set(setpoint: number): void {
    this.#from = { flow: this.flow, at: this.#clock.now() };
    this.setpoint = Math.min(this.#full, Math.max(0, setpoint));
    this.#port?.setFlow((this.setpoint * this.#size) / 60);
  }

  /** Switches it off and on: the setpoint is kept in its memory. */
  powerCycle(): void {
    this.#from = { flow: 0, at: this.#clock.now() };
    this.words = this.words.filter((word) => word !== "HLD");
  }

  close(): void {
    void this.#line.close();
  }

  #answer(text: string): string | undefined {
    if (!text.startsWith(this.#unit)) return undefined;
    const command = text.slice(this.#unit.length);
    const [, name = "", value = ""] = /^(VE|LS(?: |$)|S|(?:\$\$)?[RW](?:122|46)=?|)(-?\d+(?:\.\d+)?)?$/.exec(
      command,
    ) ?? [undefined, "?"];
    switch (name.replace("$$", "")) {
      case "VE":
        return `${this.#unit}   10v20.0-R24 Dec 10 2021,14:37:52`;
      case "LS":
      case "LS ":
        return this.#newSetpoint(value);
      case "R122":
        return `${this.#unit} 122 = ${this.#controls}`;
      case "W122=":
        if (!CONTROLLED.has(value)) return "?";
        this.#controls = value;
        return `${this.#unit} 122 = ${value}`;
      case "R46":
        return `${this.#unit} 046 = ${Object.keys(GASES).find((each) => GASES[each] === this.gas) ?? "0"}`;
      case "W46=":
        this.gas = GASES[value] ?? this.gas;
        return this.#frame();
      case "S":
        if (value === "") return "?";
        this.set(Number(value));
        return this.#frame();
      case "":
        return value === "" ? this.#frame() : "?";
      default:
        return this.#held(command);
    }
  }

  /** The command of firmware 9v and later: setpoint now and as it was asked for, with its unit. */
  #newSetpoint(value: string): string {
    if (value !== "") this.set(Number(value));
    const setpoint = signed(this.setpoint);
    return [this.#unit, setpoint, setpoint, UNIT_NUMBERS[this.#flowUnit], this.#flowUnit].join(" ");
  }

  /** Holds the valve where it is, or lets it control again. */
  #held(command: string): string {
    if (!/^(\$\$H|HP|HC|\$\$C|C)$/.test(command)) return "?";
    const words = this.words.filter((word) => word !== "HLD");
    this.words = command.includes("H") ? [...words, "HLD"] : words;
    return this.#frame();
  }

  #frame(): string {
    const shown = this.#shown("flow", this.flow * this.#size) / this.#size;
    const flow = Math.min(shown, this.#full * 1.28);
    const numbers = [14.62, 21.89, flow, flow, this.setpoint].map(signed);
    if (this.#totalizer) numbers.push(signed(0));
    return [this.#unit, ...numbers, this.gas.padStart(6), ...this.words].join(" ");
  }
}

function signed(value: number): string {
  const [whole = "", part] = Math.abs(value).toFixed(2).split(".");
  return `${value < -0.004 ? "-" : "+"}${whole.padStart(3, "0")}.${part}`;
}

/** A simulated Alicat mass-flow controller; its gas may flow into a process. */
export const simulator: Simulator<"serial", SimulatedController> = defineSimulator({
  id: "alicat/mass-flow",
  transport: "serial",
  settings: {
    port: textSetting("flow port of the process that the gas flows into", { default: "" }),
    unit: textSetting("letter of the controller on its bus", { default: "A" }),
    "full-scale": numberSetting("mL/min", "largest flow", { default: 100 }),
    "flow-unit": choiceSetting(["SCCM", "SLPM"], "unit that it shows", { default: "SCCM" }),
    totalizer: choiceSetting(["no", "yes"], "whether it shows a total", { default: "no" }),
  },
  readings: ["flow"],
  troubles: ["power"],
  attach: (context) => new SimulatedController(context),
});
