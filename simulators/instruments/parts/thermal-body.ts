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

/**
 * A body under ideal control: dT/dt = clamp((target − T)/τ, ±rate), and without a target dT/dt = (ambient − T)/τ'.
 * Solved in closed form, so that any moment costs the same.
 */
export class ThermalBody {
  readonly #options: ThermalBodyOptions;
  #target: number | undefined;
  #rate: number;
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
    const at = this.#options.clock.now();
    // The process works out what happened so far, while the old stretch still holds.
    this.#options.port?.temperature();
    this.#from = { at, temperature: this.at(at) };
    this.#target = target;
    this.#rate = rate;
  }

  /** degC at a time of the present stretch. */
  at(at: number): number {
    const { ambient, settling = 5, cooling = 900 } = this.#options;
    const { temperature } = this.#from;
    const seconds = Math.max(0, (at - this.#from.at) / 1000);
    if (this.#target === undefined) return ambient + (temperature - ambient) * Math.exp(-seconds / cooling);
    const away = temperature - this.#target;
    const near = this.#rate * settling;
    const ramp = Math.max(0, (Math.abs(away) - near) / this.#rate);
    if (seconds <= ramp) return temperature - Math.sign(away) * this.#rate * seconds;
    const left = Math.sign(away) * Math.min(near, Math.abs(away));
    return this.#target + left * Math.exp(-(seconds - ramp) / settling);
  }
}
