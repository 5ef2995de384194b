import { type Instrument, randomStream, type SimulatedInstrument, VirtualClock } from "labloop/instrument";
import {
  type ContractDescription,
  inMemory,
  type LineTrouble,
  withTrouble,
} from "labloop/instrument/testing";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A driver and its twin in memory; a trouble of the line can be switched on and off. */
export interface DriverBench<I extends SimulatedInstrument> {
  readonly instrument: Instrument;
  readonly twin: I;
  readonly clock: VirtualClock;
  /** From here on, until it is switched to undefined. */
  trouble(name: LineTrouble | undefined): void;
  perform(
    action: string,
    given?: Readonly<Record<string, number | string>>,
  ): ReturnType<Instrument["perform"]>;
  read(property: string): Promise<number | string>;
}

const never = new AbortController().signal;

/** Connects a driver to its twin. */
export async function driverBench<I extends SimulatedInstrument>(
  description: ContractDescription,
): Promise<DriverBench<I>> {
  const clock = new VirtualClock(0, turn);
  let now: LineTrouble | undefined;
  const names: readonly LineTrouble[] = [
    "silence",
    "delay",
    "garbage",
    "duplicate",
    "echo",
    "partial",
    "disconnect",
  ];
  const bench = inMemory(description, clock, (stream) =>
    names.reduce(
      (inner, name) =>
        withTrouble(inner, name, { clock, random: randomStream(1, 0, name), active: () => now === name }),
      stream,
    ),
  );
  const instrument = await bench.connect();
  return {
    instrument,
    clock,
    twin: bench.twin() as I,
    trouble: (name) => {
      now = name;
    },
    perform: (action, given = {}) =>
      instrument.perform({ action, arguments: given, key: `test ${action}` }, never),
    read: async (property) => {
      const read = await instrument.read?.(property, never);
      return read?.kind === "value" ? read.value : (read?.fault.code ?? "cannot be read");
    },
  };
}
