import type { Cancel, Clock } from "../base/clock.ts";
import type { Fault } from "../base/fault.ts";
import {
  type ByteStream,
  type Connected,
  type Connection,
  connectInstrument,
  Deliveries,
  type Folder,
  type Instrument,
  openSimulation,
  type Person,
  reconnecting,
  type TopicClient,
} from "../instrument/index.ts";
import { recorded } from "../instrument/testing/recorded.ts";
import { type BrokerPassword, brokerPassword } from "./broker-password.ts";
import { brokerSession } from "./broker-session.ts";
import { type LabDescription, type LabInstrument, loadSimulators } from "./lab-description.ts";
import { BLANK_PROCESS } from "./rehearse/blank-process.ts";
import type { LearnedDurations } from "./rehearse/learned-durations.ts";
import { standIn } from "./rehearse/stand-in.ts";
import {
  type FaultyInstrument,
  faultsOf,
  misbehaviourOf,
  scheduleTwin,
  withLineFaults,
  withTopicFaults,
} from "./scheduled-faults.ts";

/** Connected instruments by role, or the first reason why there are none. */
export type OpenedLab =
  | {
      readonly kind: "open";
      readonly instruments: Readonly<Record<string, Instrument>>;
      /** The same by their names in the lab file. */
      readonly named: Readonly<Record<string, Instrument>>;
      close(): Promise<void>;
    }
  | { readonly kind: "failed"; readonly fault: Fault };

/** What a lab is opened with. */
export interface OpenLabOptions {
  readonly lab: LabDescription;
  /** Instrument of the lab for each role. */
  readonly roles: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly seed: number;
  /** When the campaign began, milliseconds since 1970; it begins at this moment when absent. */
  readonly begin?: number;
  readonly signal: AbortSignal;
  /**
   * For a rehearsal whose outcomes are drawn: instruments that can't be simulated have stand-ins, whose actions take what is
   * learned of them.
   */
  readonly drawn?: { readonly durations: LearnedDurations };
  /** Who answers for instruments that are people; nobody when absent. */
  readonly person?: Person;
  /** Is told every chunk that goes over a line. */
  readonly trace?: (instrument: string, from: ">" | "<", bytes: string) => void;
  note(text: string): void;
}

/** Opens the simulated lab: every instrument's twin, at the other end of its line. */
export async function openSimulatedLab(options: OpenLabOptions): Promise<OpenedLab> {
  const { lab, clock, seed, signal, drawn, begin = options.clock.now() } = options;
  const names = [...new Set(Object.values(options.roles))];
  const loaded = await loadSimulators(lab, names, drawn && BLANK_PROCESS);
  if (loaded.kind === "failed") return loaded;
  const opened = openSimulation({
    clock,
    seed,
    process: loaded.process,
    settings: lab.process?.settings ?? {},
  });
  if (opened.kind === "refused") return { kind: "failed", fault: opened.faults[0] as Fault };
  const { simulation } = opened;
  const byName: Record<string, Instrument> = {};
  const due: Cancel[] = [];
  for (const name of names) {
    const instrument = lab.instruments[name];
    const simulator = loaded.simulators[name];
    if (instrument === undefined) continue;
    if (simulator === undefined) {
      const { declaration } = instrument;
      byName[name] = standIn({ name, declaration, clock, seed, ...drawn });
      continue;
    }
    const session = brokerSession(instrument.connect);
    const faulty = faultsOf({ name, faults: lab.faults, clock, begin, seed });
    const connected = await simulation.connect({
      name,
      driver: instrument.driver,
      simulator,
      settings: instrument.settings,
      twin: drawn && lab.process === undefined ? anyPort(instrument.simulated) : instrument.simulated,
      ...(session === undefined ? {} : { session }),
      signal,
      note: (text) => options.note(text),
      misbehaviour: misbehaviourOf(faulty),
      between: (stream) =>
        traced(options, name, withLineFaults(faulty, stream, simulator.transport !== "serial")),
      instead: (transport) => troubled(faulty, transport),
    });
    if (connected.kind === "failed") {
      for (const cancel of due) cancel();
      await simulation.close();
      return connected;
    }
    due.push(scheduleTwin(faulty, connected.twin));
    // Only a fault takes the line of a twin away.
    byName[name] =
      faulty.faults.length === 0
        ? connected.instrument
        : reconnecting({
            name,
            clock,
            first: connected.instrument,
            connect: connected.again,
            note: (text) => options.note(text),
          });
  }
  return {
    kind: "open",
    instruments: byRole(options.roles, byName),
    named: byName,
    close: async () => {
      for (const cancel of due) cancel();
      await Promise.all(Object.values(byName).map((instrument) => instrument.close()));
      await simulation.close();
    },
  };
}

/** A twin at whichever port there is of its kind. */
function anyPort(settings: LabInstrument["simulated"]): LabInstrument["simulated"] {
  return { ...settings, port: "" };
}

/** Opens the real lab: every instrument is connected, identified and tested before anything moves. */
export async function openRealLab(options: OpenLabOptions): Promise<OpenedLab> {
  const byName: Record<string, Instrument> = {};
  const close = async (): Promise<void> => {
    await Promise.all(Object.values(byName).map((instrument) => instrument.close()));
  };
  for (const name of new Set(Object.values(options.roles))) {
    const described = options.lab.instruments[name];
    if (described === undefined) continue;
    const connected = await connectReal(described, options);
    if (connected.kind === "failed") {
      await close();
      return connected;
    }
    byName[name] = connected.instrument;
    const check = await connected.instrument.check(options.signal);
    if (check.kind === "failed") {
      await close();
      return check;
    }
  }
  return { kind: "open", instruments: byRole(options.roles, byName), named: byName, close };
}

function troubled<X extends TopicClient | Folder | Person>(faulty: FaultyInstrument, transport: X): X {
  return "subscribe" in transport ? (withTopicFaults(faulty, transport) as X) : transport;
}

function traced({ trace }: ConnectRealOptions, name: string, stream: ByteStream): ByteStream {
  return trace === undefined ? stream : recorded(stream, (from, bytes) => trace(name, from, bytes));
}

/** What a real instrument is connected with. */
export type ConnectRealOptions = Pick<
  OpenLabOptions,
  "lab" | "clock" | "signal" | "person" | "trace" | "note"
> & {
  /** Opens serial ports although another process has locked them. */
  readonly beside?: boolean;
};

/** Connects one instrument of the real lab; it is connected again when its line is lost. */
export async function connectReal(
  described: LabInstrument,
  options: ConnectRealOptions,
): Promise<{ kind: "connected"; instrument: Instrument } | { kind: "failed"; fault: Fault }> {
  const { lab, clock, signal, note, person } = options;
  const { name, driver, settings } = described;
  if (driver.declaration.verified === "emulator only") {
    note(`${name}: the driver ${driver.declaration.id} was tried with a simulated instrument only`);
  }
  if (described.connect === undefined) {
    return {
      kind: "failed",
      fault: {
        code: "lab.not-connected",
        message: `${lab.file} doesn't say where ${name} is plugged in`,
        advice: `add \`connect: …\` to ${name}, or run with --simulate`,
      },
    };
  }
  const secret: BrokerPassword =
    "mqtt" in described.connect
      ? brokerPassword(described.connect, lab.file)
      : { kind: "password", password: undefined };
  if (secret.kind === "failed")
    return { kind: "failed", fault: { ...secret.fault, message: `${name}: ${secret.fault.message}` } };
  const connection = connectionOf(described.connect, person, secret.password, options.beside === true);
  if (connection === undefined)
    return {
      kind: "failed",
      fault: {
        code: "lab.no-person",
        message: `${name} is a person, but nobody sits at a terminal`,
        advice: "run it in a terminal, or simulate the person",
      },
    };
  const connect = (): Promise<Connected> =>
    connectInstrument({
      name,
      driver,
      settings,
      connection,
      ...(described.expect === undefined ? {} : { expected: described.expect }),
      between: (stream) => traced(options, name, stream),
      clock,
      signal,
      note,
    });
  const connected = await connect();
  if (connected.kind === "failed") return connected;
  return {
    kind: "connected",
    instrument: reconnecting({ name, clock, first: connected.instrument, connect, note }),
  };
}

function connectionOf(
  connect: NonNullable<LabInstrument["connect"]>,
  person: Person | undefined,
  password: string | undefined,
  beside: boolean,
): Connection | undefined {
  if ("serial" in connect) return { kind: "serial", path: connect.serial, beside };
  if ("usb" in connect) {
    const { serial, vendor, product } = connect.usb;
    return {
      kind: "usb",
      beside,
      ...(serial === undefined ? {} : { serialNumber: serial }),
      ...(vendor === undefined ? {} : { vendorId: vendor }),
      ...(product === undefined ? {} : { productId: product }),
    };
  }
  if ("tcp" in connect) {
    const [host = "", port] = connect.tcp.split(":");
    return { kind: "tcp", host, port: Number(port) };
  }
  if ("program" in connect) return { kind: "program", command: connect.program as [string, ...string[]] };
  if ("folder" in connect) return { kind: "folder", path: connect.folder };
  if ("person" in connect) return person && { kind: "person", person };
  return {
    kind: "mqtt",
    url: connect.mqtt,
    ...(password === undefined ? {} : { password }),
    ...brokerSession(connect),
    ...(connect.client_id === undefined ? {} : { clientId: connect.client_id }),
    deliveries: new Deliveries(),
  };
}

/** Instruments by role. */
export function byRole(
  roles: Readonly<Record<string, string>>,
  byName: Readonly<Record<string, Instrument>>,
): Record<string, Instrument> {
  return Object.fromEntries(
    Object.entries(roles).flatMap(([role, name]) => {
      const instrument = byName[name];
      return instrument === undefined ? [] : [[role, instrument]];
    }),
  );
}
