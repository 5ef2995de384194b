import {
  type Clock,
  defineProcess,
  numberSetting,
  type ProcessDefinition,
  type ProcessFact,
  type Settings,
  type SimulatedProcess,
} from "labloop/instrument";

/** True parameters of reaction and reactor. */
export const JACKETED_REACTOR_TRUTH = {
  /** Rate constant of A → B at infinite temperature, 1/s. */
  frequency: 1.2e10,
  /** J/mol */
  activation: 80_000,
  /** Heat that a mole of A sets free, J/mol. */
  heat: 180_000,
  /** mol/L of A in what is dosed. */
  feed: 8,
  /** J/(g K) of the mixture. */
  capacity: 3.8,
  /** W/K between jacket and mixture while it is well stirred, and without stirring. */
  transfer: 3,
  unstirred: 0.6,
  /** W/K to the room. */
  loss: 0.2,
  /** rpm from which it is well stirred. */
  wellStirred: 200,
} as const;

/** Degrees at which the mixture boils over. */
const BOILS = 100;
/** J/(mol K) */
const GAS = 8.314;
/** Longest step of the integration in s. */
const STEP = 0.5;

/** A stirred reactor with a jacket, in which something reacts and gets hot. */
export interface JacketedReactor extends SimulatedProcess {
  /** degC of the mixture, which a thermometer may tell otherwise. */
  temperature(): number;
  /** mol/L of A that has not reacted. */
  accumulated(): number;
  /** Share of A dosed so far that has become B. */
  conversion(): number;
}

/**
 * A is dosed into a stirred, jacketed reactor and becomes B; the heat has to leave through the jacket. A cold jacket lets A
 * accumulate, and a later rise runs away.
 *
 * Ports: flow `dose` and `drain`, thermal `jacket` (a probe reads the mixture), stirring `stirrer`, mass `balance`, answers
 * `analysis` (conversion in %).
 */
export const process: ProcessDefinition<JacketedReactor> = defineProcess({
  id: "jacketed-reactor",
  settings: {
    volume: numberSetting("mL", "solvent in it at first", { minimum: 1, default: 400 }),
    capacity: numberSetting("mL", "volume at which it runs over", { minimum: 1, default: 1000 }),
    ambient: numberSetting("degC", "temperature of the room, and of what is dosed", { default: 22 }),
    "probe-drift": numberSetting("K/h", "drift of the probe in the mixture", { default: 0 }),
  },
  create: ({ clock, settings }) => new Reactor(clock, settings),
});

class Reactor implements JacketedReactor {
  readonly ports: JacketedReactor["ports"];
  readonly #clock: Clock;
  readonly #settings: Record<string, number>;
  readonly #facts: ProcessFact[] = [];
  readonly #began: number;
  #at: number;
  /** mL */
  #volume: number;
  /** mol of A and B. */
  #a = 0;
  #b = 0;
  #temperature: number;
  /** mL/s */
  #dose = 0;
  #drain = 0;
  #dosed = 0;
  #drained = 0;
  #speed = 0;
  #surface: ((at: number) => number) | undefined;

  constructor(clock: Clock, settings: Settings) {
    this.#clock = clock;
    this.#settings = settings as Record<string, number>;
    this.#at = clock.now();
    this.#began = this.#at;
    this.#volume = this.#setting("volume");
    this.#temperature = this.#setting("ambient");
    this.ports = {
      dose: {
        kind: "flow",
        setFlow: (rate) => this.#change(() => (this.#dose = rate)),
        volume: () => this.#change(() => undefined, this.#dosed),
      },
      drain: {
        kind: "flow",
        setFlow: (rate) => this.#change(() => (this.#drain = rate)),
        volume: () => this.#change(() => undefined, this.#drained),
      },
      jacket: {
        kind: "thermal",
        couple: (surface) => this.#change(() => (this.#surface = surface)),
        temperature: () => {
          this.#advance();
          return this.#temperature + (this.#setting("probe-drift") * (this.#at - this.#began)) / 3_600_000;
        },
      },
      stirrer: {
        kind: "stirring",
        setSpeed: (speed) => this.#change(() => (this.#speed = speed)),
        torque: () => this.#speed * 0.01,
      },
      balance: {
        kind: "mass",
        mass: () => {
          this.#advance();
          return this.#volume;
        },
      },
      analysis: {
        kind: "answers",
        answer: (name) => (name === "conversion" || name === "value" ? 100 * this.conversion() : undefined),
      },
    };
  }

  temperature(): number {
    this.#advance();
    return this.#temperature;
  }

  accumulated(): number {
    this.#advance();
    return (1000 * this.#a) / this.#volume;
  }

  conversion(): number {
    this.#advance();
    const all = this.#a + this.#b;
    return all === 0 ? 0 : this.#b / all;
  }

  facts(): readonly ProcessFact[] {
    this.#advance();
    return this.#facts;
  }

  #setting(name: string): number {
    return this.#settings[name] as number;
  }

  #change<T>(change: () => unknown, result?: T): T {
    this.#advance();
    change();
    return result as T;
  }

  #advance(): void {
    const seconds = (this.#clock.now() - this.#at) / 1000;
    const steps = Math.max(1, Math.ceil(seconds / STEP));
    for (let i = 0; i < steps && seconds > 0; i++) this.#step(seconds / steps);
    this.#at = this.#clock.now();
  }

  /** m c dT/dt = UA (Tj − T) + ΔH k A − UA' (T − Ta) − c q (T − Ta); dA/dt = q a − k A. Implicit in A, explicit in T. */
  #step(seconds: number): void {
    const truth = JACKETED_REACTOR_TRUTH;
    this.#at += seconds * 1000;
    const poured = Math.max(0, this.#dose) * seconds;
    const taken = Math.min(this.#volume - 1, Math.max(0, -this.#drain) * seconds);
    const share = 1 - taken / this.#volume;
    const rate = truth.frequency * Math.exp(-truth.activation / (GAS * (this.#temperature + 273.15)));
    const before = this.#a * share + (poured * truth.feed) / 1000;
    this.#a = before / (1 + rate * seconds);
    const reacted = before - this.#a;
    this.#b = this.#b * share + reacted;
    this.#volume += poured - taken;
    this.#dosed += poured;
    this.#drained -= taken;
    const ambient = this.#setting("ambient");
    const mixing = Math.min(1, this.#speed / truth.wellStirred);
    const transfer = truth.unstirred + (truth.transfer - truth.unstirred) * mixing;
    const jacket = this.#surface === undefined ? 0 : transfer * (this.#surface(this.#at) - this.#temperature);
    const losses = truth.loss * (this.#temperature - ambient);
    const joules =
      seconds * (jacket - losses) +
      truth.heat * reacted -
      truth.capacity * poured * (this.#temperature - ambient);
    this.#temperature += joules / (truth.capacity * this.#volume);
    this.#watch();
  }

  #watch(): void {
    if (this.#temperature > BOILS) {
      this.#tell(`the reactor boiled over at ${BOILS} degC`);
      this.#temperature = BOILS;
    }
    if (this.#volume > this.#setting("capacity")) {
      this.#tell("the reactor ran over");
      this.#volume = this.#setting("capacity");
    }
  }

  #tell(text: string): void {
    if (!this.#facts.some((fact) => fact.text === text)) this.#facts.push({ at: this.#at, text });
  }
}
