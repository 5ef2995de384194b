import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Clock, sleep } from "../../base/clock.ts";
import { randomStream } from "../../base/random.ts";
import { VirtualClock } from "../../base/virtual-clock.ts";
import { printable } from "../codec/printable.ts";
import type { AnyDriver, TransportName } from "../contract/driver.ts";
import type { Call, Instrument } from "../contract/instrument.ts";
import { NO_PROCESS, type ProcessDefinition, type SimulatedProcess } from "../contract/process.ts";
import type { GivenSettings } from "../contract/settings.ts";
import {
  type AnySimulator,
  type Misbehaviour,
  readTwinSettings,
  type SimulatedInstrument,
  type Simulator,
  WELL_BEHAVED,
} from "../contract/simulator.ts";
import { type Connection, connectInstrument } from "../session/connect-instrument.ts";
import { type EmulationOptions, emulateOverPty, emulateOverTcp } from "../session/emulate.ts";
import { openSimulation } from "../session/simulation.ts";
import type { ByteStream } from "../transport/byte-stream.ts";
import type { Folder } from "../transport/folder.ts";
import type { SessionOptions } from "../transport/mqtt-client.ts";
import type { Person } from "../transport/person.ts";
import type { TopicClient } from "../transport/topic-client.ts";
import {
  type ContractCase,
  type ContractSubject,
  carryOutAll,
  driverContract,
  safeTwice,
} from "./driver-contract.ts";
import { dropping, garbling, withFaults } from "./faulty-line.ts";
import { ScaledClock } from "./scaled-clock.ts";
import { withTopicTrouble } from "./topic-troubles.ts";

/** A driver, its twin, and what they are tried with. */
export interface ContractDescription {
  readonly driver: AnyDriver;
  readonly simulator: AnySimulator;
  /** What the twin acts on; nothing when absent. */
  readonly process?: ProcessDefinition;
  readonly processSettings?: GivenSettings;
  readonly settings: GivenSettings;
  readonly twin: GivenSettings;
  /** How an MQTT driver connects to the broker. */
  readonly session?: SessionOptions;
  /** For every action: arguments that a short, successful call may have, in the order in which they make sense. */
  readonly examples: Readonly<Record<string, Call["arguments"]>>;
  /** Whether the twin really is in the driver's safe state. */
  readonly safe?: (twin: never) => boolean;
  /** How often the twin did what may not be done twice. */
  readonly effects?: (twin: never) => number;
  /** Messages that the twin never sends, with their framing; for drivers over bytes. */
  readonly nonsense?: Uint8Array;
}

/** Over what a driver reaches its twin. */
export type Over = "memory" | "tcp" | "pty";

/**
 * Times as fast as real time: a second of waiting takes 50 ms, a round trip stays far below any deadline. At a
 * pseudo-terminal the bytes go through another process, which may have to wait for a processor.
 */
const FASTER: Readonly<Record<"tcp" | "pty", number>> = { tcp: 20, pty: 5 };

const BYTES: ReadonlySet<TransportName> = new Set(["serial", "tcp", "program"]);

/** Over what a driver can be tried. */
export function oversOf({ driver }: ContractDescription): readonly Over[] {
  switch (driver.declaration.transport) {
    case "serial":
      return ["memory", "tcp", "pty"];
    case "tcp":
      return ["memory", "tcp"];
    default:
      return ["memory"];
  }
}

/**
 * What every instrument keeps, as cases for any test runner.
 *
 * @param over - "memory": on a virtual clock, with silence and nonsense on the line; "tcp" and "pty": through a real
 * socket, or a real serial port at a pseudo-terminal (which `socat` makes), in faster time
 */
export function instrumentContract(description: ContractDescription, over: Over = "memory"): ContractCase[] {
  return over === "memory"
    ? driverContract(() => inMemory(description, new VirtualClock(0, turn)))
    : overSystem(description, over);
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A subject in memory; its line can fall silent or talk nonsense. */
export function inMemory(
  description: ContractDescription,
  clock: Clock,
  between: (stream: ByteStream) => ByteStream = (stream) => stream,
  topics: (client: TopicClient) => TopicClient = (client) => client,
  misbehaviour: Misbehaviour = WELL_BEHAVED,
): ContractSubject & { twin(): SimulatedInstrument | undefined; process(): SimulatedProcess | undefined } {
  const { driver, simulator, settings, examples, nonsense } = description;
  let state: "well" | "silent" | "garbled" = "well";
  let twin: SimulatedInstrument | undefined;
  let process: SimulatedProcess | undefined;
  const bytes = nonsense ?? Uint8Array.of(0x02, 0xf0, 0x99, 0x03, 0x0d, 0x0a);
  const connect = async (): Promise<Instrument> => {
    const opened = openSimulation({
      clock,
      seed: 1,
      process: description.process ?? NO_PROCESS,
      settings: description.processSettings ?? {},
    });
    if (opened.kind === "refused") throw new Error(opened.faults[0]?.message);
    const { simulation } = opened;
    process = simulation.process;
    const connected = await simulation.connect({
      name: "subject",
      driver,
      simulator,
      settings,
      twin: description.twin,
      ...(description.session === undefined ? {} : { session: description.session }),
      signal: new AbortController().signal,
      note: () => undefined,
      misbehaviour,
      between: (stream) =>
        withFaults(
          between(stream),
          dropping(() => state === "silent"),
          garbling(
            () => bytes,
            () => state === "garbled",
          ),
        ),
      instead: <X extends TopicClient | Folder | Person>(transport: X): X => {
        const any: TopicClient | Folder | Person = transport;
        const now = (): string => state;
        return ("subscribe" in any ? topics(spoiltTopics(any, now, clock)) : spoilt(any, now)) as X;
      },
    });
    if (connected.kind === "failed") throw new Error(connected.fault.message);
    twin = connected.twin;
    const { instrument } = connected;
    const close = instrument.close.bind(instrument);
    instrument.close = async () => {
      await close();
      await simulation.close();
    };
    return instrument;
  };
  return {
    driver,
    settings,
    clock,
    examples,
    connect,
    silence: () => {
      state = "silent";
    },
    garble: () => {
      state = "garbled";
    },
    twin: () => twin,
    process: () => process,
  };
}

/** A broker of whom nothing, or nothing sensible, comes. */
function spoiltTopics(client: TopicClient, state: () => string, clock: Clock): TopicClient {
  const random = randomStream(1, 0, "nonsense");
  const silent = withTopicTrouble(client, "silence", { clock, random, active: () => state() === "silent" });
  return withTopicTrouble(silent, "garbage", { clock, random, active: () => state() === "garbled" });
}

/** A folder or person of whom nothing, or nothing sensible, comes. */
function spoilt<X extends Folder | Person>(transport: X, state: () => string): X {
  const bad = Uint8Array.of(0xf0, 0x99);
  if ("list" in transport)
    return {
      ...transport,
      list: async () => (state() === "silent" ? [] : transport.list()),
      read: async (name: string, most: number) => (state() === "garbled" ? bad : transport.read(name, most)),
    };
  return {
    ...transport,
    ask: (async (question, signal) => {
      if (state() === "silent")
        return new Promise((resolve) => {
          const fault = { code: "instrument.aborted", message: "nobody answered" };
          signal.addEventListener("abort", () => resolve({ kind: "not answered", fault }), { once: true });
        });
      if (state() === "garbled") return { kind: "answered", values: { "f0 99": printable(bad) } };
      return transport.ask(question, signal);
    }) satisfies Person["ask"],
  };
}

function overSystem(description: ContractDescription, over: "tcp" | "pty"): ContractCase[] {
  const one = (name: string, run: (bench: SystemBench) => Promise<void>): ContractCase => ({
    name,
    run: async () => {
      const bench = await openBench(description, over);
      try {
        await run(bench);
      } finally {
        await bench.close();
      }
    },
  });
  return [
    one("carries out every action, with the readings it declared", ({ connect }) =>
      carryOutAll({ connect, examples: description.examples }),
    ),
    one("connects again after it was closed, and after its line was cut", async ({ connect, cut }) => {
      await (await connect()).close();
      const lost = await connect();
      await cut();
      const check = await lost.check(forever());
      if (check.kind === "ok") throw new Error("check finds nothing wrong on a cut line");
      await lost.close();
      const again = await connect();
      const well = await again.check(forever());
      if (well.kind === "failed") throw new Error(well.fault.message);
      await again.close();
    }),
    one("is safe twice, and answers afterwards", safeTwice),
  ];
}

interface SystemBench {
  connect(): Promise<Instrument>;
  /** Ends the connection from the instrument's side; another may be made at once. */
  cut(): Promise<void>;
  close(): Promise<void>;
}

async function openBench(description: ContractDescription, over: "tcp" | "pty"): Promise<SystemBench> {
  const { driver, simulator, settings } = description;
  const clock = new ScaledClock(FASTER[over]);
  const definition = description.process ?? NO_PROCESS;
  const simulation = openSimulation({
    clock,
    seed: 1,
    process: definition,
    settings: description.processSettings ?? {},
  });
  if (simulation.kind === "refused") throw new Error(simulation.faults[0]?.message);
  const read = readTwinSettings("the twin", simulator, { driver: settings, given: description.twin });
  if (read.kind === "refused") throw new Error(read.faults[0]?.message);
  if (!BYTES.has(driver.declaration.transport)) throw new RangeError("only bytes go over a line");
  const offered = await OFFERS[over]({
    name: "subject",
    clock,
    seed: 1,
    process: simulation.simulation.process,
    simulator: simulator as Simulator<"serial" | "tcp">,
    settings: read.settings,
  });
  return {
    async connect() {
      // The emulation takes one client at a time, and may not have seen yet that the last one left.
      for (let tries = 0; ; tries++) {
        const connected = await connectInstrument({
          name: "subject",
          driver,
          settings,
          connection: offered.connection,
          clock,
          signal: forever(),
          note: () => undefined,
        });
        if (connected.kind === "connected") return connected.instrument;
        if (tries === 3) throw new Error(connected.fault.message);
        await sleep(clock, 1000);
      }
    },
    cut: offered.cut,
    close: offered.close,
  };
}

type Offer = (
  options: EmulationOptions<SimulatedInstrument>,
) => Promise<Pick<SystemBench, "cut" | "close"> & { readonly connection: Connection }>;

const OFFERS: Readonly<Record<"tcp" | "pty", Offer>> = {
  async tcp(options) {
    const emulation = await emulateOverTcp(options, 0);
    return {
      connection: { kind: "tcp", host: "127.0.0.1", port: emulation.port },
      cut: async () => emulation.cut(),
      close: () => emulation.close(),
    };
  },
  async pty(options) {
    const folder = await mkdtemp(join(tmpdir(), "labloop-pty-"));
    const path = join(folder, "port");
    const offer = async () => {
      const opened = await emulateOverPty(options, path);
      if (opened.kind === "failed") throw new Error(opened.fault.message);
      return opened;
    };
    let emulation = await offer();
    return {
      connection: { kind: "serial", path },
      // Like an adapter that is pulled and plugged in again.
      cut: async () => {
        await emulation.close();
        emulation = await offer();
      },
      close: async () => {
        await emulation.close();
        await rm(folder, { recursive: true });
      },
    };
  },
};

function forever(): AbortSignal {
  return new AbortController().signal;
}
