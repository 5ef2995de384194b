import {
  type ByteStream,
  memoryLine,
  NO_PROCESS,
  openSimulation,
  type ProcessDefinition,
  randomStream,
  readSettings,
  type SimulatedInstrument,
  type Simulator,
  sleep,
  toBytes,
  VirtualClock,
  WELL_BEHAVED,
} from "labloop/instrument";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** Milliseconds within which a twin has answered everything. */
const ANSWERED = 400;
const LINE = { baudRate: 1_000_000, dataBits: 8, parity: "none", stopBits: 1 } as const;

/** A twin by itself, and the other end of its line. */
export interface TwinLine<I> {
  readonly twin: I;
  readonly clock: VirtualClock;
  /** Sends bytes, latin1, piece by piece; gives what came back until all was quiet. */
  say(...pieces: string[]): Promise<string>;
  /** The same, where the answer has so many milliseconds. */
  ask(within: number, ...pieces: string[]): Promise<string>;
  /** Lets time pass; gives what came meanwhile. */
  wait(milliseconds: number): Promise<string>;
}

/** What a twin acts on, and what is put on its line. */
export interface Surroundings {
  readonly process?: ProcessDefinition;
  readonly between?: (stream: ByteStream, clock: VirtualClock) => ByteStream;
}

/** Attaches a twin to a line in memory. */
export async function twinLine<I extends SimulatedInstrument>(
  simulator: Simulator<"serial", I> | Simulator<"tcp", I> | Simulator<"program", I>,
  given: Readonly<Record<string, number | string>> = {},
  { process = NO_PROCESS, between = (stream) => stream }: Surroundings = {},
): Promise<TwinLine<I>> {
  const clock = new VirtualClock(0, turn);
  const opened = openSimulation({ clock, seed: 1, process, settings: {} });
  const read = readSettings("twin", simulator.settings, given);
  if (opened.kind === "refused" || read.kind === "refused") throw new Error("the twin's settings are wrong");
  const { host: plain, device } = memoryLine({ name: "line", clock, line: LINE });
  const host = between(plain, clock);
  const twin = await (simulator as Simulator<"serial", I>).attach({
    name: "twin",
    clock,
    random: (purpose) => randomStream(1, 0, purpose),
    settings: read.settings,
    process: opened.simulation.process,
    misbehaviour: WELL_BEHAVED,
    transport: device,
  });
  let came = "";
  host.onData((bytes) => {
    came += String.fromCharCode(...bytes);
  });
  const wait = async (milliseconds: number): Promise<string> => {
    await sleep(clock, milliseconds);
    const all = came;
    came = "";
    return all;
  };
  const ask = async (within: number, ...pieces: string[]): Promise<string> => {
    for (const piece of pieces) {
      host.write(toBytes(piece));
      await sleep(clock, 5);
    }
    return wait(within);
  };
  return { twin, clock, wait, ask, say: (...pieces) => ask(ANSWERED, ...pieces) };
}
