import { createServer } from "node:net";
import { fc } from "@fast-check/vitest";
import {
  type Clock,
  type Driver,
  type Fault,
  fixedLength,
  type GivenSettings,
  modbusFrame,
  modbusMessages,
  numberText,
  openMemoryBroker,
  openTcp,
  parseNumber,
  parseStatus,
  printable,
  readSettings,
  type Sample,
  scpiMessages,
  sleep,
  type TopicClient,
  type TopicMessage,
  toBytes,
  VirtualClock,
  WELL_BEHAVED,
} from "labloop/instrument";
import { type LineTrouble, withTrouble } from "labloop/instrument/testing";
import { describe, expect, it } from "vitest";
import type { SimulatedController } from "../../simulators/instruments/alicat/mass-flow/index.ts";
import type { SimulatedTemperatureController } from "../../simulators/instruments/eurotherm/3216/index.ts";
import type { SimulatedMotion } from "../../simulators/instruments/gnea/grbl/index.ts";
import type { SimulatedHotplate } from "../../simulators/instruments/ika/namur/index.ts";
import type { SimulatedCirculator } from "../../simulators/instruments/julabo/circulator/index.ts";
import type { SimulatedSourceMeter } from "../../simulators/instruments/keithley/2400/index.ts";
import type { SimulatedMultimeter } from "../../simulators/instruments/keysight/34461a/index.ts";
import type { SimulatedProgram } from "../../simulators/instruments/labloop/command/index.ts";
import type { SimulatedBalance } from "../../simulators/instruments/mettler-toledo/mt-sics/index.ts";
import type { SimulatedNode } from "../../simulators/instruments/sparks-baird/clslab-light/index.ts";
import {
  type Connected,
  connectInstrument,
  memoryLine,
  openLine,
  openSimulation,
  randomStream,
  reconnecting,
  type Simulator,
  withoutEcho,
} from "../../src/instrument/index.ts";
import { ScaledClock } from "../../src/instrument/testing/scaled-clock.ts";
import { findSerialPort } from "../../src/instrument/transport/serial-ports.ts";
import { SystemClock } from "../../src/lab/system-clock.ts";
import { subject as alicat } from "../contract/subjects/alicat.mass-flow.ts";
import { subject as eurotherm } from "../contract/subjects/eurotherm.3216.ts";
import { subject as grbl } from "../contract/subjects/gnea.grbl.ts";
import { subject as ika } from "../contract/subjects/ika.namur.ts";
import { subject as julabo } from "../contract/subjects/julabo.circulator.ts";
import { subject as keithley } from "../contract/subjects/keithley.2400.ts";
import { subject as keysight } from "../contract/subjects/keysight.34461a.ts";
import { subject as command } from "../contract/subjects/labloop.command.ts";
import { subject as balance } from "../contract/subjects/mettler-toledo.mt-sics.ts";
import { subject as light } from "../contract/subjects/sparks-baird.clslab-light.ts";
import { driverBench } from "./driver-bench.ts";

const passed = (clock: Clock, milliseconds: number): Promise<void> => sleep(clock, milliseconds);
const CHANNELS = ["ch410", "ch440", "ch470", "ch510", "ch550", "ch583", "ch620", "ch670"];
const COUNTS = Object.fromEntries(CHANNELS.map((channel) => [channel, 500]));

interface Spoilt {
  readonly correlationData: Uint8Array | undefined;
  readonly at: number;
}

interface Command {
  readonly key: string;
  readonly message: TopicMessage;
}

/** A line with a trouble that is on until it is switched off; `came` gives what arrived since it was asked last. */
function troubledLine(trouble: LineTrouble, byte?: number) {
  const clock = new VirtualClock(0, turn);
  const { host: plain, device } = memoryLine({ name: "line", clock, line: LINE });
  let on = true;
  const host = withTrouble(plain, trouble, {
    clock,
    random: randomStream(1, 0, trouble),
    active: () => on,
    ...(byte !== undefined && { byte }),
  });
  let text = "";
  let fault: Fault | undefined;
  host.onData((bytes) => {
    text += String.fromCharCode(...bytes);
  });
  host.onLost((lost) => {
    fault = lost;
  });
  const came = (): string => {
    const all = text;
    text = "";
    return all;
  };
  const switchOn = (state: boolean): void => {
    on = state;
  };
  return { host, device, came, lost: () => fault, switchOn, wait: () => sleep(clock, 100) };
}

interface HandNode {
  readonly topics: TopicClient;
  /** Answers a command. */
  answer: (command: Command) => void;
}

/** The driver of the colour sensor over MQTT 5, and a node of boot 1 that answers the first command alone. */
async function nodeByHand(settings: GivenSettings = {}) {
  const clock = new VirtualClock(1_000_000, turn);
  const broker = await openMemoryBroker(clock);
  const topics = await broker.connect("node", { protocolVersion: 5 });
  const node: HandNode = { topics, answer: () => undefined };
  answering(node);
  const commands: Command[] = [];
  await topics.subscribe("sdl-demo/picow/n1/GPIO/28", (message) => {
    const { _experiment_id: id } = JSON.parse(new TextDecoder().decode(message.payload)) as Record<
      string,
      string
    >;
    const command = { key: id?.split("#")[0] as string, message };
    commands.push(command);
    node.answer(command);
  });
  await say(node, "online", "boot 1");
  const read = readSettings("sensor", light.driver.declaration.settings, { ...light.settings, ...settings });
  if (read.kind === "refused") throw new Error(read.faults[0]?.message);
  const connected = await (light.driver as Driver<"mqtt">).connect({
    name: "sensor",
    settings: read.settings,
    clock,
    signal: never,
    transport: await broker.connect("driver", { protocolVersion: 5 }),
    note: () => undefined,
  });
  if (connected.kind === "failed") throw new Error(connected.fault.message);
  node.answer = () => undefined;
  return { sensor: connected.instrument, node, commands, clock };
}

async function say({ topics }: HandNode, status: string, boot: string): Promise<void> {
  await topics.publish("sdl-demo/picow/n1/status", JSON.stringify({ status, boot }), { retain: true });
}

/** Lets the node answer every command, spoilt as is told. */
function answering(node: HandNode, spoilt: () => Partial<Spoilt> = () => ({})): void {
  node.answer = ({ message }) => {
    const given = spoilt();
    const correlationData = "correlationData" in given ? given.correlationData : message.correlationData;
    const answer = {
      _input_message: JSON.parse(new TextDecoder().decode(message.payload)),
      ...COUNTS,
      background: COUNTS,
      utc_timestamp: (given.at ?? 1_000_000) / 1000,
    };
    void node.topics.publish(
      message.responseTopic as string,
      JSON.stringify(answer),
      correlationData && { correlationData },
    );
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = new AbortController().signal;
const LINE = { baudRate: 9600, dataBits: 8, parity: "none", stopBits: 1 } as const;

describe("what drivers have to survive", () => {
  it("1: an answer in pieces, or two in one chunk, is read the same", () => {
    const frame = modbusFrame("rtu", { unit: 1, code: 3, data: Uint8Array.of(2, 0, 0xb8) });
    const text = toBytes('KEITHLEY,"a,#15",#15AB\nDE\r\n#15ABCDE\r\n');
    const makers = [
      { make: () => modbusMessages("rtu", "client"), bytes: Uint8Array.from([...frame, ...frame]) },
      { make: scpiMessages, bytes: text },
      {
        make: () => fixedLength((start) => (start.length < 2 ? undefined : start[1])),
        bytes: Uint8Array.of(9, 3, 1, 8, 2),
      },
    ];
    for (const { make, bytes } of makers) {
      const whole = (make as () => { push(bytes: Uint8Array): unknown[] })().push(bytes);
      expect(whole.length).toBe(2);
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 6 }), (cuts) => {
          const decoder = (make as () => { push(bytes: Uint8Array): unknown[] })();
          const edges = [0, ...cuts.sort((a, b) => a - b), bytes.length];
          const pieces = edges.slice(1).flatMap((edge, i) => decoder.push(bytes.subarray(edges[i], edge)));
          expect(pieces).toEqual(whole);
        }),
        { seed: 1 },
      );
    }
  });

  it("2: after an answer that came too late, a hundred readings are right or fail, and none is another's", async () => {
    const bench = await driverBench<SimulatedCirculator>(julabo);
    bench.twin.setpoint = 77;
    bench.trouble("delay");
    expect(await bench.read("setpoint")).toMatch(/^instrument\./);
    bench.trouble(undefined);
    const wrong: unknown[] = [];
    for (let i = 0; i < 100; i++) {
      const [property, right] = i % 2 === 0 ? (["temperature", 22] as const) : (["setpoint", 77] as const);
      const value = await bench.read(property);
      if (typeof value === "number" && Math.abs(value - right) > 0.1) wrong.push({ property, value });
    }
    expect(wrong).toEqual([]);
    expect(await bench.read("setpoint")).toBe(77);
  });

  it("3: bytes from before a request don't answer it", async () => {
    const clock = new VirtualClock(0, turn);
    const { host, device } = memoryLine({ name: "line", clock, line: LINE });
    const line = openLine({ instrument: "it", stream: host, decoder: scpiMessages(), clock });
    device.write(toBytes("stale\n12"));
    await new Promise<void>((resolve) => clock.at(1000, resolve));
    device.onData(() => device.write(toBytes("34\nfresh\n")));
    const asked = await line.request({
      send: "?\n",
      answer: (message) => String.fromCharCode(...message),
      signal: never,
    });
    // The half message of before is dropped: its rest isn't taken for a number.
    expect(asked).toEqual({ kind: "answer", answer: "34" });
  });

  it("4: over Modbus TCP an answer to a request of long ago is none to the present one", async () => {
    const clock = new VirtualClock(0, turn);
    const bench = await driverBench<SimulatedTemperatureController>({
      ...eurotherm,
      settings: { decimals: 1, framing: "tcp" },
    });
    for (let i = 0; i < 300; i++) await bench.read("setpoint");
    expect(clock.now()).toBe(0);
    // 256 and 65,536 requests later the number would be the same in one byte; here it is 16 bits, and the code counts.
    const old = modbusFrame("tcp", { unit: 1, code: 3, transaction: 5, data: Uint8Array.of(2, 9, 9) });
    expect(modbusMessages("tcp", "client").push(old)).toMatchObject([{ transaction: 5 }]);
    bench.twin.set(61.5);
    expect(await bench.read("setpoint")).toBe(61.5);
  });

  it("5: an echo is stripped, and one that came back changed loses the line", async () => {
    const clock = new VirtualClock(0, turn);
    const tried = async (
      spoil: (bytes: Uint8Array) => Uint8Array,
    ): Promise<{ came: string; lost: Fault | undefined }> => {
      const { host, device } = memoryLine({ name: "bus", clock, line: LINE });
      const stream = withoutEcho(host, "verify");
      let came = "";
      let lost: Fault | undefined;
      stream.onData((bytes) => {
        came += String.fromCharCode(...bytes);
      });
      stream.onLost((fault) => {
        lost = fault;
      });
      device.onData((bytes) => device.write(Uint8Array.from([...spoil(bytes), ...toBytes("answer")])));
      stream.write(toBytes("ask"));
      await new Promise<void>((resolve) => clock.at(clock.now() + 1000, resolve));
      return { came, lost };
    };
    expect(await tried((bytes) => bytes)).toEqual({ came: "answer", lost: undefined });
    expect((await tried((bytes) => bytes.map((byte) => byte ^ 1))).lost?.code).toBe(
      "instrument.line-collision",
    );
    const strip = await driverBench({ ...eurotherm, settings: { decimals: 1, echo: "none" } });
    strip.trouble("echo");
    expect(await strip.read("setpoint")).toMatch(/^instrument\./);
  });

  it("6: a line that is pulled fails what waits on it at once", async () => {
    const bench = await driverBench<SimulatedCirculator>(julabo);
    bench.trouble("disconnect");
    const began = bench.clock.now();
    expect(await bench.read("temperature")).toBe("instrument.line-lost");
    expect(bench.clock.now() - began).toBeLessThan(1000);
    expect(await bench.perform("start")).toMatchObject({ kind: "failed" });
  });

  it("7: a port is found by its adapter, and two that fit are refused", async () => {
    const ports = [
      { path: "/dev/ttyUSB0", serialNumber: "A1", vendorId: "0403" },
      { path: "/dev/ttyUSB1", serialNumber: "B2", vendorId: "0403" },
    ];
    const list = async () => ports;
    expect(await findSerialPort({ serialNumber: "b2" }, list)).toEqual({
      kind: "found",
      path: "/dev/ttyUSB1",
    });
    expect(await findSerialPort({ vendorId: "0403" }, list)).toMatchObject({
      kind: "failed",
      fault: { message: expect.stringMatching(/more than one.*A1.*B2/) },
    });
    expect(await findSerialPort({ serialNumber: "C3" }, list)).toMatchObject({
      kind: "failed",
      fault: { code: "instrument.port-not-found", message: expect.stringMatching(/^no USB adapter/) },
    });
  });

  it("8: a controller that opening its port has reset moves only after it was homed", async () => {
    const bench = await driverBench<SimulatedMotion>(grbl);
    const target = { x: 1, y: 2, z: 3 };
    expect(await bench.perform("move-to", target)).toMatchObject({
      kind: "failed",
      effect: "none",
      fault: { code: "instrument.not-homed" },
    });
    await bench.perform("home");
    expect(await bench.perform("move-to", target)).toMatchObject({ kind: "done" });
    expect(bench.twin.position).toEqual([1, 2, 3]);
    bench.twin.hitLimit();
    expect(await bench.perform("move-to", target)).toMatchObject({ kind: "failed" });
  });

  it("9: a socket that is open and says nothing is found out by the deadline of a question", async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const clock = new SystemClock();
    const opened = await openTcp({ host: "127.0.0.1", port: (address as { port: number }).port, clock });
    if (opened.kind === "failed") throw new Error(opened.fault.message);
    const line = openLine({
      instrument: "it",
      stream: opened.stream,
      decoder: scpiMessages(),
      clock,
      timeout: 100,
    });
    const asked = await line.request({
      send: "*IDN?\n",
      answer: (message) => message,
      signal: never,
      attempts: 2,
    });
    expect(asked).toMatchObject({ kind: "no answer", fault: { code: "instrument.no-answer" } });
    await line.close();
    server.close();
  });

  it("10: what was done although its answer was lost is not done again", async () => {
    const bench = await driverBench<SimulatedProgram>(command);
    const running = bench.perform("run", { temperature: 40 });
    bench.clock.at(bench.clock.now() + 1000, () => bench.trouble("silence"));
    bench.clock.at(bench.clock.now() + 21_000, () => bench.trouble(undefined));
    const outcome = await running;
    expect(bench.twin.done.size).toBe(1);
    expect(outcome).toMatchObject({ kind: "done", flags: [expect.stringContaining("gave no answer")] });
  });

  it("11: a setting that is refused without a word is noticed", async () => {
    const bath = await driverBench<SimulatedCirculator>(julabo);
    bath.twin.limits.high = 30;
    expect(await bath.perform("set-setpoint", { setpoint: 50 })).toMatchObject({
      kind: "failed",
      fault: { message: expect.stringContaining("VALUE EXCEEDS TEMPERATURE LIMITS") },
    });
    bath.twin.mode = "manual";
    expect(await bath.perform("start")).toMatchObject({
      kind: "failed",
      fault: { code: "instrument.not-set" },
    });
    const plate = await driverBench<SimulatedHotplate>(ika);
    plate.twin.safetyLimit = 60;
    expect(await plate.perform("heat", { temperature: 40 })).toMatchObject({
      kind: "failed",
      effect: "none",
      fault: { message: expect.stringContaining("safety limit") },
    });
    const source = await driverBench<SimulatedSourceMeter>({
      ...keithley,
      settings: { "highest-voltage": 200 },
    });
    source.twin.powerCycle();
    expect(await source.perform("source", { voltage: 150 })).toMatchObject({
      kind: "failed",
      fault: { message: expect.stringContaining("-222") },
    });
    const flow = await driverBench<SimulatedController>({
      ...alicat,
      settings: { "full-scale": 100 },
      twin: { "full-scale": 50 },
    });
    expect(await flow.perform("flow", { flow: 80 })).toMatchObject({
      kind: "failed",
      fault: { code: "instrument.not-set" },
    });
  });

  it("12: overload, a missing sensor and the like are flags, never numbers", async () => {
    const meter = await driverBench<SimulatedMultimeter>(keysight);
    meter.twin.overload = true;
    expect(await meter.perform("measure", { what: "voltage" })).toEqual({
      kind: "done",
      readings: {},
      flags: ["overload:voltage"],
    });
    const scale = await driverBench<SimulatedBalance>(balance);
    scale.twin.load = 500;
    expect(await scale.perform("weigh")).toMatchObject({ readings: {}, flags: ["overload:weight"] });
    scale.twin.load = -5;
    expect(await scale.perform("weigh")).toMatchObject({ readings: {}, flags: ["underload:weight"] });
    const oven = await driverBench<SimulatedTemperatureController>(eurotherm);
    oven.twin.broken = true;
    expect(await oven.read("temperature")).toBe("instrument.no-number");
    const source = await driverBench<SimulatedSourceMeter>({ ...keithley, twin: { resistance: 10 } });
    await source.perform("source", { voltage: 2 });
    expect(await source.perform("measure")).toMatchObject({ flags: ["in-compliance:current"] });
  });

  it("13: numbers are strict both ways, and the unit is the one that was read", async () => {
    for (const text of ["1,5", "--.-", "OL", "0x1F", "", "1e", "NaN", "Infinity", "1 2", "١"])
      expect(parseNumber(text)).toBeUndefined();
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.integer({ min: 0, max: 6 }),
        (value, decimals) => {
          const text = numberText(value, decimals);
          expect(text).toMatch(/^-?\d+(\.\d+)?$/);
          expect(text).not.toMatch(/^-0(\.0*)?$/);
          expect(Math.abs((parseNumber(text) as number) - value)).toBeLessThanOrEqual(
            0.5000001 * 10 ** -decimals,
          );
        },
      ),
      { seed: 1 },
    );
    expect(() => numberText(Number.NaN, 1)).toThrow(RangeError);
    const scale = await driverBench<SimulatedBalance>({ ...balance, twin: { noise: 0 } });
    scale.twin.load = 1.5;
    scale.twin.unit = "mg";
    expect(await scale.perform("weigh")).toMatchObject({ readings: { weight: 1.5 } });
    scale.twin.unit = "ct";
    expect(await scale.perform("weigh")).toMatchObject({
      kind: "failed",
      fault: { code: "instrument.wrong-unit" },
    });
  });

  it("14: what somebody changed at the panel is read, not remembered", async () => {
    const oven = await driverBench<SimulatedTemperatureController>(eurotherm);
    await oven.perform("set-setpoint", { setpoint: 40 });
    oven.twin.set(120);
    expect(await oven.read("setpoint")).toBe(120);
    const flow = await driverBench<SimulatedController>(alicat);
    flow.twin.gas = "Ar";
    expect(await flow.perform("flow", { flow: 10 })).toMatchObject({
      kind: "failed",
      fault: { code: "instrument.wrong-state" },
    });
  });

  it("15: a node that is offline is so at once, and one that restarted in the middle of a reading fails it", async () => {
    const node = await driverBench<SimulatedNode>(light);
    const began = node.clock.now();
    const running = node.perform("read", { blue: 30 });
    node.clock.at(began + 200, () => void node.twin.unplug());
    expect(await running).toMatchObject({
      kind: "failed",
      effect: "none",
      fault: { code: "instrument.offline" },
    });
    expect(node.clock.now()).toBe(began + 200);
    expect(await node.perform("read")).toMatchObject({ fault: { code: "instrument.offline" } });
    expect(node.clock.now()).toBe(began + 200);
    await node.twin.begin();
    await passed(node.clock, 1);
    expect(await node.perform("read", { blue: 30 })).toMatchObject({ kind: "done" });
  });

  it("15: an online of another boot in the middle of a reading fails it, and the node is looked at before the next", async () => {
    const { sensor, node, commands, clock } = await nodeByHand();
    const running = sensor.perform({ action: "read", arguments: {}, key: "a" }, never);
    await passed(clock, 1);
    await say(node, "online", "boot 2");
    expect(await running).toMatchObject({ kind: "failed", fault: { code: "instrument.restarted" } });
    answering(node);
    expect(await sensor.perform({ action: "read", arguments: {}, key: "b" }, never)).toMatchObject({
      kind: "done",
    });
    expect(commands.map(({ key }) => key)).toEqual(["connect", "a", "restarted", "b"]);
  });

  it("15: a last will that comes after the node is back takes nothing away", async () => {
    const { sensor, node, clock } = await nodeByHand();
    answering(node);
    await say(node, "online", "boot 2");
    await say(node, "offline", "boot 1");
    await passed(clock, 1);
    expect(await sensor.perform({ action: "read", arguments: {}, key: "a" }, never)).toMatchObject({
      kind: "done",
    });
    const twin = await driverBench<SimulatedNode>(light);
    twin.twin.powerCycle();
    await passed(twin.clock, 100);
    expect(await twin.perform("read", { blue: 30 })).toMatchObject({ kind: "done" });
  });

  it("15: a node that froze while it is called online is found out by the deadline", async () => {
    const node = await driverBench<SimulatedNode>(light);
    node.twin.frozen = true;
    expect(await node.perform("read")).toMatchObject({ fault: { code: "instrument.no-answer" } });
  });

  it("15: a broker that is killed between a command and its answer fails the command, and is used again when it is back", async () => {
    const clock = new ScaledClock(20);
    const first = await openMemoryBroker(clock);
    const port = await first.listen(0);
    let broker = first;
    const opened = openSimulation({
      clock,
      seed: 1,
      process: light.process as NonNullable<typeof light.process>,
      settings: {},
    });
    const read = readSettings("node", light.simulator.settings, { node: "n1", status: "s" });
    if (opened.kind === "refused" || read.kind === "refused") throw new Error("no node");
    const twin = await (light.simulator as Simulator<"mqtt", SimulatedNode>).attach({
      name: "node",
      clock,
      random: (purpose) => randomStream(1, 0, purpose),
      settings: read.settings,
      process: opened.simulation.process,
      misbehaviour: WELL_BEHAVED,
      transport: { connect: (options) => broker.connect("node", { protocolVersion: 5, ...options }) },
    });
    const connect = (): Promise<Connected> =>
      connectInstrument({
        name: "sensor",
        driver: light.driver,
        settings: { node: "n1", status: "s" },
        connection: { kind: "mqtt", url: `mqtt://127.0.0.1:${port}`, protocolVersion: 5, sessionExpiry: 60 },
        clock,
        signal: never,
        note: () => undefined,
      });
    const connected = await connect();
    if (connected.kind === "failed") throw new Error(connected.fault.message);
    const sensor = reconnecting({
      name: "sensor",
      clock,
      first: connected.instrument,
      connect,
      note: () => undefined,
    });
    const given = { action: "read", arguments: { blue: 30 }, key: "a" };
    expect(await sensor.perform(given, never)).toMatchObject({ kind: "done" });
    const running = sensor.perform(given, never);
    await first.close();
    expect(await running).toMatchObject({ kind: "failed", fault: { code: "instrument.broker-lost" } });
    broker = await openMemoryBroker(clock);
    await twin.begin();
    await broker.listen(port);
    expect(await sensor.perform(given, never)).toMatchObject({ kind: "done" });
    // The node says again that it is online when an old will says that it isn't.
    const other = await broker.connect("other");
    const told: string[] = [];
    const back = new Promise<void>((resolve) => {
      void other.subscribe("s", ({ payload, retained }) => {
        if (!retained) told.push(parseStatus(payload)?.status as string);
        if (told.length === 2) resolve();
      });
    });
    await other.publish("s", "offline", { retain: true });
    await back;
    expect(told).toEqual(["offline", "online"]);
    await sensor.close();
    twin.close();
    await broker.close();
  });

  it("15: neither an answer without correlation data nor one with another's is taken, and an old reading is stale", async () => {
    const { sensor, node, clock } = await nodeByHand({ "maximum-age": 60 });
    const given = { action: "read", arguments: {}, key: "a" };
    let spoil: Partial<Spoilt> = { correlationData: Buffer.from("another") };
    answering(node, () => spoil);
    expect(await sensor.perform(given, never)).toMatchObject({ fault: { code: "instrument.no-answer" } });
    spoil = { correlationData: undefined };
    expect(await sensor.perform(given, never)).toMatchObject({ fault: { code: "instrument.no-answer" } });
    spoil = {};
    expect(await sensor.perform(given, never)).toMatchObject({ kind: "done" });
    spoil = { at: clock.now() - 61_000 };
    expect(await sensor.perform(given, never)).toMatchObject({ fault: { code: "instrument.stale" } });
  });

  it("writes a setpoint to a controller's memory only when it is another", async () => {
    const oven = await driverBench<SimulatedTemperatureController>(eurotherm);
    for (let i = 0; i < 5; i++) await oven.perform("set-setpoint", { setpoint: 55 });
    expect(oven.twin.writes).toBe(1);
  });

  it("skips a line that somebody's PRINT key sent", async () => {
    const scale = await driverBench<SimulatedBalance>({ ...balance, twin: { noise: 0 } });
    scale.twin.load = 12;
    const taring = scale.perform("tare");
    scale.clock.at(scale.clock.now() + 300, () => scale.twin.print());
    expect(await taring).toMatchObject({ kind: "done", readings: { tare: 12 } });
  });

  it("streams what a balance sends by itself, with arrival times, and is usable afterwards", async () => {
    const scale = await driverBench<SimulatedBalance>({ ...balance, twin: { noise: 0 } });
    const stop = new AbortController();
    const samples: Sample[] = [];
    scale.clock.at(scale.clock.now() + 2000, () => {
      scale.twin.load = 300;
    });
    scale.clock.at(scale.clock.now() + 4000, () => stop.abort());
    for await (const sample of scale.instrument.stream?.("weight", stop.signal) ?? []) samples.push(sample);
    expect(samples.length).toBeGreaterThan(15);
    expect(samples[0]).toMatchObject({ value: 0, dropped: 0 });
    expect(samples.at(-1)).toMatchObject({ flag: "overload" });
    const gaps = samples.slice(1).map(({ at }, i) => at - (samples[i]?.at ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(150);
    scale.twin.load = 2;
    expect(await scale.perform("weigh")).toMatchObject({ kind: "done", readings: { weight: 2 } });
  });

  it("leaves no heater on when labloop falls silent", async () => {
    const plate = await driverBench<SimulatedHotplate>({ ...ika, settings: { watchdog: 20 } });
    await plate.perform("heat", { temperature: 40 });
    await new Promise<void>((resolve) => plate.clock.at(plate.clock.now() + 120_000, resolve));
    expect(plate.twin.heating).toBe(true);
    await plate.instrument.close();
    // Closing fed it a last time at most.
    expect(plate.twin.tripped).toBe(false);
  });

  it("a trouble of a line happens while it is due, and not before", async () => {
    const clock = new VirtualClock(0, turn);
    const { host, device } = memoryLine({ name: "line", clock, line: LINE });
    let active = false;
    const stream = withTrouble(host, "silence", {
      clock,
      random: randomStream(1, 0, "t"),
      active: () => active,
    });
    let came = "";
    stream.onData((bytes) => {
      came += String.fromCharCode(...bytes);
    });
    for (const [text, due] of [
      ["a", false],
      ["b", true],
      ["c", false],
    ] as const) {
      active = due;
      device.write(toBytes(text));
      await new Promise<void>((resolve) => clock.at(clock.now() + 100, resolve));
    }
    expect(came).toBe("ac");
  });

  it("a line that is cut delivers the bytes before, and then is lost", async () => {
    for (const byte of [1, 3, 5]) {
      const { came, lost, device, wait } = troubledLine("cut", byte);
      device.write(toBytes("ab"));
      await wait();
      device.write(toBytes("cdefg"));
      await wait();
      expect([came(), lost()?.code]).toEqual(["abcdefg".slice(0, byte), "instrument.line-lost"]);
    }
  });

  it("a stale answer is the one to the request before, and every answer is one too late", async () => {
    const { came, host, device, wait, switchOn } = troubledLine("stale");
    device.onData((bytes) => {
      if (bytes[0] !== 0x6e) device.write(bytes.map((byte) => byte - 0x20));
    });
    const said: string[] = [];
    for (const text of ["a", "b", "n", "c", "d"]) {
      switchOn(text !== "a");
      host.write(toBytes(text));
      await wait();
      said.push(came());
    }
    expect(said).toEqual(["A", "A", "", "B", "C"]);
  });

  it("a wrong checksum is all that is wrong with a frame, and the frame counts for none", async () => {
    const bench = await driverBench<SimulatedTemperatureController>(eurotherm);
    const frame = modbusFrame("rtu", { unit: 1, code: 3, data: Uint8Array.of(2, 0, 200) });
    const spoilt = frame.map((byte, i) => (i < frame.length - 2 ? byte : byte ^ 0xff));
    expect(await bench.read("setpoint")).toBe(20);
    expect(bench.transcript.at(-1)).toBe(`< ${printable(frame)}`);
    bench.spoilChecksums(true);
    expect(await bench.read("setpoint")).toBe("instrument.unreadable-answer");
    expect(bench.transcript).toContain(`< ${printable(spoilt)}`);
    bench.spoilChecksums(false);
    expect(await bench.read("setpoint")).toBe(20);
  });
});
