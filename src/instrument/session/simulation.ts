import type { Clock } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import { randomStream } from "../../base/random.ts";
import type { LineSettings } from "../contract/declaration.ts";
import type { AnyDriver, Connected, Driver, TransportName, Transports } from "../contract/driver.ts";
import type { Instrument } from "../contract/instrument.ts";
import type { ProcessDefinition, SimulatedProcess } from "../contract/process.ts";
import { type GivenSettings, readSettings, type Settings } from "../contract/settings.ts";
import {
  type AnySimulator,
  type AttachContext,
  type Misbehaviour,
  readTwinSettings,
  type SimulatedInstrument,
  type Simulator,
  type TwinTransports,
  WELL_BEHAVED,
} from "../contract/simulator.ts";
import { passing } from "../testing/faulty-line.ts";
import type { ByteStream } from "../transport/byte-stream.ts";
import { EventStream } from "../transport/event-stream.ts";
import type { Folder } from "../transport/folder.ts";
import { type MemoryBroker, openMemoryBroker } from "../transport/memory-broker.ts";
import { memoryFolder } from "../transport/memory-folder.ts";
import { memoryLine } from "../transport/memory-line.ts";
import { memoryPerson } from "../transport/memory-person.ts";
import type { SessionOptions } from "../transport/mqtt-client.ts";
import type { Person } from "../transport/person.ts";
import type { TopicClient, TopicNetwork } from "../transport/topic-client.ts";

/** What a simulated lab is made from. */
export interface SimulationOptions<P extends SimulatedProcess> {
  readonly clock: Clock;
  /** Of every random number in the simulation. */
  readonly seed: number;
  readonly process: ProcessDefinition<P>;
  readonly settings: GivenSettings;
}

/** A simulated instrument that is to be connected. */
export interface TwinRequest<D extends AnyDriver = AnyDriver, S extends AnySimulator = AnySimulator> {
  /** The instrument's name in the lab file. */
  readonly name: string;
  readonly driver: D;
  readonly simulator: S;
  /** The driver's settings. */
  readonly settings: GivenSettings;
  /** The simulator's own settings; what both have, it takes from the driver's unless it is given here. */
  readonly twin: GivenSettings;
  readonly signal: AbortSignal;
  /** How the driver of an MQTT instrument connects to its broker. */
  readonly session?: SessionOptions;
  note(text: string): void;
  /** Stands between a driver over bytes and its line, such as a fault on it. */
  readonly between?: (stream: ByteStream) => ByteStream;
  /** How the twin misbehaves; not at all when absent. */
  readonly misbehaviour?: Misbehaviour;
  /** Stands between a driver over anything else and what it is connected by. */
  readonly instead?: <X extends TopicClient | Folder | Person>(transport: X) => X;
}

/** An instrument and the twin behind it, or why there is none. */
export type TwinConnected<I extends SimulatedInstrument = SimulatedInstrument> =
  | {
      readonly kind: "connected";
      readonly instrument: Instrument;
      readonly twin: I;
      /** Connects the driver to the same twin again, once its line was lost. */
      readonly again: () => Promise<Connected>;
    }
  | { readonly kind: "failed"; readonly fault: Fault };

/** A simulated lab: one process, and instruments that meet in it. */
export interface Simulation<P extends SimulatedProcess = SimulatedProcess> {
  readonly process: P;
  /** Connects a driver to its simulated instrument, over the same bytes as to the real one. */
  connect(request: TwinRequest): Promise<TwinConnected>;
  /** Lets programs outside take part over MQTT, on 127.0.0.1; gives the port. */
  listen(port: number): Promise<number>;
  close(): Promise<void>;
}

/** A simulated lab, or what is wrong with its settings. */
export type SimulationOpened<P extends SimulatedProcess> =
  | { readonly kind: "open"; readonly simulation: Simulation<P> }
  | { readonly kind: "refused"; readonly faults: readonly Fault[] };

/** Makes a process to which simulated instruments can be connected. */
export function openSimulation<P extends SimulatedProcess>(
  options: SimulationOptions<P>,
): SimulationOpened<P> {
  const { clock, seed, process } = options;
  const read = readSettings(`process "${process.id}"`, process.settings, options.settings);
  if (read.kind === "refused") return read;
  const random: AttachContext["random"] = (purpose) => randomStream(seed, 0, `${process.id} ${purpose}`);
  const made = process.create({ clock, random, settings: read.settings });
  return { kind: "open", simulation: new RunningSimulation(clock, seed, made) };
}

class RunningSimulation<P extends SimulatedProcess> implements Simulation<P> {
  readonly process: P;
  readonly #clock: Clock;
  readonly #seed: number;
  readonly #twins: SimulatedInstrument[] = [];
  #broker: Promise<MemoryBroker> | undefined;

  constructor(clock: Clock, seed: number, process: P) {
    this.process = process;
    this.#clock = clock;
    this.#seed = seed;
  }

  async connect(request: TwinRequest): Promise<TwinConnected> {
    const { name, driver, simulator } = request;
    const settings = readSettings(name, driver.declaration.settings, request.settings);
    if (settings.kind === "refused") return failed(settings.faults);
    const twin = readTwinSettings(`the simulated ${name}`, simulator, {
      driver: settings.settings,
      given: request.twin,
    });
    if (twin.kind === "refused") return failed(twin.faults);
    const { transport } = driver.declaration;
    if (transport !== simulator.transport) return failed([otherTransport(request)]);
    const ends = await this.#ends(request, transport);
    const attached = await (simulator as Simulator).attach({
      ...this.#attach(request, twin.settings),
      transport: ends.device,
    });
    this.#twins.push(attached);
    const again = (): Promise<Connected> =>
      (driver as Driver).connect({
        ...this.#connecting(request, settings.settings),
        transport: ends.host(),
      });
    const connected = await again();
    return connected.kind === "failed" ? connected : { ...connected, twin: attached, again };
  }

  async listen(port: number): Promise<number> {
    return (await this.#startedBroker()).listen(port);
  }

  async close(): Promise<void> {
    for (const twin of this.#twins) twin.close();
    await (await this.#broker)?.close();
  }

  /** Both ends of what stands for the cable. */
  async #ends(request: TwinRequest, transport: TransportName): Promise<Ends> {
    const { name, between, instead, driver } = request;
    switch (transport) {
      case "serial":
      case "tcp":
      case "program": {
        const line = transport === "serial" ? lineOf(driver) : FAST;
        const { host, device } = memoryLine({ name: `${name} in memory`, clock: this.#clock, line });
        return {
          host: () => {
            const plug = plugged(host, this.#clock);
            return between?.(plug) ?? plug;
          },
          device: doneTwice(device, request.misbehaviour ?? WELL_BEHAVED),
        };
      }
      case "mqtt": {
        const broker = await this.#startedBroker();
        const session = request.session ?? {};
        const device: TopicNetwork = {
          connect: (own) =>
            broker.connect(`${name} instrument`, { protocolVersion: session.protocolVersion ?? 4, ...own }),
        };
        const host = await broker.connect(`${name} driver`, session);
        return { host: () => instead?.(host) ?? host, device };
      }
      case "folder": {
        const folder = memoryFolder(`${name} in memory`, this.#clock);
        return { host: () => instead?.<Folder>(folder) ?? folder, device: folder };
      }
      case "person": {
        const person = memoryPerson();
        return { host: () => instead?.<Person>(person) ?? person, device: person };
      }
    }
  }

  #startedBroker(): Promise<MemoryBroker> {
    this.#broker ??= openMemoryBroker(this.#clock);
    return this.#broker;
  }

  #attach(request: TwinRequest, settings: Settings): Omit<AttachContext, "transport"> {
    const random: AttachContext["random"] = (purpose) =>
      randomStream(this.#seed, 0, `${request.name} ${purpose}`);
    const { name, misbehaviour = WELL_BEHAVED } = request;
    return { name, clock: this.#clock, random, settings, process: this.process, misbehaviour };
  }

  #connecting(request: TwinRequest, settings: Settings) {
    const { name, signal } = request;
    return { name, settings, clock: this.#clock, signal, note: (text: string) => request.note(text) };
  }
}

interface Ends {
  /** The driver's end, for each time that it connects. */
  readonly host: () => Transports[TransportName];
  readonly device: TwinTransports[TransportName];
}

/** An end of a line that may be unplugged, by closing, and plugged in again. */
function plugged(end: ByteStream, clock: Clock): ByteStream {
  const plug = new EventStream({
    name: end.name,
    clock,
    write: (bytes) => end.write(bytes),
    close: async () => unplug(),
  });
  const unplug = end.onData((bytes) => plug.arrived(bytes));
  return plug;
}

/** The end of an instrument that does what it is told twice: what it says at once the second time isn't sent. */
function doneTwice(end: ByteStream, { twice }: Misbehaviour): ByteStream {
  let second = false;
  return {
    ...passing(end),
    write: (bytes) => {
      if (!second) end.write(bytes);
    },
    onData: (listener) =>
      end.onData((bytes) => {
        listener(bytes);
        if (!twice()) return;
        second = true;
        listener(bytes);
        second = false;
      }),
  };
}

/** A network or a pipe: fast beside any serial line. */
const FAST: LineSettings = { baudRate: 10_000_000, dataBits: 8, parity: "none", stopBits: 1 };

function lineOf({ declaration }: AnyDriver): LineSettings {
  if (declaration.line === undefined) throw new RangeError(`the driver ${declaration.id} declares no line`);
  return declaration.line;
}

function failed(faults: readonly Fault[]): TwinConnected {
  const [first, ...others] = faults as [Fault, ...Fault[]];
  if (others.length === 0) return { kind: "failed", fault: first };
  const message = faults.map((fault) => fault.message).join("; ");
  return { kind: "failed", fault: { ...first, message } };
}

function otherTransport({ name, driver, simulator }: TwinRequest): Fault {
  return {
    code: "instrument.other-transport",
    message: `${name} has a driver over ${driver.declaration.transport} and a simulator over ${simulator.transport}`,
    advice: `use the simulator "${driver.declaration.id}"`,
  };
}
