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

/** A place where instruments and a process meet. */
export type Port = FlowPort | LightPort;

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
 * The port of a process that a pump is connected to.
 *
 * @throws RangeError when there is none of that name and kind
 */
export function flowPort(process: SimulatedProcess, name: string): FlowPort {
  const port = findPort(process, name, "flow");
  if (port?.kind !== "flow") throw noPort(process, name, "flow");
  return port;
}

/**
 * The port of a process that a light sensor looks through.
 *
 * @throws RangeError when there is none of that name and kind
 */
export function lightPort(process: SimulatedProcess, name: string): LightPort {
  const port = findPort(process, name, "light");
  if (port?.kind !== "light") throw noPort(process, name, "light");
  return port;
}

function findPort(process: SimulatedProcess, name: string, kind: Port["kind"]): Port | undefined {
  if (name !== "") return Object.hasOwn(process.ports, name) ? process.ports[name] : undefined;
  const all = Object.values(process.ports).filter((port) => port.kind === kind);
  return all.length === 1 ? all[0] : undefined;
}

function noPort(process: SimulatedProcess, name: string, kind: Port["kind"]): RangeError {
  const names = Object.keys(process.ports).filter((other) => process.ports[other]?.kind === kind);
  const nearest = nearestName(name, names);
  const hint = nearest === undefined ? `it has: ${names.join(", ")}` : `did you mean "${nearest}"?`;
  return new RangeError(`the process has no ${kind} port "${name}"; ${hint}`);
}
