import {
  type AttachContext,
  answering,
  defineSimulator,
  delimited,
  type Misbehaviour,
  portIfAny,
  type SimulatedInstrument,
  type Simulator,
} from "labloop/instrument";
import { ThermalBody } from "../../parts/thermal-body.ts";

/** Words that the panel shows, and the line tells once. */
const REFUSED = {
  invalid: "-08 INVALID COMMAND",
  small: "-10 VALUE TOO SMALL",
  large: "-11 VALUE TOO LARGE",
  limits: "-13 VALUE EXCEEDS TEMPERATURE LIMITS",
} as const;

/** A circulator at the other end of the line: a bath with a heater and a compressor, under ideal control. */
export class SimulatedCirculator implements SimulatedInstrument {
  /** At the panel, or over the line. */
  mode: "manual" | "remote" = "remote";
  /** Warning and alarm texts that stay, such as "-01 LOW LEVEL ALARM". */
  alarm: string | undefined;
  /** What a hand at the panel has set. */
  readonly limits = { low: -95, high: 200 };
  /** degC at which the excess-temperature protection switches off; a screwdriver at the panel sets it. */
  excess = 120;
  readonly bath: ThermalBody;
  #running = false;
  #setpoint = 25;
  #refusal: string | undefined;
  readonly #line: AttachContext<"serial">["transport"];
  readonly #shown: Misbehaviour["shown"];

  constructor({ clock, settings, process, transport, misbehaviour }: AttachContext<"serial">) {
    const ambient = settings["ambient"] as number;
    this.#line = transport;
    this.#shown = misbehaviour.shown;
    this.bath = new ThermalBody({
      clock,
      ambient,
      rate: (settings["rate"] as number) / 60,
      port: portIfAny(process, "thermal", settings["port"] as string),
    });
    answering(transport, delimited({ end: 0x0d, drop: 0x0a }), (text) => {
      const reply = this.#answer(text.trim().toLowerCase());
      return reply === undefined ? undefined : `${reply}\r\n`;
    });
  }

  get running(): boolean {
    return this.#running;
  }

  /** degC */
  get setpoint(): number {
    return this.#setpoint;
  }

  /** Sets it as a hand at the panel does: beyond the limits, too. */
  set setpoint(value: number) {
    this.#setpoint = value;
    if (this.#running) this.bath.approach(value);
  }

  /** Switches it off and on: it stands in the mode it had, and the setpoint stays. */
  powerCycle(): void {
    this.#run(false);
    this.#refusal = undefined;
  }

  overheat(perHour: number | undefined): void {
    this.bath.overheat(perHour);
  }

  close(): void {
    void this.#line.close();
  }

  #answer(text: string): string | undefined {
    const [command = "", parameter] = text.split(" ");
    switch (command) {
      case "version":
        return "JULABO MAGIO MS-1000F VERSION 1.1.2";
      case "status":
        return this.#status();
      case "in_pv_00":
        return this.#shown("temperature", this.bath.temperature).toFixed(2);
      case "in_pv_01":
        return this.#power().toFixed(0);
      case "in_pv_02":
        return this.bath.temperature.toFixed(2);
      case "in_pv_03":
        return this.bath.temperature.toFixed(1);
      case "in_pv_04":
        return this.excess.toFixed(0);
      case "in_sp_00":
        return this.setpoint.toFixed(2);
      case "in_sp_03":
        return this.limits.high.toFixed(2);
      case "in_sp_04":
        return this.limits.low.toFixed(2);
      case "in_mode_05":
        return this.#running ? "1" : "0";
      case "out_sp_00":
        return this.#set(Number(parameter));
      case "out_mode_05":
        if (this.mode === "remote") this.#run(parameter === "1");
        return undefined;
      default:
        this.#refusal = REFUSED.invalid;
        return undefined;
    }
  }

  #status(): string {
    const refusal = this.#refusal;
    this.#refusal = undefined;
    if (refusal !== undefined) return refusal;
    if (this.alarm !== undefined) return this.alarm;
    const state = (this.mode === "remote" ? 2 : 0) + (this.#running ? 1 : 0);
    return `0${state} ${this.mode.toUpperCase()} ${this.#running ? "START" : "STOP"}`;
  }

  #set(value: number): undefined {
    if (this.mode === "manual") return undefined;
    if (!Number.isFinite(value)) this.#refusal = REFUSED.invalid;
    else if (value > 200) this.#refusal = REFUSED.large;
    else if (value < -95) this.#refusal = REFUSED.small;
    else if (value > this.limits.high || value < this.limits.low) this.#refusal = REFUSED.limits;
    else this.setpoint = value;
    return undefined;
  }

  #run(on: boolean): void {
    this.#running = on;
    this.bath.approach(on ? this.setpoint : undefined);
  }

  #power(): number {
    if (!this.#running) return 0;
    return Math.max(-100, Math.min(100, (this.setpoint - this.bath.temperature) * 20));
  }
}

/** A simulated Julabo circulator; its bath may flow through the jacket of a process. */
export const simulator: Simulator<"serial", SimulatedCirculator> = defineSimulator({
  id: "julabo/circulator",
  transport: "serial",
  settings: {
    port: {
      kind: "text",
      default: "",
      description: "thermal port of the process that the bath flows through",
    },
    ambient: { kind: "number", unit: "degC", default: 22, description: "temperature of the room" },
    rate: {
      kind: "number",
      unit: "K/min",
      minimum: 0.1,
      default: 4,
      description: "fastest change of the bath",
    },
  },
  readings: ["temperature"],
  troubles: ["power", "overheat"],
  attach: (context) => new SimulatedCirculator(context),
});
