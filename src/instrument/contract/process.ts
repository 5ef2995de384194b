import type { Clock } from "../../base/clock.ts";
import { nearestName } from "../../base/fault.ts";
import type { Random } from "../../base/random.ts";
import type { SettingDeclaration } from "./declaration.ts";
import type { Settings } from "./settings.ts";

/** Where a pump is connected to a process. */
export interface FlowPort {
  readonly kind: "flow";
  /**
   * Sets the flow from this moment on.
   *
   * @param rate - mL/s; positive into the process, negative out of it
   */
  setFlow(rate: number): void;
  /** mL that have gone in through this port, less what has come out, up to this moment. */
  volume(): number;
}

/** What a light sensor looks through. */
export interface LightPort {
  readonly kind: "light";
  /**
   * Share of the light that comes through at this moment, 0 … 1.
   *
   * @param wavelength - nm
   */
  transmittance(wavelength: number): number;
}

/** Where a circulator's jacket or a heater touches a process, and a probe looks. */
export interface ThermalPort {
  readonly kind: "thermal";
  /**
   * Presses a heated or cooled surface against the process from this moment on.
   *
   * @param surface - degC at a time in milliseconds since 1970 that lies between the last call and now
   */
  couple(surface: (at: number) => number): void;
  /** What a probe in the process reads at this moment, in degC. */
  temperature(): number;
}

/** What a balance stands under. */
export interface MassPort {
  readonly kind: "mass";
  /** g on the pan at this moment. */
  mass(): number;
}

/** What a stirrer turns in. */
export interface StirringPort {
  readonly kind: "stirring";
  /** Sets the speed in rpm from this moment on. */
  setSpeed(speed: number): void;
  /** Ncm at this moment. */
  torque(): number;
}

/** What a stage moves. */
export interface MotionPort {
  readonly kind: "motion";
  /** The stage is at this position, in mm, one number for each axis. */
  moveTo(position: readonly number[]): void;
}

/** What a source-measure unit or a multimeter is connected to. */
export interface ElectricPort {
  readonly kind: "electric";
  /** Sets the voltage across it in V from this moment on; undefined when nothing is applied. */
  apply(voltage: number | undefined): void;
  /** V across it at this moment. */
  voltage(): number;
  /** A through it at this moment. */
  current(): number;
}

/** What a selector valve connects. */
export interface ValvePort {
  readonly kind: "valve";
  /** The valve is at this position, from 1. */
  select(position: number): void;
}

/** What a camera looks at. */
export interface PicturePort {
  readonly kind: "picture";
  /** 8-bit red, green and blue of every pixel, row by row. */
  picture(): { readonly width: number; readonly height: number; readonly rgb: Uint8Array };
}

/** What a person or a program outside finds out when it is asked. */
export interface AnswerPort {
  readonly kind: "answers";
  /**
   * The number that is asked for at this moment.
   *
   * @param given - what the question tells: arguments by name
   */
  answer(name: string, given: Readonly<Record<string, number | string>>): number | undefined;
}

/** A place where instruments and a process meet. */
export type Port =
  | FlowPort
  | LightPort
  | ThermalPort
  | MassPort
  | StirringPort
  | MotionPort
  | ElectricPort
  | ValvePort
  | PicturePort
  | AnswerPort;

/** The port of a kind. */
export type PortOf<K extends Port["kind"]> = Extract<Port, { kind: K }>;

/** Something that happened in the process and that a person in the room would have seen. */
export interface ProcessFact {
  /** Milliseconds since 1970 on the process's clock. */
  readonly at: number;
  readonly text: string;
}

/** Physics and chemistry that simulated instruments act on and look at. */
export interface SimulatedProcess {
  readonly ports: Readonly<Record<string, Port>>;
  /** Spills, air drawn and the like, oldest first. */
  facts(): readonly ProcessFact[];
}

/** What a process is made from. */
export interface ProcessContext {
  readonly clock: Clock;
  /** The random numbers of one purpose. */
  random(purpose: string): Random;
  readonly settings: Settings;
}

/** A kind of process; a module in simulators/processes exports one as `process`. */
export interface ProcessDefinition<P extends SimulatedProcess = SimulatedProcess> {
  /** Its folder's name, such as "colour-mixing". */
  readonly id: string;
  readonly settings: Readonly<Record<string, SettingDeclaration>>;
  create(context: ProcessContext): P;
}

/** Gives a process its type. */
export function defineProcess<P extends SimulatedProcess>(
  definition: ProcessDefinition<P>,
): ProcessDefinition<P> {
  return definition;
}

/**
 * The port of a process at which an instrument is; without a name the only one of its kind.
 *
 * @throws RangeError when there is none of that name and kind
 */
export function portOf<K extends Port["kind"]>(process: SimulatedProcess, kind: K, name: string): PortOf<K> {
  const port = findPort(process, name, kind);
  if (port === undefined) throw noPort(process, name, kind);
  return port;
}

/**
 * The port at which an instrument is, or undefined when it has no name and the process none of the kind: an instrument
 * that stands by itself.
 *
 * @throws RangeError when there is none of that name and kind, or several and no name
 */
export function portIfAny<K extends Port["kind"]>(
  process: SimulatedProcess,
  kind: K,
  name: string,
): PortOf<K> | undefined {
  const any = Object.values(process.ports).some((port) => port.kind === kind);
  return name === "" && !any ? undefined : portOf(process, kind, name);
}

/** A process in which nothing is, for instruments that stand by themselves. */
export const NO_PROCESS: ProcessDefinition = defineProcess({
  id: "none",
  settings: {},
  create: () => ({ ports: {}, facts: () => [] }),
});

function findPort<K extends Port["kind"]>(
  process: SimulatedProcess,
  name: string,
  kind: K,
): PortOf<K> | undefined {
  const isOfKind = (port: Port | undefined): port is PortOf<K> => port?.kind === kind;
  const named = Object.hasOwn(process.ports, name) ? process.ports[name] : undefined;
  if (name !== "") return isOfKind(named) ? named : undefined;
  const all = Object.values(process.ports).filter(isOfKind);
  return all.length === 1 ? all[0] : undefined;
}

function noPort(process: SimulatedProcess, name: string, kind: Port["kind"]): RangeError {
  const names = Object.keys(process.ports).filter((other) => process.ports[other]?.kind === kind);
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? `it has: ${names.join(", ")}` : `did you mean "${nearest}"?`;
  return new RangeError(`the process has no ${kind} port "${name}"; ${hint}`);
}
