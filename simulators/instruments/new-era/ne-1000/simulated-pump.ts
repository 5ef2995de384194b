import {
  type AttachContext,
  type ByteStream,
  delimited,
  portOf,
  type Random,
  type SimulatedInstrument,
  toBytes,
} from "labloop/instrument";
import { Motor } from "./motor.ts";
import { showNumber } from "./number-text.ts";
import { Program } from "./program.ts";

/** Power was interrupted, the motor stalled, safe mode timed out, the program is wrong, its phase is out of range. */
type Alarm = "R" | "S" | "T" | "E" | "O";

/** An NE-1000 at the other end of the line: basic mode, program phases with the functions RAT and STP. */
export class SimulatedPump implements SimulatedInstrument {
  /** What the pump keeps without power; a test may turn at it like a hand at the panel. */
  readonly program: Program = new Program();
  readonly #line: ByteStream;
  readonly #random: Random;
  readonly #address: number;
  readonly #cv: number;
  readonly #twice: () => boolean;
  readonly #motor: Motor;
  #prompt: "I" | "W" | "S" | "P" = "S";
  #alarm: Alarm | undefined = "R";
  /** mL of the phase that are left after a pause. */
  #left = 0;

  constructor(context: AttachContext<"serial">) {
    const { settings, clock } = context;
    const port = portOf(context.process, "flow", settings["port"] as string);
    const capacity = settings["syringe-volume"] as number;
    this.#line = context.transport;
    this.#random = context.random("dispense error");
    this.#address = settings["address"] as number;
    this.#cv = (settings["cv"] as number) / 100;
    this.#twice = context.misbehaviour.twice;
    this.#motor = new Motor({
      clock,
      flow: (rate) => port.setFlow(rate / 60),
      content: (settings["contents"] as number | undefined) ?? capacity,
      capacity,
      endless: settings["supply"] === "endless",
    });
    const decoder = delimited({ end: 0x0d });
    this.#line.onData((bytes) => {
      for (const message of decoder.push(bytes)) this.#receive(message);
    });
  }

  /** mL in the syringe. */
  get content(): number {
    return this.#motor.content;
  }

  /** Blocks the line: the motor stalls. */
  stall(): void {
    this.alarm("S");
  }

  /** Something stops the motor, and the next reply tells it. */
  alarm(kind: Alarm): void {
    this.#motor.stop();
    this.#rest(kind);
  }

  /** Switches the pump off and on: the counters are lost, the program stays. */
  powerCycle(): void {
    this.#motor.stop();
    this.#motor.clear("both");
    this.#rest("R");
  }

  close(): void {
    this.#motor.stop();
    void this.#line.close();
  }

  #rest(alarm?: Alarm): void {
    this.#prompt = "S";
    this.#alarm = alarm;
    this.program.phase = 1;
  }

  #receive(message: string): void {
    const plain = message.replaceAll(" ", "").toUpperCase();
    const [, address = "", command = ""] = /^(\d{0,2})(.*)$/.exec(plain) ?? [];
    if (Number(address) !== this.#address) return;
    const alarm = this.#alarm;
    if (alarm !== undefined) {
      this.#alarm = undefined;
      this.#send(`A?${alarm}`);
      return;
    }
    const data = this.#execute(command.slice(0, 3), command.slice(3));
    this.#send(this.#prompt + data);
  }

  #send(text: string): void {
    this.#line.write(toBytes(`\x02${String(this.#address).padStart(2, "0")}${text}\x03`));
  }

  /** Data of the reply; the prompt before it is the one after the command. */
  #execute(name: string, data: string): string {
    switch (name) {
      case "":
        return "";
      case "VER":
        return "NE1000V3.923";
      case "RUN":
        return this.#run();
      case "STP":
        return this.#stop();
      case "DIS":
        return this.#dispensed();
      case "CLD":
        return this.#clear(data);
      default:
        return this.#set(name, data);
    }
  }

  #set(name: string, data: string): string {
    const reply = this.program.execute(name, data, this.#motor.running) ?? "?";
    if (name === "DIA" && data !== "" && reply === "") this.#motor.clear("both");
    return reply;
  }

  #run(): string {
    if (this.#motor.running) return "?NA";
    if (this.#prompt !== "P") {
      this.program.phase = 1;
      this.#left = this.program.target;
    }
    this.#startPhase();
    return "";
  }

  #startPhase(): void {
    const { fun, direction } = this.program.selected;
    if (fun === "STP") {
      this.#rest();
      return;
    }
    this.#prompt = direction === "INF" ? "I" : "W";
    this.#motor.start({
      direction: direction === "INF" ? 1 : -1,
      rate: this.program.rate,
      volume: this.#twice() ? 2 * this.#left : this.#left,
      error: this.#cv * this.#random.normal(),
      ended: (how) => this.#ended(how),
    });
  }

  #ended(how: "complete" | "stalled"): void {
    if (how === "stalled") this.#rest("S");
    else if (this.program.phase === this.program.phases.length) this.#rest();
    else {
      this.program.phase += 1;
      this.#left = this.program.target;
      this.#startPhase();
    }
  }

  #stop(): string {
    if (this.#motor.running) {
      this.#left -= this.#motor.stop();
      this.#prompt = "P";
      return "";
    }
    if (this.#prompt === "S") return "?NA";
    this.#rest();
    return "";
  }

  #dispensed(): string {
    const { infused, withdrawn } = this.#motor.counters();
    const unit = this.program.volumeUnit;
    const scale = unit === "ML" ? 1 : 1e3;
    return `I${showNumber(infused * scale)}W${showNumber(withdrawn * scale)}${unit}`;
  }

  #clear(data: string): string {
    if (data !== "INF" && data !== "WDR") return "?";
    if (this.#motor.running) return "?NA";
    this.#motor.clear(data === "INF" ? "infused" : "withdrawn");
    return "";
  }
}
