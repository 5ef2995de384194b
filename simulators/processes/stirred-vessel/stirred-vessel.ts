import { type Clock, type FlowPort, formatQuantity, type ProcessFact } from "labloop/instrument";

/** What a vessel is like. */
export interface VesselOptions {
  readonly clock: Clock;
  /** What flows in at each port: concentrations of every species. An outlet has none of them. */
  readonly inflows: Readonly<Record<string, readonly number[]>>;
  /** mL at which it runs over. */
  readonly capacity: number;
  /** mL that no outlet can reach. */
  readonly residual: number;
  /** mL in it at first; concentrations of every species in that are 0. */
  readonly volume: number;
  /** Time constant of the stirring in s. */
  readonly mixingTime: number;
  /**
   * Change of every concentration per second.
   *
   * @param concentrations - of every species, well mixed
   */
  readonly react?: (concentrations: readonly number[]) => readonly number[];
}

/** Longest step of the integration in s; a fortieth of the mixing time below 4 s. */
const STEP = 0.1;

/**
 * A stirred vessel with pumps at its ports: volumes add up, species are conserved, and what a sensor sees
 * follows the true mixture with a first-order lag.
 */
export class StirredVessel {
  readonly ports: Readonly<Record<string, FlowPort>>;
  readonly #options: VesselOptions;
  readonly #inlets: { name: string; content: readonly number[]; rate: number; volume: number }[];
  readonly #facts: ProcessFact[] = [];
  readonly #told = new Set<string>();
  #volume: number;
  #mixed: number[];
  #seen: number[];
  /** Milliseconds since 1970 up to which everything is worked out. */
  #time: number;

  constructor(options: VesselOptions) {
    this.#options = options;
    this.#time = options.clock.now();
    this.#volume = options.volume;
    this.#inlets = Object.entries(options.inflows).map(([name, content]) => ({
      name,
      content,
      rate: 0,
      volume: 0,
    }));
    const species = this.#inlets[0]?.content.length ?? 0;
    this.#mixed = new Array<number>(species).fill(0);
    this.#seen = [...this.#mixed];
    this.ports = Object.fromEntries(this.#inlets.map((inlet) => [inlet.name, this.#port(inlet)]));
  }

  /** mL at this moment. */
  volume(): number {
    this.#advance();
    return this.#volume;
  }

  /** Concentrations where a sensor looks, at this moment. */
  seen(): readonly number[] {
    this.#advance();
    return this.#seen;
  }

  /** Spills and air, oldest first. */
  facts(): readonly ProcessFact[] {
    this.#advance();
    return this.#facts;
  }

  #port(inlet: { rate: number; volume: number }): FlowPort {
    return {
      kind: "flow",
      setFlow: (rate) => {
        this.#advance();
        inlet.rate = rate;
        this.#told.clear();
      },
      volume: () => {
        this.#advance();
        return inlet.volume;
      },
    };
  }

  #advance(): void {
    const now = this.#options.clock.now();
    let left = (now - this.#time) / 1000;
    const still = this.#options.react === undefined && this.#inlets.every((inlet) => inlet.rate === 0);
    const steps = still ? 1 : Math.max(1, Math.ceil(left / STEP));
    const step = left / steps;
    while (left > step / 2) {
      this.#flow(step, now - (left - step) * 1000);
      this.#react(step);
      this.#mix(step);
      left -= step;
    }
    this.#time = now;
  }

  /** Adds what flows in, takes out what flows out, and spills what is too much. */
  #flow(step: number, at: number): void {
    const { capacity, residual } = this.#options;
    for (const inlet of this.#inlets) {
      const wanted = inlet.rate * step;
      if (wanted > 0) this.#add(wanted, inlet.content);
      const taken = wanted < 0 ? -Math.min(-wanted, Math.max(0, this.#volume - residual)) : wanted;
      if (wanted < 0) this.#volume += taken;
      inlet.volume += taken;
      if (taken > wanted + 1e-12) this.#tell(at, `${inlet.name} drew air: the vessel is empty`);
    }
    if (this.#volume > capacity + 1e-12) {
      this.#tell(at, `the vessel ran over its ${formatQuantity({ value: capacity, unit: "mL" })}`);
      this.#volume = capacity;
    }
  }

  #add(volume: number, content: readonly number[]): void {
    const total = this.#volume + volume;
    this.#mixed = this.#mixed.map(
      (value, i) => (value * this.#volume + (content[i] as number) * volume) / total,
    );
    this.#volume = total;
  }

  /** Midpoint rule, exact to the second order in the step. */
  #react(step: number): void {
    const { react } = this.#options;
    if (react === undefined || this.#volume === 0) return;
    const before = this.#mixed;
    const slope = react(before);
    const middle = before.map((value, i) => Math.max(0, value + ((slope[i] as number) * step) / 2));
    const change = react(middle);
    this.#mixed = before.map((value, i) => Math.max(0, value + (change[i] as number) * step));
  }

  #mix(step: number): void {
    const share = 1 - Math.exp(-step / this.#options.mixingTime);
    this.#seen = this.#seen.map((value, i) => value + ((this.#mixed[i] as number) - value) * share);
  }

  /** Says a thing once until the next change of a flow. */
  #tell(at: number, text: string): void {
    if (this.#told.has(text)) return;
    this.#told.add(text);
    this.#facts.push({ at, text });
  }
}
