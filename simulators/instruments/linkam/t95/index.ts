import {
  type AttachContext,
  answering,
  defineSimulator,
  delimited,
  type Misbehaviour,
  numberSetting,
  portIfAny,
  type SimulatedInstrument,
  type Simulator,
  textSetting,
  toBytes,
} from "labloop/instrument";
import { ThermalBody } from "../../parts/thermal-body.ts";

/** A stage at the other end of the line, under ideal control. */
export class SimulatedStage implements SimulatedInstrument {
  /** Error bits that the next reports have. */
  errors = 0;
  readonly stage: ThermalBody;
  /** K/min; it survives power-off. */
  rate = 20;
  /** Speed of the nitrogen pump, 0 to 30. */
  pump = 0;
  #limit = 25;
  #state: "stopped" | "going" | "holding" = "stopped";
  /** Whether `T` came since power-up: everything else is ignored before. */
  #awake = false;
  readonly #line: AttachContext<"serial">["transport"];
  readonly #shown: Misbehaviour["shown"];

  constructor({ clock, settings, process, transport, misbehaviour }: AttachContext<"serial">) {
    this.#line = transport;
    this.#shown = misbehaviour.shown;
    this.stage = new ThermalBody({
      clock,
      ambient: settings["ambient"] as number,
      rate: 2.5,
      settling: 0.5,
      cooling: 120,
      port: portIfAny(process, "thermal", settings["port"] as string),
    });
    answering(transport, delimited({ end: 0x0d, drop: 0x0a }), (text) => this.#answer(text));
  }

  /** degC; it survives power-off. */
  get limit(): number {
    return this.#limit;
  }

  /** Sets it as a hand at the touch screen does. */
  set limit(value: number) {
    this.#limit = value;
    if (this.#state === "going") this.#start();
  }

  /** Switches the controller off and on. */
  powerCycle(): void {
    this.#awake = false;
    this.pump = 0;
    this.#stop();
  }

  overheat(perHour: number | undefined): void {
    this.stage.overheat(perHour);
  }

  close(): void {
    void this.#line.close();
  }

  #answer(text: string): Uint8Array | string | undefined {
    if (text === "T") {
      this.#awake = true;
      return this.#report();
    }
    if (!this.#awake) return undefined;
    const [, name, number] = /^(R1|L1)(-?\d+)$/.exec(text) ?? [];
    if (name === "R1") this.rate = Math.min(15000, Math.max(1, Number(number))) / 100;
    else if (name === "L1") this.limit = Math.min(6000, Math.max(-1960, Number(number))) / 10;
    else if (/^P[0-N]$/.test(text)) this.pump = text.charCodeAt(1) - 0x30;
    else if (text === "S") this.#start();
    else if (text === "E") this.#stop();
    else if (text === "O" && this.#state !== "stopped") {
      this.#state = "holding";
      this.stage.approach(this.stage.temperature);
    }
    return "\r";
  }

  #start(): void {
    this.#state = "going";
    this.stage.approach(this.limit, this.rate / 60);
  }

  #stop(): void {
    this.#state = "stopped";
    this.stage.approach(undefined);
  }

  #report(): Uint8Array {
    const tenths = Math.round(this.#shown("temperature", this.stage.temperature) * 10) & 0xffff;
    const text = tenths.toString(16).padStart(4, "0");
    return Uint8Array.of(
      this.#stateByte(),
      0x80 | this.errors,
      0x80 | this.pump,
      0x80,
      0x80,
      0x80,
      ...toBytes(text),
      0x0d,
    );
  }

  #stateByte(): number {
    if (this.#state === "stopped") return 0x01;
    if (this.#state === "holding") return 0x50;
    const away = this.limit - this.stage.temperature;
    return Math.abs(away) < 0.1 ? 0x30 : away > 0 ? 0x10 : 0x20;
  }
}

/** A simulated Linkam stage; its block may touch a process. */
export const simulator: Simulator<"serial", SimulatedStage> = defineSimulator({
  id: "linkam/t95",
  transport: "serial",
  settings: {
    port: textSetting("thermal port of the process that the stage touches", { default: "" }),
    ambient: numberSetting("degC", "temperature of the room", { default: 24 }),
  },
  readings: ["temperature"],
  troubles: ["power", "overheat"],
  attach: (context) => new SimulatedStage(context),
});
