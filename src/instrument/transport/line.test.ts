import { describe, expect, it } from "vitest";
import { deadline, sleep } from "../../base/clock.ts";
import { VirtualClock } from "../../base/virtual-clock.ts";
import { delimited } from "../codec/delimited.ts";
import { toBytes } from "../codec/latin1.ts";
import type { LineSettings } from "../contract/declaration.ts";
import {
  delaying,
  dropping,
  garbling,
  type LineFault,
  repeating,
  splitting,
  withFaults,
} from "../testing/faulty-line.ts";
import { type Line, openLine } from "./line.ts";
import { type MemoryLine, memoryLine } from "./memory-line.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const never = new AbortController().signal;
const SETTINGS: LineSettings = { baudRate: 9600, dataBits: 8, parity: "none", stopBits: 1 };

interface Bench {
  clock: VirtualClock;
  memory: MemoryLine;
  line: Line<string>;
  /** What the instrument got. */
  got: string[];
  unsolicited: string[];
  readonly ask: (text: string, attempts?: number) => Promise<unknown>;
}

/** A line to an instrument that answers every "x" with "x!", with the given faults on it. */
function bench(faults: (clock: VirtualClock) => LineFault[] = () => []): Bench {
  const clock = new VirtualClock(0, turn);
  const memory = memoryLine({ name: "port", clock, line: SETTINGS });
  const got: string[] = [];
  const decoder = delimited({ end: 0x0d });
  memory.device.onData((bytes) => {
    for (const message of decoder.push(bytes)) {
      got.push(message);
      memory.device.write(toBytes(`${message}!\r`));
    }
  });
  const unsolicited: string[] = [];
  const line = openLine({
    instrument: "balance",
    stream: withFaults(memory.host, ...faults(clock)),
    decoder: delimited({ end: 0x0d }),
    clock,
    timeout: 500,
    unsolicited: (message) => unsolicited.push(message),
  });
  const ask = async (text: string, attempts = 1): Promise<unknown> => {
    const answer = (message: string): string | undefined => (message.endsWith("!") ? message : undefined);
    const exchange = await line.request({ send: `${text}\r`, answer, signal: never, attempts });
    return exchange.kind === "answer" ? exchange.answer : exchange.fault.code;
  };
  return { clock, memory, line, got, unsolicited, ask };
}

const first = (chunk: number): boolean => chunk === 0;

describe("a line in memory", () => {
  it("takes the time that its bytes take at the baud rate", async () => {
    const { clock, ask } = bench();
    await ask("abc");
    // 4 bytes there and 5 back, 10 bits each.
    expect(clock.now()).toBeCloseTo((9 * 10 * 1000) / 9600, 9);
  });

  it("sends what is written while it is busy afterwards", async () => {
    const { clock, memory } = bench();
    const arrived: number[] = [];
    memory.device.onData(() => arrived.push(clock.now()));
    memory.host.write(toBytes("12345678"));
    memory.host.write(toBytes("1234"));
    await sleep(clock, 100);
    expect(arrived.map((at) => at.toFixed(3))).toEqual(["8.333", "12.500"]);
  });
});

describe("requests on a line", () => {
  it("are made one at a time, in the order they were asked for", async () => {
    const { ask, got } = bench();
    expect(await Promise.all([ask("a"), ask("b"), ask("c")])).toEqual(["a!", "b!", "c!"]);
    expect(got).toEqual(["a", "b", "c"]);
  });

  it("get their answers when these come byte by byte", async () => {
    const { ask } = bench(() => [splitting()]);
    expect(await ask("a")).toBe("a!");
  });

  it("fail at their deadline when nothing comes, and say what to do", async () => {
    const { line, clock } = bench(() => [dropping(() => true)]);
    const exchange = await line.request({ send: "a\r", answer: (text) => text, signal: never });
    expect(exchange).toMatchObject({
      kind: "no answer",
      sent: true,
      fault: { code: "instrument.no-answer" },
    });
    expect(clock.now()).toBe(500);
  });

  it("are repeated as often as they may be", async () => {
    const { ask, got } = bench(() => [dropping(first)]);
    expect(await ask("a", 3)).toBe("a!");
    expect(got).toEqual(["a", "a"]);
  });

  it("are not repeated when they may not be", async () => {
    const { ask, got } = bench(() => [dropping(first)]);
    expect(await ask("a")).toBe("instrument.no-answer");
    expect(got).toEqual(["a"]);
  });

  it("never get the answer that came too late for the one before", async () => {
    const { ask, unsolicited } = bench((clock) => [delaying(clock, 510, first)]);
    expect(await ask("late")).toBe("instrument.no-answer");
    const answers: unknown[] = [];
    for (let i = 0; i < 100; i++) answers.push(await ask(`n${i}`));
    expect(answers).toEqual(Array.from({ length: 100 }, (_, i) => `n${i}!`));
    expect(unsolicited).toEqual(["late!"]);
  });

  it("hand answers that come twice to nobody's request", async () => {
    const { ask, unsolicited, clock } = bench(() => [repeating(first)]);
    expect(await ask("a")).toBe("a!");
    await sleep(clock, 100);
    expect(await ask("b")).toBe("b!");
    expect(unsolicited).toEqual(["a!"]);
  });

  it("show the last bytes when what comes can't be read", async () => {
    const { line } = bench(() => [
      garbling(
        () => Uint8Array.of(0xff, 0x41, 0x02),
        () => true,
      ),
    ]);
    const exchange = await line.request({ send: "a\r", answer: (text) => text, signal: never });
    expect(exchange.kind === "no answer" && exchange.fault).toMatchObject({
      code: "instrument.unreadable-answer",
      message: expect.stringContaining("last bytes: <FF>A<STX>"),
    });
  });

  it("fail at once when the line is cut, and ever after", async () => {
    const { ask, clock, memory } = bench(() => [dropping(() => true)]);
    clock.at(100, () => memory.cut());
    expect(await ask("a", 3)).toBe("instrument.line-lost");
    expect(clock.now()).toBe(100);
    expect(await ask("b")).toBe("instrument.line-lost");
  });

  it("fail at once when they are interrupted, and are not sent afterwards", async () => {
    const { line, clock, got } = bench(() => [dropping(() => true)]);
    const { signal } = deadline(clock, 20, () => new Error("enough"));
    const answer = (text: string): string => text;
    const both = await Promise.all([
      line.request({ send: "a\r", answer, signal }),
      line.request({ send: "b\r", answer, signal }),
    ]);
    expect(both.map((exchange) => exchange.kind === "no answer" && exchange.sent)).toEqual([true, false]);
    expect(clock.now()).toBe(20);
    expect(got).toEqual(["a"]);
  });

  it("fail when the line is closed", async () => {
    const { ask, line } = bench(() => [dropping(() => true)]);
    const waiting = ask("a");
    await turn();
    await line.close();
    expect(await waiting).toBe("instrument.line-closed");
  });
});
