import {
  type Instrument,
  randomStream,
  type SimulatedInstrument,
  VirtualClock,
  WELL_BEHAVED,
} from "labloop/instrument";
import {
  type ContractDescription,
  inMemory,
  type LineTrouble,
  recorded,
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
  /** Whether the twin's checksums are wrong from here on. */
  spoilChecksums(wrong: boolean): void;
  /** What went over the line since before the driver connected, `> ` sent and `< ` arrived, as chunks. */
  readonly transcript: readonly string[];
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
    "cut",
    "stale",
  ];
  let wrongChecksum = false;
  const transcript: string[] = [];
  const bench = inMemory(
    description,
    clock,
    (stream) =>
      names.reduce(
        (inner, name) =>
          withTrouble(inner, name, { clock, random: randomStream(1, 0, name), active: () => now === name }),
        recorded(stream, (from, bytes) => transcript.push(`${from} ${bytes}`)),
      ),
    undefined,
    { ...WELL_BEHAVED, wrongChecksum: () => wrongChecksum },
  );
  const instrument = await bench.connect();
  return {
    instrument,
    clock,
    twin: bench.twin() as I,
    trouble: (name) => {
      now = name;
    },
    spoilChecksums: (wrong) => {
      wrongChecksum = wrong;
    },
    transcript,
    perform: (action, given = {}) =>
      instrument.perform({ action, arguments: given, key: `test ${action}` }, never),
    read: async (property) => {
      const read = await instrument.read?.(property, never);
      return read?.kind === "value" ? read.value : (read?.fault.code ?? "cannot be read");
    },
  };
}
