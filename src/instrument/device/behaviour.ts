import type { Call, Identity, Settlement } from "../contract/instrument.ts";
import type { Device } from "./device.ts";
import type { Value } from "./value.ts";

/** Arguments of a call, in the units of the declaration. */
export type Arguments = Call["arguments"];

/** What an action gives: its readings by name, or nothing. */
export type Given = Readonly<Record<string, Value>> | undefined | void;

/** How an action is carried out. Functions end with a Trouble when they can't. */
export interface ActionBehaviour<D extends Device = Device> {
  perform(device: D, given: Arguments, call: Call): Promise<Given>;
  /** Milliseconds that it usually takes; 1000 when absent. */
  readonly takes?: (given: Arguments) => number;
  /** Ends what was begun, when the call is interrupted or fails in the middle. */
  stop?(device: D): Promise<void>;
  /** For effect `once`: what became of a call, possibly of a process that has died since. */
  settle?(device: D, call: Call): Promise<Settlement>;
}

/** Takes a value of a stream, and when the instrument says that it was measured (milliseconds since 1970). */
export type Emit = (value: Value, measuredAt?: number) => void;

/** What the instrument sends by itself. */
export interface StreamBehaviour<D extends Device = Device> {
  /** Lets it begin, hands over each value, and returns when the call is interrupted. */
  run(device: D, emit: Emit): Promise<void>;
  /** Lets it end, so that nothing of the stream is taken for an answer. */
  end(device: D): Promise<void>;
}

/** What a connected instrument does. */
export interface Behaviour<D extends Device = Device> {
  readonly identity: Identity;
  /** How the declared readable properties are read, each in its unit. */
  readonly read?: Readonly<Record<string, (device: D) => Promise<Value>>>;
  /** How the declared settable properties are set; each is read back afterwards. */
  readonly set?: Readonly<Record<string, (device: D, value: number) => Promise<void>>>;
  /** How the declared actions are carried out, but for those that {@link declare} derives from properties. */
  readonly actions: Readonly<Record<string, ActionBehaviour<D> | ActionBehaviour<D>["perform"]>>;
  /** How properties are had that the instrument sends by itself. */
  readonly stream?: Readonly<Record<string, StreamBehaviour<D>>>;
  /** Finds out whether it answers and has no alarm. */
  check(device: D): Promise<void>;
  /** Brings it into its safe state and reads that back; ends with a Trouble when it can't be confirmed. */
  safe(device: D): Promise<Readonly<Record<string, number | string>>>;
  /** Done again and again while the instrument is connected, such as feeding a watchdog. */
  readonly again?: { readonly every: number; run(device: D): Promise<void> };
  close?(): void;
}
