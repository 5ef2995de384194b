import {
  type Clock,
  defineProcess,
  type FlowPort,
  numberSetting,
  type ProcessDefinition,
  type Random,
  type Settings,
  type SimulatedProcess,
} from "labloop/instrument";
import { type Concentrations, outletOf } from "./kinetics.ts";

export { FLOW_REACTOR_TRUTH, outletOf } from "./kinetics.ts";

/** A coil through which reactants flow, with an analysis at its end. */
export interface FlowReactor extends SimulatedProcess {
  /** mol/L at the outlet at this moment. */
  outlet(): Concentrations;
}

type Feed = "aryl" | "amine" | "solvent";

/** What holds since the last change of a flow or of the temperature. */
interface Stretch {
  readonly from: number;
  /** mL that had gone into the coil by then, and mL/s since. */
  readonly passed: number;
  readonly flow: number;
  /** What comes out once the coil has been filled under these conditions. */
  readonly outlet: Concentrations;
}

const NOTHING: Concentrations = [0, 0, 0, 0, 0];

/**
 * Two reactants and a solvent are pumped through a heated coil. The outlet shows what was set a residence time before,
 * and the analysis what the outlet was a while before that.
 *
 * Ports: flow `aryl`, `amine`, `solvent`; thermal `coil`; answers `hplc`: `ortho`, `para`, `bis`, `aryl` in mol/L, and
 * `value`, the yield of the ortho product in %.
 */
export const process: ProcessDefinition<FlowReactor> = defineProcess({
  id: "flow-reactor",
  settings: {
    volume: numberSetting("mL", "of the coil", { minimum: 0.1, default: 5 }),
    aryl: numberSetting("mol/L", "difluoronitrobenzene in its feed", { minimum: 0.01, default: 1 }),
    amine: numberSetting("mol/L", "pyrrolidine in its feed", { minimum: 0.01, default: 2 }),
    delay: numberSetting("s", "from the outlet to the result of the analysis", { minimum: 0, default: 120 }),
    noise: numberSetting("%", "standard deviation of a peak area, relative", { minimum: 0, default: 1 }),
  },
  create: ({ clock, settings, random }) => new Coil(clock, settings, random("hplc")),
});

class Coil implements FlowReactor {
  readonly ports: FlowReactor["ports"];
  readonly #clock: Clock;
  readonly #settings: Record<string, number>;
  readonly #random: Random;
  readonly #flows: Record<Feed, number> = { aryl: 0, amine: 0, solvent: 0 };
  readonly #volumes: Record<Feed, number> = { aryl: 0, amine: 0, solvent: 0 };
  readonly #stretches: Stretch[] = [];
  #at: number;
  #surface: ((at: number) => number) | undefined;
  /** degC for which the last stretch was worked out. */
  #worked = 22;

  constructor(clock: Clock, settings: Settings, random: Random) {
    this.#clock = clock;
    this.#settings = settings as Record<string, number>;
    this.#random = random;
    this.#at = clock.now();
    this.#stretches.push({ from: this.#at, passed: 0, flow: 0, outlet: NOTHING });
    this.ports = {
      aryl: this.#feed("aryl"),
      amine: this.#feed("amine"),
      solvent: this.#feed("solvent"),
      coil: {
        kind: "thermal",
        couple: (surface) => {
          this.#surface = surface;
          this.#begin();
        },
        temperature: () => this.#temperature(),
      },
      hplc: { kind: "answers", answer: (name) => this.#analyse(name) },
    };
  }

  outlet(): Concentrations {
    return this.#outletAt(this.#clock.now());
  }

  facts(): [] {
    return [];
  }

  #feed(name: Feed): FlowPort {
    return {
      kind: "flow",
      setFlow: (rate) => {
        this.#pour();
        this.#flows[name] = Math.max(0, rate);
        this.#begin();
      },
      volume: () => {
        this.#pour();
        return this.#volumes[name];
      },
    };
  }

  #pour(): void {
    const seconds = (this.#clock.now() - this.#at) / 1000;
    for (const name of Object.keys(this.#flows) as Feed[]) this.#volumes[name] += this.#flows[name] * seconds;
    this.#at = this.#clock.now();
  }

  #temperature(): number {
    return this.#surface?.(this.#clock.now()) ?? 22;
  }

  /** From here on other conditions hold; what they lead to is worked out once. */
  #begin(): void {
    const { aryl, amine, solvent } = this.#flows;
    const total = aryl + amine + solvent;
    this.#worked = this.#temperature();
    const feed = [
      (aryl / total) * (this.#settings["aryl"] as number),
      (amine / total) * (this.#settings["amine"] as number),
    ] as const;
    const outlet =
      total === 0 ? NOTHING : outletOf(feed, (this.#settings["volume"] as number) / total, this.#worked);
    const from = this.#clock.now();
    this.#stretches.push({ from, passed: this.#passed(from), flow: total, outlet });
    // More than a few changes ago nothing is in the coil.
    if (this.#stretches.length > 50) this.#stretches.shift();
  }

  #outletAt(at: number): Concentrations {
    // A coil that has become hotter since then gives something else.
    if (Math.abs(this.#temperature() - this.#worked) > 0.5) this.#begin();
    const passed = this.#passed(at) - (this.#settings["volume"] as number);
    // What is at the outlet went in when that much less had passed.
    return this.#stretches.findLast((stretch) => stretch.passed <= passed + 1e-9)?.outlet ?? NOTHING;
  }

  /** mL that had gone into the coil by a time. */
  #passed(at: number): number {
    const stretch = this.#stretches.findLast(({ from }) => from <= at);
    return stretch === undefined ? 0 : stretch.passed + (stretch.flow * (at - stretch.from)) / 1000;
  }

  #analyse(name: string): number | undefined {
    const [aryl, , ortho, para, bis] = this.#outletAt(
      this.#clock.now() - 1000 * (this.#settings["delay"] as number),
    );
    const all = aryl + ortho + para + bis;
    const areas: Record<string, number> = {
      aryl,
      ortho,
      para,
      bis,
      value: all === 0 ? 0 : (100 * ortho) / all,
    };
    const area = areas[name];
    return area === undefined
      ? undefined
      : area * (1 + ((this.#settings["noise"] as number) / 100) * this.#random.normal());
  }
}
