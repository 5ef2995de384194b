import type { Clock } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import type { ByteStream } from "../transport/byte-stream.ts";
import type { Folder } from "../transport/folder.ts";
import type { Person } from "../transport/person.ts";
import type { TopicClient } from "../transport/topic-client.ts";
import type { Declaration } from "./declaration.ts";
import type { Instrument } from "./instrument.ts";
import type { Settings } from "./settings.ts";

/** What a transport of each name gives to a driver. */
export interface Transports {
  readonly serial: ByteStream;
  readonly tcp: ByteStream;
  /** A program that this computer runs: its standard input and output. */
  readonly program: ByteStream;
  readonly mqtt: TopicClient;
  readonly folder: Folder;
  readonly person: Person;
}

/** Names of the transports. */
export type TransportName = keyof Transports;

/** What a driver is given to reach its instrument. */
export interface ConnectContext<T extends TransportName = TransportName> {
  /** The instrument's name in the lab file. */
  readonly name: string;
  /** Complete and checked against the declaration's settings. */
  readonly settings: Settings;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** The open line or broker connection; the instrument closes it. */
  readonly transport: Transports[T];
  /** Writes a remark for the operator: an alarm that was acknowledged, a state that was lost. */
  note(text: string): void;
}

/** What a driver is given to find out whether its instrument is there. */
export interface ProbeContext {
  readonly stream: ByteStream;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** An instrument, or why there is none. */
export type Connected =
  | { readonly kind: "connected"; readonly instrument: Instrument }
  | { readonly kind: "failed"; readonly fault: Fault };

/** A kind of instrument: what it can do, as data, and how to reach one. */
export interface Driver<T extends TransportName = TransportName> {
  readonly declaration: Declaration & { readonly transport: T };
  /** The declaration with the limits that one instrument's settings leave (a syringe's diameter, a range). */
  narrow?(settings: Settings): Declaration;
  /** Asks on a line whether such an instrument is there, and sets nothing; gives its answer. For drivers over bytes. */
  probe?(context: ProbeContext): Promise<string | undefined>;
  connect(context: ConnectContext<T>): Promise<Connected>;
}

/** A driver of any transport. */
export type AnyDriver = { [T in TransportName]: Driver<T> }[TransportName];

/** Gives a driver its type; a driver module exports what this returns as `driver`. */
export function defineDriver<T extends TransportName>(driver: Driver<T>): Driver<T> {
  return driver;
}

/** The declaration of a driver for one instrument's settings. */
export function declarationFor(driver: AnyDriver, settings: Settings): Declaration {
  return driver.narrow?.(settings) ?? driver.declaration;
}
