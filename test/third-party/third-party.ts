import type { ChildProcess } from "node:child_process";
import {
  type AnyDriver,
  type Connection,
  connectInstrument,
  Deliveries,
  emulateOverTcp,
  type Instrument,
  NO_PROCESS,
  openSimulation,
  readSettings,
  type TopicClient,
  type TopicNetwork,
  WELL_BEHAVED,
} from "labloop/instrument";
import { afterEach, describe, expect, it } from "vitest";
import { driver as eurotherm } from "../../drivers/eurotherm/3216/index.ts";
import { driver as julabo } from "../../drivers/julabo/circulator/index.ts";
import { driver as linkam } from "../../drivers/linkam/t95/index.ts";
import { driver as node } from "../../drivers/sparks-baird/clslab-light/index.ts";
import { simulator as controller } from "../../simulators/instruments/eurotherm/3216/index.ts";
import { simulator as light } from "../../simulators/instruments/sparks-baird/clslab-light/index.ts";
import { process as colours } from "../../simulators/processes/colour-mixing/index.ts";
import { connectBroker } from "../../src/instrument/transport/mqtt-broker.ts";
import { SystemClock } from "../../src/lab/system-clock.ts";
import { freePort } from "../support/free-port.ts";
import { hasPackage, hasProgram, runPython, startProgram, startPython } from "./tools.ts";

const never = new AbortController().signal;
const clock = new SystemClock();
const children: ChildProcess[] = [];
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
  for (const child of children.splice(0)) child.kill();
});

function mosquittoAt(url: string): TopicNetwork {
  let connections = 0;
  return {
    connect: async (options = {}) => {
      connections += 1;
      const clientId = `twin ${connections}`;
      const opened = await connectBroker({ url, clientId, clock, protocolVersion: 5, ...options });
      if (opened.kind === "failed") throw new Error(opened.fault.message);
      return opened.topics;
    },
  };
}

async function connected(driver: AnyDriver, connection: Connection, settings = {}): Promise<Instrument> {
  const found = await connectInstrument({
    name: "it",
    driver,
    settings,
    connection,
    clock,
    signal: never,
    note: () => undefined,
  });
  if (found.kind === "failed") throw new Error(found.fault.message);
  closing.push(() => found.instrument.close());
  return found.instrument;
}

function tcp(port: number): Connection {
  return { kind: "tcp", host: "127.0.0.1", port };
}

describe.skipIf(!hasPackage("pymodbus"))("pymodbus", () => {
  it("serves our driver over Modbus TCP", async () => {
    const port = await freePort();
    children.push(await startPython(port, "test/third-party/pymodbus_server.py", String(port)));
    const oven = await connected(eurotherm, tcp(port), { decimals: 1, framing: "tcp" });
    expect(await oven.read?.("temperature", never)).toEqual({ kind: "value", value: 21.5 });
    const set = { action: "set-setpoint", arguments: { setpoint: 33.5 }, key: "k" };
    expect(await oven.perform(set, never)).toEqual({ kind: "done", readings: { setpoint: 33.5 } });
  });

  it.each(["tcp", "rtu"])("reads and writes our twin over %s framing", async (framing) => {
    const read = readSettings("twin", controller.settings, { framing, ambient: 18.4 });
    const opened = openSimulation({ clock, seed: 1, process: NO_PROCESS, settings: {} });
    if (read.kind === "refused" || opened.kind === "refused")
      throw new Error("the twin's settings are wrong");
    const { process } = opened.simulation;
    const emulation = await emulateOverTcp(
      { name: "twin", clock, seed: 1, process, simulator: controller, settings: read.settings },
      0,
    );
    closing.push(() => emulation.close());
    const said = await new Promise<string>((resolve) => {
      // In another turn, since the twin answers from this process.
      void import("node:child_process").then(({ execFile }) =>
        execFile(
          pythonItself(),
          ["test/third-party/pymodbus_client.py", String(emulation.port), framing],
          (_error, out) => resolve(out.trim()),
        ),
      );
    });
    expect(said).toMatch(/^18[3-9] 415 True$/);
  });
});

function pythonItself(): string {
  return runPython("-c", "import sys; print(sys.executable)").trim();
}

describe.skipIf(!hasPackage("lewis"))("lewis", () => {
  const emulator = async (device: string, protocol: string): Promise<number> => {
    const port = await freePort();
    const setup = `${protocol}: {bind_address: 127.0.0.1, port: ${port}}`;
    const run = "import sys; from lewis.scripts.run import run_simulation; run_simulation(sys.argv[1:])";
    children.push(await startPython(port, "-c", run, device, "-p", setup));
    return port;
  };

  it("is a Julabo circulator that our driver reads and stops; its status is none of Julabo's, so that nothing is set", async () => {
    const port = await emulator("julabo", "julabo-version-1");
    const bath = await connected(julabo, tcp(port), { letters: "capital" });
    expect(await bath.read?.("temperature", never)).toMatchObject({ kind: "value" });
    expect(await bath.read?.("setpoint", never)).toMatchObject({ kind: "value" });
    const start = { action: "start", arguments: {}, key: "s" };
    expect(await bath.perform(start, never)).toMatchObject({ kind: "done" });
    expect(await bath.makeSafe(never)).toMatchObject({ kind: "safe" });
    const set = { action: "set-setpoint", arguments: { setpoint: 31 }, key: "k" };
    expect(await bath.perform(set, never)).toMatchObject({
      kind: "failed",
      fault: { code: "instrument.unreadable-answer" },
    });
  });

  it("is a Linkam T95 that our driver reads", async () => {
    const port = await emulator("linkam_t95", "stream");
    const stage = await connected(linkam, tcp(port));
    expect(await stage.read?.("temperature", never)).toEqual({ kind: "value", value: 24 });
    expect(await stage.makeSafe(never)).toMatchObject({ kind: "safe" });
  });
});

describe.skipIf(!hasProgram("mosquitto"))("mosquitto", () => {
  it("joins our driver and our twin of the colour sensor", async () => {
    const port = await freePort();
    children.push(await startProgram(port, "mosquitto", "-p", String(port)));
    const url = `mqtt://127.0.0.1:${port}`;
    const opened = openSimulation({ clock, seed: 1, process: colours, settings: {} });
    const settings = { node: "n1", status: "sdl-demo/picow/n1/status" };
    const read = readSettings("twin", light.settings, settings);
    if (opened.kind === "refused" || read.kind === "refused") throw new Error("no twin");
    const { process } = opened.simulation;
    const random = () => ({ uniform: () => 0.5, normal: () => 0, integer: () => 0 });
    const twin = await light.attach({
      name: "twin",
      clock,
      random,
      settings: read.settings,
      process,
      transport: mosquittoAt(url),
      misbehaviour: WELL_BEHAVED,
    });
    closing.push(async () => twin.close());
    const sensor = await connected(node, { kind: "mqtt", url, protocolVersion: 5 }, settings);
    const outcome = await sensor.perform({ action: "read", arguments: { blue: 30 }, key: "k" }, never);
    expect(outcome).toMatchObject({ kind: "done", readings: { ch470: expect.any(Number) } });
    const running = sensor.perform({ action: "read", arguments: { integration: 0.7 }, key: "l" }, never);
    await twin.unplug();
    expect(await running).toMatchObject({ kind: "failed", fault: { code: "instrument.offline" } });
  });

  it("keeps a session, and gives every message of it once", async () => {
    const port = await freePort();
    children.push(await startProgram(port, "mosquitto", "-p", String(port)));
    const deliveries = new Deliveries();
    const open = async (clientId: string): Promise<TopicClient> => {
      const url = `mqtt://127.0.0.1:${port}`;
      const session = { protocolVersion: 5, sessionExpiry: 60, deliveries } as const;
      const opened = await connectBroker({ url, clientId, clock, ...session });
      if (opened.kind === "failed") throw new Error(opened.fault.message);
      closing.push(() => opened.topics.close());
      return opened.topics;
    };
    const [sender, first] = [await open("sender"), await open("c")];
    await first.subscribe("t", () => undefined);
    await first.close();
    await sender.publish("t", "meanwhile");
    const second = await open("c");
    const got: string[] = [];
    await new Promise<void>((resolve) => {
      void second
        .subscribe("t", ({ payload }) => {
          got.push(new TextDecoder().decode(payload));
          if (got.at(-1) === "afterwards") resolve();
        })
        .then(() => sender.publish("t", "afterwards"));
    });
    expect(got).toEqual(["meanwhile", "afterwards"]);
  });
});
