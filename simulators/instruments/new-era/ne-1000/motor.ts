import type { Cancel, Clock } from "labloop/instrument";

/** 1 pushes out, -1 draws in. */
export type Direction = 1 | -1;

/** What a motor with its syringe is given. */
export interface MotorOptions {
  readonly clock: Clock;
  /** Sets the flow at the syringe's tip in mL/min; negative when the syringe draws. */
  readonly flow: (rate: number) => void;
  /** mL in the syringe at first. */
  readonly content: number;
  /** mL that the syringe holds. */
  readonly capacity: number;
  /** Whether somebody always fills or empties the syringe in time. */
  readonly endless: boolean;
}

/** One movement. */
export interface Movement {
  readonly direction: Direction;
  /** mL/min */
  readonly rate: number;
  /** mL, or Infinity. */
  readonly volume: number;
  /** Relative error of what really flows. */
  readonly error: number;
  /** Called when the volume was moved, or when the syringe came to its end before. */
  readonly ended: (how: "complete" | "stalled") => void;
}

/** Milliseconds in a minute. */
const MINUTE = 60_000;

/** A syringe and its motor: volume is rate times time, by the clock. */
export class Motor {
  readonly #options: MotorOptions;
  #infused = 0;
  #withdrawn = 0;
  #content: number;
  #run: { movement: Movement; since: number; cancel: Cancel } | undefined;

  constructor(options: MotorOptions) {
    this.#options = options;
    this.#content = options.content;
  }

  get running(): boolean {
    return this.#run !== undefined;
  }

  /** mL in the syringe at this moment. */
  get content(): number {
    return this.#content - (this.#run?.movement.direction ?? 1) * this.#moved();
  }

  start(movement: Movement): void {
    const { clock, flow, capacity, endless } = this.#options;
    const { direction, rate, volume, error } = movement;
    const room = direction === 1 ? this.#content : capacity - this.#content;
    const reach = endless ? volume : Math.min(volume, room);
    const end = clock.now() + (MINUTE * reach) / rate;
    const cancel = Number.isFinite(end) ? clock.at(end, () => this.#arrive(reach)) : () => undefined;
    this.#run = { movement, since: clock.now(), cancel };
    flow(direction * rate * (1 + error));
  }

  /**
   * Stops the motor.
   *
   * @returns mL moved in this run
   */
  stop(): number {
    const moved = this.#moved();
    this.#end(moved);
    return moved;
  }

  /** mL in each direction since cleared, up to this moment, as the motor's steps count them. */
  counters(): { infused: number; withdrawn: number } {
    const moved = this.#moved();
    const direction = this.#run?.movement.direction;
    return {
      infused: this.#infused + (direction === 1 ? moved : 0),
      withdrawn: this.#withdrawn + (direction === -1 ? moved : 0),
    };
  }

  /** Sets counters to 0. */
  clear(which: "infused" | "withdrawn" | "both"): void {
    if (which !== "withdrawn") this.#infused = 0;
    if (which !== "infused") this.#withdrawn = 0;
  }

  #arrive(reach: number): void {
    const movement = this.#run?.movement;
    this.#end(reach);
    movement?.ended(reach < movement.volume ? "stalled" : "complete");
  }

  #end(moved: number): void {
    if (this.#run === undefined) return;
    const { direction } = this.#run.movement;
    this.#run.cancel();
    this.#run = undefined;
    this.#content -= direction * moved;
    if (direction === 1) this.#infused += moved;
    else this.#withdrawn += moved;
    this.#options.flow(0);
  }

  #moved(): number {
    if (this.#run === undefined) return 0;
    return (this.#run.movement.rate * (this.#options.clock.now() - this.#run.since)) / MINUTE;
  }
}
