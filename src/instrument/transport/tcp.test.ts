import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Fault } from "../../base/fault.ts";
import { VirtualClock } from "../../base/virtual-clock.ts";
import { toBytes } from "../codec/latin1.ts";
import type { ByteStream } from "./byte-stream.ts";
import { openTcp } from "./tcp.ts";

const clock = new VirtualClock(0, () => new Promise((resolve) => setImmediate(resolve)));

/** A server on a free port that does something with whoever connects. */
async function serverThat(does: (socket: Socket) => void): Promise<{ server: Server; port: number }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    does(socket);
  }).listen(0, "127.0.0.1");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await once(server, "listening");
  return { server, port: (server.address() as { port: number }).port };
}

async function openAt(port: number): Promise<ByteStream> {
  const opened = await openTcp({ host: "127.0.0.1", port, clock });
  if (opened.kind === "failed") throw new Error(opened.fault.message);
  return opened.stream;
}

const lost = (stream: ByteStream): Promise<Fault> => new Promise((resolve) => stream.onLost(resolve));

describe("a line over TCP", () => {
  it("carries bytes both ways", async () => {
    const { port } = await serverThat((socket) => socket.on("data", (bytes) => socket.write(bytes)));
    const stream = await openAt(port);
    expect(stream.name).toBe(`127.0.0.1:${port}`);
    const got = new Promise<Uint8Array>((resolve) => stream.onData(resolve));
    stream.write(toBytes("\u0000\u00ffA\n"));
    expect([...(await got)]).toEqual([0, 255, 65, 10]);
    await stream.close();
  });

  it("is a fault with advice where nobody listens", async () => {
    const { server, port } = await serverThat(() => undefined);
    server.close();
    await once(server, "close");
    expect(await openTcp({ host: "127.0.0.1", port, clock })).toEqual({
      kind: "failed",
      fault: {
        code: "instrument.port-not-opened",
        message: expect.stringContaining(`can't connect to 127.0.0.1:${port}: connect ECONNREFUSED`),
        advice: expect.stringContaining("check address and port"),
      },
    });
  });

  it("is lost when the other end closes it, also for who asks later", async () => {
    const { port } = await serverThat((socket) => socket.on("data", () => socket.end()));
    const stream = await openAt(port);
    const fault = lost(stream);
    stream.write(toBytes("go\n"));
    expect(await fault).toEqual({
      code: "instrument.line-lost",
      message: `the line 127.0.0.1:${port} is gone: the other end closed it`,
      advice: "check the cable, the network and the instrument's power",
    });
    expect(await lost(stream)).toEqual(await fault);
    await stream.close();
  });

  it("is lost once when the other end breaks off", async () => {
    const { port } = await serverThat((socket) => socket.on("data", () => socket.resetAndDestroy()));
    const stream = await openAt(port);
    const faults: Fault[] = [];
    stream.onLost((fault) => faults.push(fault));
    const fault = lost(stream);
    stream.write(toBytes("go\n"));
    expect((await fault).message).toContain("ECONNRESET");
    await stream.close();
    expect(faults).toHaveLength(1);
  });

  it("isn't lost by being closed, and may be closed twice", async () => {
    const { port } = await serverThat(() => undefined);
    const stream = await openAt(port);
    const faults: Fault[] = [];
    stream.onLost((fault) => faults.push(fault));
    await stream.close();
    await stream.close();
    stream.write(toBytes("too late"));
    expect(faults).toEqual([]);
  });
});
