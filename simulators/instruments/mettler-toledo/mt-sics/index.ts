import {
  type AttachContext,
  type Clock,
  defineSimulator,
  delimited,
  type MassPort,
  type Misbehaviour,
  numberSetting,
  portIfAny,
  type Random,
  type SimulatedInstrument,
  type Simulator,
  textSetting,
  toBytes,
} from "labloop/instrument";

/** Grams in a unit of the display, with its decimals. */
const UNITS: Readonly<Record<string, readonly [number, number]>> = { g: [1, 4], mg: [1e-3, 1], ct: [0.2, 3] };
/** Milliseconds between two looks at the pan, and looks without change that make a weight stable. */
const LOOK = 200;
const CALM = 5;
/** Looks after which a balance gives up waiting. */
const MOST = 60;
/** Milliseconds of the internal adjustment. */
const ADJUSTING = 90_000;
const SERIAL = 'I4 A "B123456789"';

/** A balance at the other end of the line. */
export class SimulatedBalance implements SimulatedInstrument {
  /** g on the pan when it stands in no process; a test may put something there. */
  load = 0;
  /** A hardware fault such as "10b", which comes in place of every stable weight. */
  fault: string | undefined;
  /** What the next command is answered with whatever it is: a damaged transmission, or no execution. */
  refusal: "ET" | "EL" | undefined;
  /** What the display shows; a hand at the panel may change it. */
  unit = "g";
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #line: AttachContext<"serial">["transport"];
  readonly #port: MassPort | undefined;
  readonly #capacity: number;
  readonly #noise: number;
  readonly #misread: Misbehaviour["shown"];
  #zero = 0;
  #tare = 0;
  /** Counts commands, so that a cancelled one doesn't answer. */
  #turn = 0;

  constructor(context: AttachContext<"serial">) {
    const { settings } = context;
    this.#clock = context.clock;
    this.#random = context.random("weighing");
    this.#line = context.transport;
    this.#port = portIfAny(context.process, "mass", settings["port"] as string);
    this.#capacity = settings["capacity"] as number;
    this.#noise = settings["noise"] as number;
    this.#misread = context.misbehaviour.shown;
    const decoder = delimited({ end: 0x0a, drop: 0x0d });
    this.#line.onData((bytes) => {
      for (const message of decoder.push(bytes)) this.#receive(message);
    });
  }

  /** Somebody presses PRINT. */
  print(): void {
    this.#send(`S ${this.#shown(true)}`);
  }

  /** Switches the balance off and on: it zeroes itself and tells its serial number. */
  powerCycle(): void {
    this.#turn += 1;
    this.#zeroHere();
    this.unit = "g";
    this.#send(SERIAL);
  }

  close(): void {
    this.#turn += 1;
    void this.#line.close();
  }

  #mass(): number {
    return this.#port?.mass() ?? this.load;
  }

  #net(): number {
    return this.#mass() - this.#zero - this.#tare;
  }

  #receive(command: string): void {
    this.#turn += 1;
    const { refusal } = this;
    this.refusal = undefined;
    if (refusal !== undefined) return this.#send(refusal);
    switch (command) {
      case "@":
      case "I4":
        return this.#send(SERIAL);
      case "I2":
        return this.#send('I2 A "XPR226 220.00910 g"');
      case "M21 0 0":
        this.unit = "g";
        return this.#send("M21 A");
      case "TAC":
        this.#tare = 0;
        return this.#send("TAC A");
      case "C3":
        return this.#adjust(this.#turn);
      case "SI":
        return this.#send(`S ${this.#shown(false)}`);
      case "SIR":
        return this.#repeat(this.#turn);
      case "S":
        return this.#whenStable("S", () => this.#shown(true));
      case "Z":
        return this.#whenStable("Z", () => {
          this.#zeroHere();
          return "A";
        });
      case "ZI": {
        const status = this.#calmNow() ? "S" : "D";
        this.#zeroHere();
        return this.#send(`ZI ${this.#outside() ?? status}`);
      }
      case "T":
        return this.#whenStable("T", () => `S ${this.#tareHere()}`);
      case "TI":
        return this.#send(`TI ${this.#outside() ?? `${this.#calmNow() ? "S" : "D"} ${this.#tareHere()}`}`);
      default:
        return this.#send(this.#withParameters(command));
    }
  }

  /** The reply to what has parameters. */
  #withParameters(command: string): string {
    const [, name = "", rest = ""] = /^(M21|TA|D|DW)(?: (.*))?$/.exec(command) ?? [];
    switch (name) {
      case "M21":
        return "M21 L";
      case "TA": {
        const [, number, unit = ""] = /^(\d+(?:\.\d+)?) (\w+)$/.exec(rest) ?? [];
        const grams = Number(number) * (UNITS[unit]?.[0] ?? Number.NaN);
        if (rest !== "" && !(grams <= this.#capacity)) return "TA L";
        if (rest !== "") this.#tare = grams;
        return `TA A ${this.#number(this.#tare)}`;
      }
      case "D":
        return /^"[^"]*"$/.test(rest) ? "D A" : "D L";
      case "DW":
        return "DW A";
      default:
        return "ES";
    }
  }

  #zeroHere(): void {
    this.#zero = this.#mass();
    this.#tare = 0;
  }

  #tareHere(): string {
    this.#tare = this.#mass() - this.#zero;
    return this.#number(this.#tare);
  }

  #adjust(turn: number): void {
    this.#send("C3 B");
    this.#clock.at(this.#clock.now() + ADJUSTING, () => {
      if (turn === this.#turn) this.#send("C3 A");
    });
  }

  /** Sends weights until the next command. */
  #repeat(turn: number): void {
    if (turn !== this.#turn) return;
    this.#send(`S ${this.#shown(false)}`);
    this.#clock.at(this.#clock.now() + LOOK, () => this.#repeat(turn));
  }

  /** Answers once the pan has been calm for a while. */
  #whenStable(id: string, answer: () => string): void {
    const turn = this.#turn;
    let last = this.#mass();
    let calm = 0;
    let looks = 0;
    const look = (): void => {
      if (turn !== this.#turn) return;
      const mass = this.#mass();
      calm = Math.abs(mass - last) < 5e-4 ? calm + 1 : 0;
      last = mass;
      looks += 1;
      if (calm >= CALM) this.#send(`${id} ${this.#outside() ?? answer()}`);
      else if (looks >= MOST) this.#send(`${id} I`);
      else this.#clock.at(this.#clock.now() + LOOK, look);
    };
    look();
  }

  #shown(stable: boolean): string {
    if (stable && this.fault !== undefined) return `S Error ${this.fault}`;
    return this.#outside() ?? `${stable || this.#calmNow() ? "S" : "D"} ${this.#number(this.#net())}`;
  }

  #outside(): "+" | "-" | undefined {
    if (this.#mass() > this.#capacity) return "+";
    return this.#mass() < -1 ? "-" : undefined;
  }

  /** A pan in a process moves as long as something flows onto it; its mass is the same a moment later otherwise. */
  #calmNow(): boolean {
    const mass = this.#mass();
    const before = this.#last ?? mass;
    this.#last = mass;
    return Math.abs(mass - before) < 5e-4;
  }
  #last: number | undefined;

  #number(grams: number): string {
    const [size, decimals] = UNITS[this.unit] ?? [1, 4];
    const noisy = grams + this.#noise * this.#random.normal();
    const value = this.#misread("weight", noisy) / size;
    return `${value.toFixed(decimals).padStart(10)} ${this.unit}`;
  }

  #send(text: string): void {
    this.#line.write(toBytes(`${text}\r\n`));
  }
}

/** A simulated Mettler Toledo balance; a vessel of the process may stand on it. */
export const simulator: Simulator<"serial", SimulatedBalance> = defineSimulator({
  id: "mettler-toledo/mt-sics",
  transport: "serial",
  settings: {
    port: textSetting("mass port of the process that stands on the pan", { default: "" }),
    capacity: numberSetting("g", "the most that it weighs", { default: 220 }),
    noise: numberSetting("g", "standard deviation of a weight", { default: 0.0001 }),
  },
  readings: ["weight"],
  troubles: ["power"],
  attach: (context) => new SimulatedBalance(context),
});
