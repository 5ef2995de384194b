import {
  type AttachContext,
  answering,
  type Cancel,
  type Clock,
  defineSimulator,
  delimited,
  type Misbehaviour,
  numberSetting,
  portIfAny,
  portOf,
  type SimulatedInstrument,
  type Simulator,
  type StirringPort,
  type ThermalPort,
  textSetting,
} from "labloop/instrument";
import { ThermalBody } from "../../parts/thermal-body.ts";

/** rpm per second. */
const SPIN = 400;

/** A hotplate stirrer at the other end of the line. */
export class SimulatedHotplate implements SimulatedInstrument {
  /** degC; a screwdriver at the panel sets it. */
  safetyLimit = 360;
  /** Whether an external probe is plugged in. */
  probe = true;
  readonly plate: ThermalBody;
  readonly #clock: Clock;
  readonly #line: AttachContext<"serial">["transport"];
  readonly #stirring: StirringPort | undefined;
  #speed = { wanted: 400, on: false, from: 0, at: 0 };
  #temperature = { wanted: 25, on: false };
  /** What the external probe is in, where it isn't on the plate. */
  readonly #vessel: ThermalPort | undefined;
  #watchdog: { cancel: Cancel; seconds: number } | undefined;
  #tripped = false;
  readonly #shown: Misbehaviour["shown"];

  constructor({ clock, settings, process, transport, misbehaviour }: AttachContext<"serial">) {
    this.#clock = clock;
    this.#line = transport;
    this.#shown = misbehaviour.shown;
    this.#stirring = portIfAny(process, "stirring", settings["stirring-port"] as string);
    const [port, probe] = [settings["port"] as string, settings["probe-port"] as string];
    this.#vessel = probe === "" ? undefined : portOf(process, "thermal", probe);
    this.plate = new ThermalBody({
      clock,
      ambient: settings["ambient"] as number,
      rate: 0.2,
      settling: 30,
      port: port === "" && probe !== "" ? undefined : portIfAny(process, "thermal", port),
    });
    answering(transport, delimited({ end: 0x0a, drop: 0x0d }), (text) => {
      const reply = this.#answer(text.trim());
      return reply === undefined ? undefined : `${reply} \r\n`;
    });
  }

  /** rpm at this moment. */
  get speed(): number {
    const { wanted, on, from, at } = this.#speed;
    const goal = on ? wanted : 0;
    const change = SPIN * ((this.#clock.now() - at) / 1000);
    return from < goal ? Math.min(goal, from + change) : Math.max(goal, from - change);
  }

  get heating(): boolean {
    return this.#temperature.on;
  }

  get tripped(): boolean {
    return this.#tripped;
  }

  /** Sets the speed as the knob at the panel does. */
  turnKnob(speed: number): void {
    this.#set("4", speed);
  }

  /** Switches it off and on: motor and heater are off, setpoints stay. */
  powerCycle(): void {
    this.#turn(false);
    this.#heat(false);
    this.#watchdog?.cancel();
    this.#watchdog = undefined;
    this.#tripped = false;
  }

  overheat(perHour: number | undefined): void {
    this.plate.overheat(perHour);
  }

  close(): void {
    this.#watchdog?.cancel();
    void this.#line.close();
  }

  #answer(text: string): string | undefined {
    const [, command = "", channel = "", parameter = ""] =
      /^([A-Z]+(?:_[A-Z]+)?)(?:_?(\d))?(?:[ @](.*))?$/.exec(text) ?? [];
    switch (command) {
      case "IN_NAME":
        return "RCT digital";
      case "IN_TYPE":
        return "RCT";
      case "IN_PV":
        return this.#present(channel);
      case "IN_SP":
        return this.#wanted(channel);
      case "OUT_WD":
        return this.#arm(Number(parameter));
      case "OUT_SP":
        return this.#set(channel, Number(parameter));
      case "START":
        if (this.#tripped) return undefined;
        if (channel === "4") this.#turn(true);
        if (channel === "1") this.#heat(true);
        return undefined;
      case "STOP":
        if (channel === "4") this.#turn(false);
        if (channel === "1") this.#heat(false);
        return undefined;
      case "RESET":
        this.powerCycle();
        return undefined;
      default:
        return undefined;
    }
  }

  #present(channel: string): string | undefined {
    if (channel === "1")
      return `${this.probe ? this.#temperatureShown(this.#vessel?.temperature()) : "-90.0"} 1`;
    if (channel === "2") return `${this.#temperatureShown()} 2`;
    return channel === "4" ? `${this.#shown("speed", this.speed).toFixed(0)} 4` : undefined;
  }

  #temperatureShown(temperature: number = this.plate.temperature): string {
    return this.#shown("temperature", temperature).toFixed(1);
  }

  #wanted(channel: string): string | undefined {
    if (channel === "1") return `${this.#temperature.wanted.toFixed(1)} 1`;
    if (channel === "3") return `${this.safetyLimit.toFixed(1)} 3`;
    return channel === "4" ? `${this.#speed.wanted.toFixed(1)} 4` : undefined;
  }

  #set(channel: string, value: number): undefined {
    if (!Number.isFinite(value)) return undefined;
    if (channel === "4") {
      if (value < 50 || value > 1700) return undefined;
      this.#speed = { ...this.#speed, from: this.speed, at: this.#clock.now(), wanted: value };
      if (this.#speed.on) this.#stirring?.setSpeed(value);
    } else if (channel === "1" && value >= 0 && value <= this.safetyLimit - 50) {
      this.#temperature.wanted = value;
      if (this.#temperature.on) this.plate.approach(value);
    }
    return undefined;
  }

  #turn(on: boolean): void {
    this.#speed = { ...this.#speed, from: this.speed, at: this.#clock.now(), on };
    this.#stirring?.setSpeed(on ? this.#speed.wanted : 0);
  }

  #heat(on: boolean): void {
    this.#temperature.on = on;
    this.plate.approach(on ? this.#temperature.wanted : undefined);
  }

  #arm(seconds: number): string | undefined {
    if (!(seconds >= 20 && seconds <= 1500)) return undefined;
    this.#watchdog?.cancel();
    const cancel = this.#clock.at(this.#clock.now() + seconds * 1000, () => {
      this.#turn(false);
      this.#heat(false);
      this.#tripped = true;
    });
    this.#watchdog = { cancel, seconds };
    return String(seconds);
  }
}

/** A simulated IKA hotplate stirrer; its plate may touch a process, and its bar turn in it. */
export const simulator: Simulator<"serial", SimulatedHotplate> = defineSimulator({
  id: "ika/namur",
  transport: "serial",
  settings: {
    port: textSetting("thermal port of the process that stands on the plate", { default: "" }),
    "probe-port": textSetting(
      "thermal port of the process that the external probe is in; the plate then stands apart unless it has a port",
      { default: "" },
    ),
    "stirring-port": textSetting("stirring port of the process", { default: "" }),
    ambient: numberSetting("degC", "temperature of the room", { default: 22 }),
  },
  readings: ["temperature", "speed"],
  troubles: ["power", "overheat"],
  attach: (context) => new SimulatedHotplate(context),
});
