import { readNumber, showNumber } from "./number-text.ts";

/** mL/min of one unit of rate. */
const RATE_UNITS: Readonly<Record<RateUnit, number>> = { UM: 1e-3, MM: 1, UH: 1e-3 / 60, MH: 1 / 60 };

type RateUnit = "UM" | "MM" | "UH" | "MH";

/** One phase of the pump's program. */
export interface Phase {
  fun: "RAT" | "STP";
  /** In the unit of `rateUnit`. */
  rate: number;
  rateUnit: RateUnit;
  /** In the pump's volume unit; 0 means without end. */
  volume: number;
  direction: "INF" | "WDR";
}

/** Plunger speed in cm/min, slowest and fastest; a thousandth more on each side, as hardware rounds. */
const SLOWEST = (0.004205 / 60) * 0.999;
const FASTEST = 5.1005 * 1.001;
/** Diameter in mm above which volumes are counted in mL. */
const WIDE = 14;
/** Phases of the NE-1000's program. */
const PHASES = 41;

/** The settings and the program that the pump keeps without power, and the commands that set them. */
export class Program {
  /** mm */
  diameter = 14.43;
  volumeUnit: "ML" | "UL" = "ML";
  /** The phase that is selected, from 1. */
  phase = 1;
  readonly phases: Phase[] = Array.from({ length: PHASES }, () => ({
    fun: "RAT",
    rate: 1,
    rateUnit: "MM",
    volume: 0,
    direction: "INF",
  }));

  get selected(): Phase {
    return this.phases[this.phase - 1] as Phase;
  }

  /** mL/min of the selected phase. */
  get rate(): number {
    return this.selected.rate * RATE_UNITS[this.selected.rateUnit];
  }

  /** mL of the selected phase; Infinity for a volume of 0. */
  get target(): number {
    const { volume } = this.selected;
    return volume === 0 ? Infinity : volume * (this.volumeUnit === "ML" ? 1 : 1e-3);
  }

  /**
   * Answers a query or carries out a setting.
   *
   * @returns the data of the reply; undefined when the command is none of the program's
   */
  execute(name: string, data: string, running: boolean): string | undefined {
    const [query, set] = this.#command(name) ?? [];
    if (query === undefined || set === undefined) return undefined;
    if (data === "") return query();
    return running ? "?NA" : set(data);
  }

  #command(name: string): [query: () => string, set: (data: string) => string] | undefined {
    switch (name) {
      case "DIA":
        return [() => showNumber(this.diameter), (data) => this.#setDiameter(data)];
      case "RAT":
        return [() => showNumber(this.selected.rate) + this.selected.rateUnit, (data) => this.#setRate(data)];
      case "VOL":
        return [() => showNumber(this.selected.volume) + this.volumeUnit, (data) => this.#setVolume(data)];
      case "DIR":
        return [() => this.selected.direction, (data) => this.#setDirection(data)];
      case "PHN":
        return [() => String(this.phase).padStart(2, "0"), (data) => this.#select(data)];
      case "FUN":
        return [() => this.selected.fun, (data) => this.#setFunction(data)];
      default:
        return undefined;
    }
  }

  #setDiameter(data: string): string {
    const value = readNumber(data);
    if (value === undefined) return "?";
    if (value < 0.1 || value > 50) return "?OOR";
    this.diameter = value;
    this.volumeUnit = value > WIDE ? "ML" : "UL";
    return "";
  }

  #setRate(data: string): string {
    const [, number = "", unit = this.selected.rateUnit] = /^([\d.]+)(UM|MM|UH|MH)?$/.exec(data) ?? [];
    const rate = readNumber(number);
    if (rate === undefined) return "?";
    const rateUnit = unit as RateUnit;
    const area = (Math.PI / 4) * (this.diameter / 10) ** 2;
    const speed = (rate * RATE_UNITS[rateUnit]) / area;
    if (speed < SLOWEST || speed > FASTEST) return "?OOR";
    Object.assign(this.selected, { rate, rateUnit });
    return "";
  }

  #setVolume(data: string): string {
    if (data === "ML" || data === "UL") {
      this.volumeUnit = data;
      return "";
    }
    const value = readNumber(data);
    if (value === undefined) return "?";
    this.selected.volume = value;
    return "";
  }

  #setDirection(data: string): string {
    if (data !== "INF" && data !== "WDR") return "?";
    this.selected.direction = data;
    return "";
  }

  #select(data: string): string {
    const value = readNumber(data);
    if (value === undefined || !Number.isInteger(value)) return "?";
    if (value < 1 || value > PHASES) return "?OOR";
    this.phase = value;
    return "";
  }

  #setFunction(data: string): string {
    if (data !== "RAT" && data !== "STP") return "?";
    this.selected.fun = data;
    return "";
  }
}
