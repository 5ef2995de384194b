import {
  type AttachContext,
  answering,
  choiceSetting,
  defineSimulator,
  type Misbehaviour,
  type ModbusFraming,
  type ModbusMessage,
  modbusFrame,
  modbusMessages,
  numberSetting,
  portIfAny,
  type SimulatedInstrument,
  type Simulator,
  signed16,
  textSetting,
} from "labloop/instrument";
import { ThermalBody } from "../../parts/thermal-body.ts";

/** A temperature controller with a heater at the other end of the line. */
export class SimulatedTemperatureController implements SimulatedInstrument {
  /** degC */
  setpoint = 20;
  /** Upper limit that the panel has. */
  limit = 1300;
  broken = false;
  /** Exception that the next request is answered with, such as 6 while it is busy. */
  exception: number | undefined;
  /** How often the setpoint's memory was written. */
  writes = 0;
  readonly heater: ThermalBody;
  readonly #line: AttachContext<"serial">["transport"];
  readonly #unit: number;
  readonly #scale: number;
  readonly #shown: Misbehaviour["shown"];

  constructor({ clock, settings, process, transport, misbehaviour }: AttachContext<"serial">) {
    this.#line = transport;
    this.#shown = misbehaviour.shown;
    this.#unit = settings["unit"] as number;
    this.#scale = 10 ** (settings["decimals"] as number);
    this.heater = new ThermalBody({
      clock,
      ambient: settings["ambient"] as number,
      rate: (settings["rate"] as number) / 60,
      port: portIfAny(process, "thermal", settings["port"] as string),
    });
    this.heater.approach(this.setpoint);
    const framing = settings["framing"] as ModbusFraming;
    answering(transport, modbusMessages(framing, "server"), (message) => {
      if (message.unit !== this.#unit) return undefined;
      const frame = modbusFrame(framing, { ...message, ...this.#answer(message) });
      return framing === "rtu" && misbehaviour.wrongChecksum() ? flipped(frame) : frame;
    });
  }

  /** Sets it as a hand at the panel does. */
  set(setpoint: number): void {
    this.setpoint = setpoint;
    this.heater.approach(setpoint);
  }

  /** Switches it off and on: its setpoint is kept in its memory, and it controls again. */
  powerCycle(): void {
    this.heater.approach(this.setpoint);
  }

  overheat(perHour: number | undefined): void {
    this.heater.overheat(perHour);
  }

  close(): void {
    void this.#line.close();
  }

  #answer({ code, data }: ModbusMessage): Pick<ModbusMessage, "code" | "data"> {
    const [a = 0, b = 0, c = 0, d = 0] = data;
    const register = (a << 8) | b;
    const value = (c << 8) | d;
    const refuse = (exception: number) => ({ code: code | 0x80, data: Uint8Array.of(exception) });
    const { exception } = this;
    this.exception = undefined;
    if (exception !== undefined) return refuse(exception);
    if (code === 3 || code === 4) {
      if (value < 1 || value > 125) return refuse(3);
      const values = Array.from({ length: value }, (_, i) => this.#read(register + i));
      if (values.some((each) => each === undefined)) return refuse(2);
      return {
        code,
        data: Uint8Array.of(
          2 * value,
          ...values.flatMap((each) => [((each as number) >> 8) & 255, (each as number) & 255]),
        ),
      };
    }
    if (code !== 6) return refuse(1);
    if (register !== 2) return refuse(2);
    const wanted = signed16(value) / this.#scale;
    if (wanted > this.limit) return refuse(3);
    this.writes += 1;
    this.set(wanted);
    return { code, data };
  }

  #read(register: number): number | undefined {
    switch (register) {
      case 0:
        return 0;
      case 1:
        return this.broken
          ? -32768
          : Math.round(this.#shown("temperature", this.heater.temperature) * this.#scale);
      case 2:
        return Math.round(this.setpoint * this.#scale);
      case 3:
        return Math.round(10 * Math.max(0, Math.min(100, (this.setpoint - this.heater.temperature) * 10)));
      case 111:
        return this.limit * this.#scale;
      default:
        return register < 300 ? 0 : undefined;
    }
  }
}

/** A frame whose checksum, its last two bytes, is wrong in every bit. */
function flipped(frame: Uint8Array): Uint8Array {
  return frame.map((byte, i) => (i < frame.length - 2 ? byte : byte ^ 0xff));
}

/** A simulated temperature controller with Eurotherm's registers; its heater may touch a process. */
export const simulator: Simulator<"serial", SimulatedTemperatureController> = defineSimulator({
  id: "eurotherm/3216",
  transport: "serial",
  settings: {
    port: textSetting("thermal port of the process that the heater touches", { default: "" }),
    framing: choiceSetting(["rtu", "tcp"], "as the driver's", { default: "rtu" }),
    unit: numberSetting("1", "address on the bus", { default: 1 }),
    decimals: numberSetting("1", "decimals that the panel shows", { default: 1 }),
    ambient: numberSetting("degC", "temperature of the room", { default: 20 }),
    rate: numberSetting("K/min", "fastest change", { default: 20 }),
  },
  readings: ["temperature"],
  troubles: ["power", "overheat", "checksum"],
  attach: (context) => new SimulatedTemperatureController(context),
});
