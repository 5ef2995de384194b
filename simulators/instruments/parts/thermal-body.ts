import type { Clock, ThermalPort } from "labloop/instrument";

/** What a heated or cooled body is like; temperatures in degC, times in s. */
export interface ThermalBodyOptions {
  readonly clock: Clock;
  /** At first, and of the room. */
  readonly ambient: number;
  /** Fastest change in K/s. */
  readonly rate: number;
  /** Time constant of the approach to the target; 5 when absent. */
  readonly settling?: number;
  /** Time constant of the way back to the room's temperature; 900 when absent. */
  readonly cooling?: number;
  /** What it is pressed against. */
  readonly port?: ThermalPort | undefined;
}

/** K by which a heater that stays on heats in the end: its losses grow with its temperature. */
const RISE = 400;
/** Seconds in an hour. */
const HOUR = 3600;

/**
 * A body under ideal control: dT/dt = clamp((target − T)/τ, ±rate), and without a target dT/dt = (ambient − T)/τ'.
 * While it overheats T − T₀ = R (1 − exp(−r t/R)), with r the rate at first and R the rise in the end. Solved in closed form, so that any moment costs the same.
 */
export class ThermalBody {
  readonly #options: ThermalBodyOptions;
  #target: number | undefined;
  #rate: number;
  /** K in the first hour of a body that overheats. */
  #overheating: number | undefined;
  /** Where the present stretch began. */
  #from: { at: number; temperature: number };

  constructor(options: ThermalBodyOptions) {
    this.#options = options;
    this.#rate = options.rate;
    this.#from = { at: options.clock.now(), temperature: options.ambient };
    options.port?.couple((at) => this.at(at));
  }

  get target(): number | undefined {
    return this.#target;
  }

  /** degC at this moment. */
  get temperature(): number {
    return this.at(this.#options.clock.now());
  }

  /** Goes to a temperature, or with undefined back to the room's; `rate` in K/s when other than the fastest. */
  approach(target: number | undefined, rate: number = this.#options.rate): void {
    this.#turn();
    this.#target = target;
    this.#rate = rate;
  }

  /** Heats by so many K in the first hour, whatever it is set to; with undefined it is under control again. */
  overheat(perHour: number | undefined): void {
    this.#turn();
    this.#overheating = perHour;
  }

  /** degC at a time of the present stretch. */
  at(at: number): number {
    const { ambient, settling = 5, cooling = 900 } = this.#options;
    const { temperature } = this.#from;
    const seconds = Math.max(0, (at - this.#from.at) / 1000);
    const perHour = this.#overheating;
    if (perHour !== undefined)
      return temperature + RISE * (1 - Math.exp((-perHour * seconds) / (HOUR * RISE)));
    if (this.#target === undefined) return ambient + (temperature - ambient) * Math.exp(-seconds / cooling);
    const away = temperature - this.#target;
    const near = this.#rate * settling;
    const ramp = Math.max(0, (Math.abs(away) - near) / this.#rate);
    if (seconds <= ramp) return temperature - Math.sign(away) * this.#rate * seconds;
    const left = Math.sign(away) * Math.min(near, Math.abs(away));
    return this.#target + left * Math.exp(-(seconds - ramp) / settling);
  }

  /** From here on it goes another way. */
  #turn(): void {
    const at = this.#options.clock.now();
    // The process works out what happened so far, while the old stretch still holds.
    this.#options.port?.temperature();
    this.#from = { at, temperature: this.at(at) };
  }
}
