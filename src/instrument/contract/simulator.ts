import type { Clock } from "../../base/clock.ts";
import type { Random } from "../../base/random.ts";
import type { MemoryFolder } from "../transport/memory-folder.ts";
import type { MemoryPerson } from "../transport/memory-person.ts";
import type { TopicNetwork } from "../transport/topic-client.ts";
import type { SettingDeclaration } from "./declaration.ts";
import type { TransportName, Transports } from "./driver.ts";
import type { SimulatedProcess } from "./process.ts";
import { type GivenSettings, type ReadSettings, readSettings, type Settings } from "./settings.ts";

/** What a transport of each name gives to a simulated instrument: its end of the cable. */
export interface TwinTransports extends Omit<Transports, "mqtt" | "folder" | "person"> {
  readonly mqtt: TopicNetwork;
  readonly folder: MemoryFolder;
  readonly person: MemoryPerson;
}

/** What can go wrong inside a simulated instrument, by the name that a lab file uses. */
export const TWIN_TROUBLES = {
  power: "it is without power, and then in the state in which it is switched on",
  twice: "it does what it is told twice, and acknowledges it once",
  drift: "a reading drifts away from what is there",
  stick: "a reading stays at what was shown last",
  overheat: "it gets hotter, whatever it is set to",
  checksum: "its answers have a wrong checksum and are intact otherwise",
} as const;

/** Name of such a trouble. */
export type TwinTrouble = keyof typeof TWIN_TROUBLES;

/** How a simulated instrument misbehaves at this moment. */
export interface Misbehaviour {
  /**
   * What it shows for a value that is there.
   *
   * @param reading - one that its simulator names
   * @param value - in the unit of the driver's declaration, as what is given back
   */
  shown(reading: string, value: number): number;
  /** Whether it does what it is told twice. */
  twice(): boolean;
  /** Whether the checksums of its answers are wrong; for instruments whose protocol has one. */
  wrongChecksum(): boolean;
}

/** Shows what is there, and does everything once. */
export const WELL_BEHAVED: Misbehaviour = {
  shown: (_reading, value) => value,
  twice: () => false,
  wrongChecksum: () => false,
};

/** What a simulated instrument is given. */
export interface AttachContext<T extends TransportName = TransportName> {
  /** The instrument's name in the lab file. */
  readonly name: string;
  readonly clock: Clock;
  /** The random numbers of one purpose, other ones for every instrument. */
  random(purpose: string): Random;
  readonly settings: Settings;
  readonly process: SimulatedProcess;
  /** Everything that its simulator names as a reading goes through this. */
  readonly misbehaviour: Misbehaviour;
  /** The instrument's end of the line, or the broker to which it connects. */
  readonly transport: TwinTransports[T];
}

/** A simulated instrument that is plugged in. */
export interface SimulatedInstrument {
  /** Switches it off and on: it loses what the instrument loses, and says what the instrument says then. */
  powerCycle?(): void;
  /** Heats by itself whatever it is set to, by so many K in the first hour; undefined ends it. */
  overheat?(perHour: number | undefined): void;
  close(): void;
}

/** A kind of instrument, simulated: it speaks the same bytes. A module exports one as `simulator`. */
export interface Simulator<
  T extends TransportName = TransportName,
  I extends SimulatedInstrument = SimulatedInstrument,
> {
  /** The id of the driver whose instrument it plays. */
  readonly id: string;
  readonly transport: T;
  /** A setting that the driver has too takes the driver's value unless it is given. */
  readonly settings: Readonly<Record<string, SettingDeclaration>>;
  /** The driver's properties and readings that may drift and stick. */
  readonly readings?: readonly string[];
  /** What else can go wrong inside it; `twice` can with everything that takes bytes. */
  readonly troubles?: readonly ("power" | "overheat" | "checksum")[];
  attach(context: AttachContext<T>): I | Promise<I>;
}

/** A simulator of any transport. */
export type AnySimulator = { [T in TransportName]: Simulator<T> }[TransportName];

/**
 * The settings of a twin: what driver and simulator both have it takes from the driver's, unless it is given.
 *
 * @param owner - whose settings these are, for the messages
 */
export function readTwinSettings(
  owner: string,
  simulator: AnySimulator,
  { driver, given }: { readonly driver: GivenSettings; readonly given: GivenSettings },
): ReadSettings {
  const shared = Object.entries(driver).filter(([key]) => key in simulator.settings);
  return readSettings(owner, simulator.settings, { ...Object.fromEntries(shared), ...given });
}

/** What can go wrong inside an instrument of a simulator. */
export function twinTroublesOf({ transport, readings = [], troubles = [] }: AnySimulator): TwinTrouble[] {
  const takesBytes = ["serial", "tcp", "program"].includes(transport);
  return [
    ...troubles,
    ...(takesBytes ? (["twice"] as const) : []),
    ...(readings.length > 0 ? (["drift", "stick"] as const) : []),
  ];
}

/** Gives a simulator its type. */
export function defineSimulator<T extends TransportName, I extends SimulatedInstrument>(
  simulator: Simulator<T, I>,
): Simulator<T, I> {
  return simulator;
}
