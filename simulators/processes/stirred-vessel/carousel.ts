import type { FlowPort, ProcessFact, ValvePort } from "labloop/instrument";
import type { StirredVessel } from "./stirred-vessel.ts";

/** Vessels on a turntable: one of them is under the needles and in front of the sensor at a time. */
export class Carousel {
  readonly ports: Readonly<Record<string, FlowPort>>;
  readonly valve: ValvePort;
  readonly #vessels: readonly StirredVessel[];
  /** mL per second that each pump moves, whichever vessel is there. */
  readonly #rates: Record<string, number> = {};
  #position = 1;

  /**
   * @param vessels - at positions 1, 2 and so on; all with the same ports
   */
  constructor(vessels: readonly StirredVessel[]) {
    this.#vessels = vessels;
    const names = Object.keys(this.vessel().ports);
    this.ports = Object.fromEntries(names.map((name) => [name, this.#port(name)]));
    this.valve = { kind: "valve", select: (position) => this.#turn(position) };
  }

  /** The vessel under the needles. */
  vessel(): StirredVessel {
    return this.#vessels[this.#position - 1] as StirredVessel;
  }

  /** What happened to any of the vessels, oldest first. */
  facts(): readonly ProcessFact[] {
    const several = this.#vessels.length > 1;
    return this.#vessels
      .flatMap((vessel, i) =>
        vessel.facts().map(({ at, text }) => ({ at, text: several ? `vial ${i + 1}: ${text}` : text })),
      )
      .sort((a, b) => a.at - b.at);
  }

  #port(name: string): FlowPort {
    return {
      kind: "flow",
      setFlow: (rate) => {
        this.#rates[name] = rate;
        this.vessel().ports[name]?.setFlow(rate);
      },
      volume: () => this.#vessels.reduce((sum, { ports }) => sum + (ports[name]?.volume() ?? 0), 0),
    };
  }

  /** A pump that runs while it turns goes on into the next vessel. */
  #turn(position: number): void {
    if (position < 1 || position > this.#vessels.length) return;
    for (const port of Object.values(this.vessel().ports)) port.setFlow(0);
    this.#position = position;
    for (const [name, rate] of Object.entries(this.#rates)) this.vessel().ports[name]?.setFlow(rate);
  }
}
