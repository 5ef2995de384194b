import {
  type Call,
  type Check,
  type Clock,
  type ConnectContext,
  type Declaration,
  deadline,
  type Fault,
  formatQuantity,
  type Identity,
  type Instrument,
  type Outcome,
  type PropertyValue,
  type SafeState,
  type Settlement,
  sleep,
} from "labloop/instrument";
import { commandMark } from "./command-mark.ts";
import { numberField } from "./number-field.ts";
import type { Problem, PumpLine } from "./pump-line.ts";
import { parseRate, rateField } from "./rate-field.ts";
import { PROMPTS, type Prompt } from "./reply.ts";

/** Milliseconds between two looks at a motor that should have stopped. */
const POLL = 200;
/** Longest time that nobody looks at a running motor. */
const WATCH = 2000;
/** Commands around one movement, and what one takes at 19,200 baud with a pump that answers at once. */
const OVERHEAD = 12 * 15;
/** A motor that runs for longer than this beyond its time has lost its way. */
const GRACE = 5000;
/** Time for stopping, which goes on when everything else was interrupted. */
const STOPPING = 10_000;

/** What was found out about the pump when it was connected. */
export interface PumpFacts {
  readonly identity: Identity;
  readonly declaration: Declaration;
  /** mL of the unit in which the pump counts volumes. */
  readonly unit: number;
  /** Whether the pump has programs, and so a place for a mark. */
  readonly programs: boolean;
  /** mL/min for commands that name no rate. */
  readonly rate: number;
}

interface Movement {
  readonly direction: "INF" | "WDR";
  /** mL, as the pump counts. */
  readonly volume: number;
  readonly volumeField: string;
  readonly rateField: string;
  /** mL/min */
  readonly rate: number;
}

/** One NE-1000 with its syringe. */
export class Pump implements Instrument {
  readonly identity: Identity;
  readonly declaration: Declaration;
  readonly #line: PumpLine;
  readonly #facts: PumpFacts;
  readonly #clock: Clock;
  readonly #name: string;
  #interrupt = new AbortController();

  constructor(context: ConnectContext<"serial">, line: PumpLine, facts: PumpFacts) {
    this.identity = facts.identity;
    this.declaration = facts.declaration;
    this.#line = line;
    this.#facts = facts;
    this.#clock = context.clock;
    this.#name = context.name;
  }

  async perform(call: Call, signal: AbortSignal): Promise<Outcome> {
    switch (call.action) {
      case "dispense":
      case "withdraw":
        return this.#move(call, signal);
      case "stop":
        return this.#stop(signal);
      case "dispensed":
        return this.#tellDispensed(signal);
      default:
        throw new RangeError(`${this.#name} has no action "${call.action}"`);
    }
  }

  async settle(call: Call, signal: AbortSignal): Promise<Settlement> {
    const movement = this.#movement(call);
    if (movement.volume === 0) return { kind: "done", readings: { volume: 0, rate: movement.rate } };
    const stopped = await this.#untilStopped(this.estimate(call), signal);
    if (stopped.kind !== "stopped") return { kind: "unknown", why: stopped.fault.message };
    if (this.#facts.programs) {
      const mark = await this.#readMark(signal);
      if (typeof mark === "object") return { kind: "unknown", why: mark.fault.message };
      if (mark !== commandMark(call.key)) return { kind: "not done" };
    }
    const moved = await this.#moved(movement.direction, signal);
    if (typeof moved === "object") return { kind: "unknown", why: moved.fault.message };
    return this.#judge(movement, moved);
  }

  async read(property: string, signal: AbortSignal): Promise<PropertyValue> {
    const command = property === "rate" ? "RAT" : "DIA";
    const reply = await this.#line.ask(command, signal);
    if (reply.kind === "problem") return { kind: "failed", fault: reply.fault };
    const value = property === "rate" ? parseRate(reply.data) : Number(reply.data);
    if (value === undefined || Number.isNaN(value)) {
      return { kind: "failed", fault: this.#line.unreadable(command, reply.data).fault };
    }
    return { kind: "value", value };
  }

  estimate(call: Call): number {
    if (call.action !== "dispense" && call.action !== "withdraw") return 50;
    const { volume, rate } = this.#movement(call);
    return volume === 0 ? 0 : OVERHEAD + (60_000 * volume) / rate;
  }

  async check(signal: AbortSignal): Promise<Check> {
    const reply = await this.#line.ask("", signal);
    return reply.kind === "problem" ? { kind: "failed", fault: reply.fault } : { kind: "ok" };
  }

  async makeSafe(signal: AbortSignal): Promise<SafeState> {
    // A command that is being prepared must not start the motor after it was stopped.
    this.#interrupt.abort(new Error("the pump was made safe"));
    const problem = await this.#halt(signal);
    if (problem !== undefined) return { kind: "unknown", fault: problem.fault };
    const volumes = await this.#line.dispensed(signal);
    if ("kind" in volumes) return { kind: "safe", state: { motor: "stopped" } };
    const { infused, withdrawn } = volumes;
    return {
      kind: "safe",
      state: { motor: "stopped", "infused uL": infused * 1e3, "withdrawn uL": withdrawn * 1e3 },
    };
  }

  async close(): Promise<void> {
    this.#interrupt.abort(new Error("the pump's line was closed"));
    await this.#line.close();
  }

  /** Volume and rate of a call as the pump can hold them. */
  #movement(call: Call): Movement {
    const asked = (call.arguments["volume"] as number) / 1000;
    const field = numberField(asked / this.#facts.unit);
    const rate = rateField((call.arguments["rate"] as number | undefined) ?? this.#facts.rate);
    if (field === undefined || rate === undefined) {
      throw new RangeError(`${this.#name} was given a call that was not checked: ${JSON.stringify(call)}`);
    }
    return {
      direction: call.action === "withdraw" ? "WDR" : "INF",
      volume: Number((Number(field) * this.#facts.unit).toPrecision(6)),
      volumeField: field,
      rateField: rate.text,
      rate: rate.rate,
    };
  }

  async #move(call: Call, given: AbortSignal): Promise<Outcome> {
    const movement = this.#movement(call);
    // A volume of 0 means "without end" to the pump.
    if (movement.volume === 0) {
      return { kind: "done", readings: { volume: 0, rate: movement.rate }, flags: ["nothing to move"] };
    }
    this.#interrupt = new AbortController();
    const signal = AbortSignal.any([given, this.#interrupt.signal]);
    const unready = await this.#prepare(call, movement, signal);
    if (unready !== undefined) return { kind: "failed", fault: unready, effect: "none" };
    const run = this.#line.accepted("RUN", await this.#line.send("RUN", signal));
    if (run.kind === "problem" && !run.sent) return { kind: "failed", fault: run.fault, effect: "none" };
    const stopped =
      run.kind === "problem" && signal.aborted
        ? { kind: "lost" as const, fault: run.fault }
        : await this.#untilStopped((60_000 * movement.volume) / movement.rate, signal);
    return stopped.kind === "stopped" ? this.#finish(movement) : this.#giveUp(movement, stopped.fault);
  }

  /** Everything up to the start: the counter is cleared before the mark is set, so a mark vouches for the counter. */
  async #prepare(call: Call, movement: Movement, signal: AbortSignal): Promise<Fault | undefined> {
    const status = await this.#line.ask("", signal);
    if (status.kind === "problem") return status.fault;
    if (status.prompt !== "S" && status.prompt !== "P") return this.#busy(status.prompt);
    const { direction, rateField, volumeField } = movement;
    const mark = this.#facts.programs ? ["PHN3", `VOL${commandMark(call.key)}`, "PHN1"] : [];
    const problem = await this.#line.askAll(
      [
        ...(status.prompt === "P" ? ["STP"] : []),
        `CLD${direction}`,
        ...mark,
        `DIR${direction}`,
        `RAT${rateField}`,
        `VOL${volumeField}`,
      ],
      signal,
    );
    // The counter begins at 0 here, whatever happened before.
    this.#line.interrupted = false;
    return problem?.fault;
  }

  /** Waits for the motor to stand still, expected in so many milliseconds. */
  async #untilStopped(
    expected: number,
    signal: AbortSignal,
  ): Promise<{ kind: "stopped" } | { kind: "lost"; fault: Fault }> {
    const end = this.#clock.now() + expected;
    for (;;) {
      const status = await this.#line.ask("", signal);
      if (status.kind === "problem") return { kind: "lost", fault: status.fault };
      if (status.prompt === "S" || status.prompt === "P") return { kind: "stopped" };
      const left = end - this.#clock.now();
      if (left < -GRACE) return { kind: "lost", fault: this.#overdue(expected) };
      // An abort is told by the next question.
      await sleep(this.#clock, left > 0 ? Math.min(left, WATCH) : POLL, signal).catch(() => undefined);
    }
  }

  /** The motor stands: was everything moved? */
  async #finish(movement: Movement): Promise<Outcome> {
    const ending = this.#ending();
    const moved = await this.#moved(movement.direction, ending.signal);
    ending.cancel();
    if (typeof moved === "object") return { kind: "failed", fault: moved.fault, effect: "unknown" };
    const verdict = this.#judge(movement, moved);
    if (verdict.kind === "done") return verdict;
    const what = moved > movement.volume ? "moved more than it was told" : "stopped before its end";
    return this.#unfinished(movement, moved, `${this.#name} ${what}`);
  }

  /** Stops the motor, and tells what was moved up to then. */
  async #giveUp(movement: Movement, fault: Fault): Promise<Outcome> {
    const ending = this.#ending();
    const problem = await this.#halt(ending.signal);
    const moved = problem ?? (await this.#moved(movement.direction, ending.signal));
    ending.cancel();
    if (typeof moved === "object") return { kind: "failed", fault, effect: "unknown" };
    if (this.#judge(movement, moved).kind === "done") {
      return { kind: "done", readings: readings(movement, moved), flags: [fault.message] };
    }
    return this.#unfinished(movement, moved, fault.message, fault);
  }

  #unfinished(movement: Movement, moved: number, why: string, fault?: Fault): Outcome {
    const share = `${microlitres(moved)} of ${microlitres(movement.volume)} were moved`;
    return {
      kind: "failed",
      fault: {
        code: fault?.code ?? "instrument.stopped-early",
        message: `${why}; ${share}`,
        advice: fault?.advice ?? "find out who stopped the pump, then discard or complete the sample",
      },
      // After a power failure the counter begins at 0 again, whatever was moved.
      effect: moved === 0 && !this.#line.interrupted ? "none" : "unknown",
    };
  }

  #judge(movement: Movement, moved: number): Settlement {
    if (Math.abs(moved - movement.volume) <= this.#facts.unit * 1e-3 + 1e-9) {
      return { kind: "done", readings: readings(movement, moved) };
    }
    if (this.#line.interrupted) {
      return { kind: "unknown", why: `${this.#name} lost its power, and with it the volume that it moved` };
    }
    if (moved === 0) return { kind: "not done" };
    return {
      kind: "unknown",
      why: `${this.#name} moved ${microlitres(moved)} of ${microlitres(movement.volume)}, then stopped`,
    };
  }

  async #moved(direction: Movement["direction"], signal: AbortSignal): Promise<number | Problem> {
    const volumes = await this.#line.dispensed(signal);
    if ("kind" in volumes) return volumes;
    return direction === "INF" ? volumes.infused : volumes.withdrawn;
  }

  async #readMark(signal: AbortSignal): Promise<number | Problem> {
    const problem = await this.#line.askAll(["PHN3"], signal);
    if (problem !== undefined) return problem;
    const reply = await this.#line.ask("VOL", signal);
    const back = await this.#line.askAll(["PHN1"], signal);
    if (reply.kind === "problem") return reply;
    return back ?? Number.parseFloat(reply.data);
  }

  async #stop(signal: AbortSignal): Promise<Outcome> {
    const problem = await this.#halt(signal);
    if (problem !== undefined) return { kind: "failed", fault: problem.fault, effect: "unknown" };
    return { kind: "done", readings: {} };
  }

  async #tellDispensed(signal: AbortSignal): Promise<Outcome> {
    const volumes = await this.#line.dispensed(signal);
    if ("kind" in volumes) return { kind: "failed", fault: volumes.fault, effect: "none" };
    const { infused, withdrawn } = volumes;
    const flags = this.#line.interrupted ? ["counted since the power was interrupted"] : [];
    return {
      kind: "done",
      readings: { infused: infused * 1e3, withdrawn: withdrawn * 1e3 },
      ...(flags.length > 0 && { flags }),
    };
  }

  /**
   * Stops twice (the first stop only pauses) and looks, at most three times. Stopping a pump that stands is
   * refused with ?NA, which is as good; an alarm in place of the status verifies nothing.
   */
  async #halt(signal: AbortSignal): Promise<Problem | undefined> {
    let problem: Problem | undefined;
    for (let i = 0; i < 3; i++) {
      await this.#line.send("STP", signal, 2);
      await this.#line.send("STP", signal, 2);
      const status = this.#line.accepted("", await this.#line.send("", signal, 2));
      if (status.kind === "ok" && status.prompt === "S") return undefined;
      problem = status.kind === "ok" ? this.#runsOn(status.prompt) : status;
    }
    return problem;
  }

  #runsOn(prompt: Prompt): Problem {
    const fault = {
      code: "instrument.not-stopped",
      message: `${this.#name} is still ${PROMPTS[prompt]} after it was told to stop`,
      advice: "stop the pump at its panel",
    };
    return { kind: "problem", fault, sent: true };
  }

  #busy(prompt: Prompt): Fault {
    return {
      code: "instrument.busy",
      message: `${this.#name} is ${PROMPTS[prompt]} and can't begin anything else`,
      advice: "wait for it, or stop it",
    };
  }

  #overdue(expected: number): Fault {
    return {
      code: "instrument.overdue",
      message: `${this.#name} still runs ${GRACE} ms after the ${Math.round(expected)} ms that it should have taken`,
      advice: "check that the pump's program is empty and its diameter is the lab file's",
    };
  }

  /** A signal for what has to go on after everything else was interrupted. */
  #ending(): ReturnType<typeof deadline> {
    return deadline(this.#clock, STOPPING, () => new Error("it took too long to stop"));
  }
}

function readings(movement: Movement, moved: number): Record<"volume" | "rate", number> {
  return { volume: Number((moved * 1e3).toPrecision(6)), rate: movement.rate };
}

function microlitres(millilitres: number): string {
  return formatQuantity({ value: millilitres * 1e3, unit: "uL" });
}
