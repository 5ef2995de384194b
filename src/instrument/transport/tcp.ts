import { connect, type Socket } from "node:net";
import type { Clock } from "../../base/clock.ts";
import { EventStream, lineLost } from "./event-stream.ts";
import type { StreamOpened } from "./serial.ts";

/** Which socket. */
export interface TcpOptions {
  readonly host: string;
  readonly port: number;
  readonly clock: Clock;
  /** Milliseconds until the attempt is given up; 5000 when absent. */
  readonly timeout?: number;
}

/** Idle time after which the system asks whether the other end is still there, in ms. */
const KEEP_ALIVE = 10_000;

/** Opens a connection to an instrument or to a server that has its serial port. */
export async function openTcp({ host, port, clock, timeout = 5000 }: TcpOptions): Promise<StreamOpened> {
  const name = `${host}:${port}`;
  const socket = connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE });
  const error = await clock.external(opened(socket, timeout));
  if (error !== undefined) {
    socket.destroy();
    return {
      kind: "failed",
      fault: {
        code: "instrument.port-not-opened",
        message: `can't connect to ${name}: ${error}`,
        advice:
          "check address and port, and that no other program is connected: many instruments take one only",
      },
    };
  }
  const stream = new EventStream({
    name,
    clock,
    write: (bytes) => socket.write(bytes),
    close: () =>
      new Promise((resolve) => {
        if (socket.destroyed) return resolve();
        socket.once("close", () => resolve());
        socket.destroy();
      }),
  });
  const lose = (why: string): void =>
    stream.lose(lineLost(name, "check the cable, the network and the instrument's power", why));
  socket.on("data", (bytes: Uint8Array) => stream.arrived(bytes));
  socket.on("error", (failure) => lose(failure.message));
  socket.on("close", () => lose("the other end closed it"));
  return { kind: "open", stream };
}

/** Waits until a socket is open; why it isn't. */
function opened(socket: Socket, timeout: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    // Kept until the end: an error without a listener would end the process.
    socket.on("error", (error) => resolve(error.message));
    socket.once("connect", () => {
      socket.setTimeout(0);
      resolve(undefined);
    });
    socket.setTimeout(timeout, () => resolve(`no answer within ${timeout} ms`));
  });
}
