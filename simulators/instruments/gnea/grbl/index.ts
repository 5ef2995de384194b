import {
  type AttachContext,
  type Cancel,
  type Clock,
  defineSimulator,
  type MotionPort,
  numberSetting,
  portIfAny,
  type SimulatedInstrument,
  type Simulator,
  textSetting,
  toBytes,
} from "labloop/instrument";

const BANNER = "Grbl 1.1h ['$' for help]";
const UNLOCK = "[MSG:'$H'|'$X' to unlock]";
const BLOCKS = 15;
const BUFFER = 128;
/** mm/min of the search for limit switches. */
const SEEK = 1500;
/** Milliseconds until it stands after a hold. */
const BRAKING = 200;

interface Move {
  readonly to: readonly number[];
  /** mm/min */
  readonly feed: number;
}

/** A three-axis stage with GRBL 1.1 at the other end of the line; its port opened, so it has just been reset. */
export class SimulatedMotion implements SimulatedInstrument {
  /** Whether homing is switched on ($22). */
  homing = true;
  readonly #clock: Clock;
  readonly #line: AttachContext<"serial">["transport"];
  readonly #port: MotionPort | undefined;
  readonly #travel: readonly number[];
  #state: "Idle" | "Run" | "Hold:0" | "Hold:1" | "Alarm" | "Home" | "Jog" | "Check" = "Idle";
  #homed = false;
  #position: number[];
  #moving: (Move & { from: readonly number[]; at: number; ends: number; cancel: Cancel }) | undefined;
  #braking: Cancel | undefined;
  readonly #queue: Move[] = [];
  /** Lines that wait for room in the planner. */
  readonly #waiting: string[] = [];
  #text = "";
  #feed = 0;
  #reports = 0;

  constructor({ clock, settings, process, transport, random }: AttachContext<"serial">) {
    this.#clock = clock;
    this.#line = transport;
    this.#port = portIfAny(process, "motion", settings["port"] as string);
    this.#travel = ["x", "y", "z"].map((axis) => settings[axis] as number);
    // Nobody knows where it stands.
    const start = random("position");
    this.#position = this.#travel.map((most) => most * start.uniform());
    transport.onData((bytes) => {
      for (const byte of bytes) this.#byte(byte);
    });
  }

  /** mm at this moment. */
  get position(): readonly number[] {
    const moving = this.#moving;
    if (moving === undefined) return this.#position;
    const share = Math.min(1, (this.#clock.now() - moving.at) / Math.max(1e-9, moving.ends - moving.at));
    return moving.from.map((from, i) => from + ((moving.to[i] as number) - from) * share);
  }

  /** The stage hits a limit switch. */
  hitLimit(): void {
    this.#braking?.();
    this.#freeze();
    this.#homed = false;
    this.#state = "Alarm";
    this.#say("ALARM:1");
  }

  /** Switches it off and on: the position is lost. */
  powerCycle(): void {
    this.#freeze();
    this.#homed = false;
    this.#state = "Idle";
    this.#reset();
  }

  close(): void {
    this.#moving?.cancel();
    this.#braking?.();
    void this.#line.close();
  }

  #byte(byte: number): void {
    switch (byte) {
      case 0x3f:
        return this.#report();
      case 0x21:
        return this.#hold();
      case 0x7e:
        return this.#resume();
      case 0x18:
        return this.#reset();
      case 0x85:
        return this.#endJog();
      case 0x0d:
      case 0x0a: {
        const line = this.#text;
        this.#text = "";
        if (line !== "" || byte === 0x0a) this.#accept(line);
        return;
      }
      default:
        // What doesn't fit into the receive buffer is lost.
        if (this.#text.length + this.#waiting.join("\n").length < BUFFER)
          this.#text += String.fromCharCode(byte);
    }
  }

  #accept(line: string): void {
    if (this.#waiting.length > 0 || this.#queue.length >= BLOCKS) this.#waiting.push(line);
    else this.#execute(line);
  }

  #execute(raw: string): void {
    const line = raw.replaceAll(" ", "").toUpperCase();
    if (line === "") return this.#say("ok");
    if (line === "$H") return this.#home();
    if (line === "$X") {
      if (this.#state === "Alarm") this.#state = "Idle";
      this.#say("[MSG:Caution: Unlocked]");
      return this.#say("ok");
    }
    if (line === "$C") return this.#check();
    if (line.startsWith("$J=")) return this.#jog(line.slice(3));
    if (line === "$I") {
      this.#say("[VER:1.1h.20190830:]");
      this.#say("[OPT:V,15,128]");
      return this.#say("ok");
    }
    if (line.startsWith("$")) return this.#say("error:3");
    if (this.#state === "Alarm") return this.#say("error:9");
    this.#say(this.#gcode(line));
  }

  #gcode(line: string): string {
    const words = [...line.matchAll(/([A-Z])([-+]?\d*\.?\d*)/g)];
    if (words.map(([word]) => word).join("") !== line) return "error:1";
    if (words.some(([, , number]) => number === "" || !Number.isFinite(Number(number)))) return "error:2";
    const value = (letter: string): number | undefined => {
      const found = words.find(([, each]) => each === letter)?.[2];
      return found === undefined ? undefined : Number(found);
    };
    this.#feed = value("F") ?? this.#feed;
    if (this.#state === "Check") return "ok";
    const goes =
      words.some(([word]) => /^G0*[01]$/.test(word)) ||
      "XYZ".split("").some((axis) => value(axis) !== undefined);
    if (!goes) return "ok";
    if (this.#feed === 0 && !words.some(([word]) => /^G0*0$/.test(word))) return "error:22";
    const from = this.#queue.at(-1)?.to ?? this.#moving?.to ?? this.#position;
    const to = ["X", "Y", "Z"].map((axis, i) => value(axis) ?? (from[i] as number));
    if (this.#homed && to.some((each, i) => each < 0 || each > (this.#travel[i] as number))) {
      this.#freeze();
      this.#state = "Alarm";
      return "ALARM:2\r\nok";
    }
    this.#queue.push({ to, feed: this.#feed });
    if (this.#state === "Idle") this.#next();
    return "ok";
  }

  /** Checking g-code moves nothing; its end is a reset. */
  #check(): void {
    if (this.#state !== "Idle" && this.#state !== "Check") return this.#say("error:8");
    const ends = this.#state === "Check";
    this.#say(`[MSG:${ends ? "Disabled" : "Enabled"}]`);
    this.#say("ok");
    if (ends) this.#reset();
    else this.#state = "Check";
  }

  /** A jog has its own feed, and leaves the feed of programs alone. */
  #jog(line: string): void {
    if (this.#state !== "Idle" && this.#state !== "Jog")
      return this.#say(this.#state === "Alarm" ? "error:9" : "error:8");
    const words = [...line.matchAll(/([XYZF])(-?\d+(?:\.\d+)?)/g)];
    const feed = Number(words.find(([, letter]) => letter === "F")?.[2]);
    if (words.map(([word]) => word).join("") !== line || words.length < 2) return this.#say("error:16");
    if (!(feed > 0)) return this.#say("error:22");
    const from = this.position;
    const to = ["X", "Y", "Z"].map((axis, i) =>
      Number(words.find(([, letter]) => letter === axis)?.[2] ?? from[i]),
    );
    if (this.#homed && to.some((each, i) => each < 0 || each > (this.#travel[i] as number)))
      return this.#say("error:15");
    this.#moving?.cancel();
    this.#start({ to, feed });
    this.#state = "Jog";
    this.#say("ok");
  }

  #endJog(): void {
    if (this.#state !== "Jog") return;
    this.#freeze();
    this.#state = "Idle";
  }

  #next(): void {
    const move = this.#queue.shift();
    if (move === undefined) {
      this.#state = "Idle";
      return;
    }
    this.#state = "Run";
    this.#start(move);
    while (this.#waiting.length > 0 && this.#queue.length < BLOCKS)
      this.#execute(this.#waiting.shift() as string);
  }

  #start(move: Move): void {
    const from = this.position;
    const at = this.#clock.now();
    const length = Math.hypot(...move.to.map((each, i) => each - (from[i] as number)));
    const ends = at + (length / move.feed) * 60_000;
    const cancel = this.#clock.at(ends, () => {
      this.#arrive(move.to);
      this.#next();
    });
    this.#moving = { ...move, from, at, ends, cancel };
  }

  #arrive(position: readonly number[]): void {
    this.#moving = undefined;
    this.#position = [...position];
    this.#port?.moveTo(this.#position);
  }

  #home(): void {
    if (!this.homing) return this.#say("error:5");
    this.#freeze();
    this.#state = "Home";
    const from = this.#position;
    const ends = this.#clock.now() + (Math.max(...from) / SEEK) * 60_000;
    const cancel = this.#clock.at(ends, () => {
      this.#arrive([0, 0, 0]);
      this.#homed = true;
      this.#state = "Idle";
      this.#say("ok");
    });
    this.#moving = { to: [0, 0, 0], feed: SEEK, from, at: this.#clock.now(), ends, cancel };
  }

  #hold(): void {
    if (this.#state !== "Run") return;
    const move = this.#moving;
    const queue = [...this.#queue];
    this.#freeze();
    if (move !== undefined) this.#queue.push({ to: move.to, feed: move.feed });
    this.#queue.push(...queue);
    this.#state = "Hold:1";
    this.#braking = this.#clock.at(this.#clock.now() + BRAKING, () => {
      this.#state = "Hold:0";
    });
  }

  #resume(): void {
    if (!this.#state.startsWith("Hold")) return;
    this.#braking?.();
    this.#next();
  }

  /** While it moves the position is lost. */
  #reset(): void {
    const moved = /^(Run|Home|Jog|Hold:1)$/.test(this.#state);
    this.#braking?.();
    this.#freeze();
    this.#waiting.length = 0;
    this.#text = "";
    this.#feed = 0;
    if (moved) {
      this.#homed = false;
      this.#say("ALARM:3");
    }
    const locked = moved || (this.homing && !this.#homed);
    this.#state = locked ? "Alarm" : "Idle";
    this.#say("");
    this.#say(BANNER);
    if (locked) this.#say(UNLOCK);
  }

  #freeze(): void {
    const position = this.position;
    this.#moving?.cancel();
    this.#queue.length = 0;
    this.#arrive(position);
  }

  #report(): void {
    const position = this.position.map((each) => each.toFixed(3)).join(",");
    const feed = /^(Run|Jog)$/.test(this.#state) ? (this.#moving?.feed ?? 0) : 0;
    const offset = this.#reports++ % 10 === 0 ? "|WCO:0.000,0.000,0.000" : "";
    this.#say(`<${this.#state}|MPos:${position}|FS:${feed},0${offset}>`);
  }

  #say(text: string): void {
    this.#line.write(toBytes(`${text}\r\n`));
  }
}

/** A simulated stage with GRBL 1.1; it may move something in a process. */
export const simulator: Simulator<"serial", SimulatedMotion> = defineSimulator({
  id: "gnea/grbl",
  transport: "serial",
  settings: {
    port: textSetting("motion port of the process", { default: "" }),
    x: numberSetting("mm", "travel of x", { default: 200 }),
    y: numberSetting("mm", "travel of y", { default: 200 }),
    z: numberSetting("mm", "travel of z", { default: 50 }),
  },
  troubles: ["power"],
  attach: (context) => new SimulatedMotion(context),
});
