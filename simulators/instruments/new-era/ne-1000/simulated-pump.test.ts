import {
  type ByteStream,
  memoryLine,
  printable,
  randomStream,
  readSettings,
  sleep,
  toBytes,
  VirtualClock,
  WELL_BEHAVED,
} from "labloop/instrument";
import { expect, it } from "vitest";
import { type SimulatedPump, simulator } from "./index.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

async function bench(): Promise<{
  clock: VirtualClock;
  host: ByteStream;
  pump: SimulatedPump;
  say: (text: string) => Promise<string>;
}> {
  const clock = new VirtualClock(0, turn);
  const line = { baudRate: 19200, dataBits: 8, parity: "none", stopBits: 1 } as const;
  const { host, device } = memoryLine({ name: "pump", clock, line });
  const read = readSettings("pump", simulator.settings, { port: "tip" });
  if (read.kind === "refused") throw new Error(read.faults[0]?.message);
  const pump = await simulator.attach({
    name: "pump",
    clock,
    random: (purpose) => randomStream(1, 0, purpose),
    settings: read.settings,
    process: { ports: { tip: { kind: "flow", setFlow: () => undefined, volume: () => 0 } }, facts: () => [] },
    misbehaviour: WELL_BEHAVED,
    transport: device,
  });
  let came = "";
  host.onData((bytes) => {
    came += printable(bytes);
  });
  const say = async (text: string): Promise<string> => {
    came = "";
    host.write(toBytes(text));
    await sleep(clock, 50);
    return came;
  };
  return { clock, host, pump, say };
}

it("answers the manual's exchanges byte for byte", async () => {
  const { say } = await bench();
  const exchanges = [
    ["\r", "<STX>00A?R<ETX>"],
    ["\r", "<STX>00S<ETX>"],
    ["VER\r", "<STX>00SNE1000V3.923<ETX>"],
    ["dia 26.59\r", "<STX>00S<ETX>"],
    ["RAT50.00MM\r", "<STX>00S?OOR<ETX>"],
    ["RAT1.000MM\r", "<STX>00S<ETX>"],
    ["RAT\r", "<STX>00S1.000MM<ETX>"],
    ["RAT10760.0UM\r", "<STX>00S?<ETX>"],
    ["VOL0.500\r", "<STX>00S<ETX>"],
    ["VOL\r", "<STX>00S0.500ML<ETX>"],
    ["XYZ\r", "<STX>00S?<ETX>"],
    ["STP\r", "<STX>00S?NA<ETX>"],
    ["RUN\r", "<STX>00I<ETX>"],
    ["DIA20\r", "<STX>00I?NA<ETX>"],
    ["STP\r", "<STX>00P<ETX>"],
    ["STP\r", "<STX>00S<ETX>"],
  ] as const;
  for (const [sent, expected] of exchanges) expect([sent, await say(sent)]).toEqual([sent, expected]);
});

it("is silent at another address, and answers both commands of one chunk", async () => {
  const { say } = await bench();
  await say("\r");
  expect(await say("7VER\r")).toBe("");
  expect(await say("DIR\rPHN\r")).toBe("<STX>00SINF<ETX><STX>00S01<ETX>");
});

it("counts in µL up to 14 mm, in mL above", async () => {
  const { say } = await bench();
  await say("\r");
  await say("DIA14.00\r");
  expect(await say("VOL\r")).toBe("<STX>00S0.000UL<ETX>");
  await say("DIA14.01\r");
  expect(await say("VOL\r")).toBe("<STX>00S0.000ML<ETX>");
});

it("resumes after a pause, and goes on with an old program when nobody ends it", async () => {
  const { say, clock } = await bench();
  await say("\r");
  await say("DIA26.59\r");
  for (const text of [
    "RAT10.00MM\r",
    "VOL1.000\r",
    "PHN2\r",
    "VOL2.000\r",
    "RAT10.00MM\r",
    "PHN3\r",
    "FUNSTP\r",
  ]) {
    await say(text);
  }
  await say("RUN\r");
  await sleep(clock, 2000);
  expect(await say("STP\r")).toBe("<STX>00P<ETX>");
  expect(await say("RUN\r")).toBe("<STX>00I<ETX>");
  await sleep(clock, 30_000);
  expect(await say("DIS\r")).toBe("<STX>00SI3.000W0.000ML<ETX>");
});

it("keeps its program without power, and loses its counters", async () => {
  const { say, clock, pump } = await bench();
  await say("\r");
  await say("VOL1.000\r");
  await say("RUN\r");
  await sleep(clock, 10_000);
  pump.powerCycle();
  expect(await say("\r")).toBe("<STX>00A?R<ETX>");
  expect(await say("VOL\r")).toBe("<STX>00S1.000ML<ETX>");
  expect(await say("DIS\r")).toBe("<STX>00SI0.000W0.000ML<ETX>");
});
