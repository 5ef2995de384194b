import { constants } from "node:fs";
import { lstat, open } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import type { Clock } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import { randomStream } from "../../base/random.ts";
import type { SimulatedProcess } from "../contract/process.ts";
import type { Settings } from "../contract/settings.ts";
import { type SimulatedInstrument, type Simulator, WELL_BEHAVED } from "../contract/simulator.ts";
import type { ByteStream } from "../transport/byte-stream.ts";
import { memoryLine } from "../transport/memory-line.ts";
import { openProgram } from "../transport/program.ts";
import type { StreamOpened } from "../transport/serial.ts";

/** A simulated instrument that other software is to talk to. */
export interface EmulationOptions<I extends SimulatedInstrument> {
  readonly name: string;
  readonly clock: Clock;
  readonly seed: number;
  readonly process: SimulatedProcess;
  readonly simulator: Simulator<"serial" | "tcp" | "program", I>;
  /** Complete and checked against the simulator's settings. */
  readonly settings: Settings;
}

/** A simulated instrument whose line ends outside. */
export interface Emulation<I extends SimulatedInstrument = SimulatedInstrument> {
  readonly twin: I;
  close(): Promise<void>;
}

/** The line is as fast as whoever talks to it. */
const LINE = { baudRate: 10_000_000, dataBits: 8, parity: "none", stopBits: 1 } as const;

async function attached<I extends SimulatedInstrument>({
  name,
  clock,
  seed,
  process,
  simulator,
  settings,
}: EmulationOptions<I>): Promise<{ twin: I; host: ByteStream }> {
  const { host, device } = memoryLine({ name, clock, line: LINE });
  const random = (purpose: string) => randomStream(seed, 0, `${name} ${purpose}`);
  const twin = await simulator.attach({
    name,
    clock,
    random,
    settings,
    process,
    misbehaviour: WELL_BEHAVED,
    transport: device,
  });
  return { twin, host };
}

/**
 * Offers a simulated instrument on a TCP port of this computer, to one client at a time, as instruments do.
 *
 * @param port - 0 for any free one
 */
export async function emulateOverTcp<I extends SimulatedInstrument>(
  options: EmulationOptions<I>,
  port: number,
): Promise<Emulation<I> & { readonly port: number; cut(): void }> {
  const { twin, host } = await attached(options);
  let client: Socket | undefined;
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    if (client !== undefined) return void socket.destroy();
    client = socket;
    socket.on("data", (bytes: Uint8Array) => host.write(bytes));
    const leave = (): void => {
      if (client === socket) client = undefined;
    };
    // Whoever hangs up may connect again at once, before the socket is closed here too.
    socket.on("end", leave);
    socket.on("close", leave);
  });
  host.onData((bytes) => client?.write(bytes));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  return {
    twin,
    port: typeof address === "object" && address !== null ? address.port : port,
    cut: () => client?.destroy(),
    async close() {
      twin.close();
      client?.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** What socat says, with two `-d`, once the terminal and the link to it are there. */
const READY = /starting data transfer loop/;

/**
 * Offers a simulated instrument on a pseudo-terminal, for software that opens a serial port, closes it and opens it
 * again; `socat` makes it.
 *
 * @param path - of the link to the terminal
 */
export async function emulateOverPty<I extends SimulatedInstrument>(
  options: EmulationOptions<I>,
  path: string,
): Promise<(Emulation<I> & { readonly kind: "open" }) | Extract<StreamOpened, { kind: "failed" }>> {
  // socat would remove whatever is there.
  const there = await lstat(path).catch(() => undefined);
  if (there !== undefined && !there.isSymbolicLink())
    return { kind: "failed", fault: noTerminal(path, "something else is there") };
  let said = "";
  let ready = (): void => undefined;
  const linked = new Promise<void>((resolve) => {
    ready = resolve;
  });
  const opened = await openProgram({
    command: ["socat", "-t", "0", "-d", "-d", `PTY,link=${path},rawer`, "STDIO"],
    clock: options.clock,
    note: (text) => {
      said += `${text}\n`;
      if (READY.test(said)) ready();
    },
  });
  if (opened.kind === "failed") return opened;
  const lost = new Promise<Fault>((resolve) => opened.stream.onLost(resolve));
  const fault = await Promise.race([linked, lost]);
  if (fault !== undefined) return { kind: "failed", fault: ptyFault(path, said, fault) };
  // The terminal stays as long as somebody has it open, whichever software comes and goes.
  const kept = await open(path, constants.O_RDWR | constants.O_NOCTTY);
  const { twin, host } = await attached(options);
  host.onData((bytes) => opened.stream.write(bytes));
  opened.stream.onData((bytes) => host.write(bytes));
  return {
    kind: "open",
    twin,
    async close() {
      twin.close();
      await kept.close();
      await opened.stream.close();
    },
  };
}

/** Why there is no terminal, in socat's own words where it said something. */
function ptyFault(path: string, said: string, lost: Fault): Fault {
  const error = said.split("\n").find((line) => / [EF] /.test(line));
  return noTerminal(path, error?.replace(/^.* [EF] /, "") ?? lost.message);
}

function noTerminal(path: string, why: string): Fault {
  return {
    code: "instrument.port-not-opened",
    message: `there can be no terminal at ${path}: ${why}`,
    advice: "choose a path that may be written and at which nothing is",
  };
}
