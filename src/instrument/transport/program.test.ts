import { describe, expect, it, vi } from "vitest";
import type { Fault } from "../../base/fault.ts";
import { VirtualClock } from "../../base/virtual-clock.ts";
import { toBytes } from "../codec/latin1.ts";
import type { ByteStream } from "./byte-stream.ts";
import { openProgram } from "./program.ts";

const clock = new VirtualClock(0, () => new Promise((resolve) => setImmediate(resolve)));

/** Starts Node with a text as its program. */
async function started(text: string, notes: string[] = []): Promise<ByteStream> {
  const opened = await openProgram({
    command: [process.execPath, "-e", text],
    clock,
    note: (line) => notes.push(line),
  });
  if (opened.kind === "failed") throw new Error(opened.fault.message);
  return opened.stream;
}

const lost = (stream: ByteStream): Promise<Fault> => new Promise((resolve) => stream.onLost(resolve));
const ECHO = "process.stdin.pipe(process.stdout)";

describe("a line to a program", () => {
  it("carries bytes both ways", async () => {
    const stream = await started(ECHO);
    const got = new Promise<Uint8Array>((resolve) => stream.onData(resolve));
    stream.write(toBytes("\u0000\u00ffA\n"));
    expect([...(await got)]).toEqual([0, 255, 65, 10]);
    await stream.close();
  });

  it("is a fault with advice when there is no such program", async () => {
    expect(
      await openProgram({ command: ["no-such-program-of-labloop", "now"], clock, note: () => undefined }),
    ).toEqual({
      kind: "failed",
      fault: {
        code: "instrument.program-not-started",
        message: expect.stringMatching(/^can't start no-such-program-of-labloop now: .*ENOENT$/),
        advice: "check the program's name and path, and that it may be run",
      },
    });
  });

  it("gives arguments to the program as they are, since no shell reads them", async () => {
    const opened = await openProgram({
      command: [process.execPath, "-e", "process.stdout.write(process.argv[1])", "$HOME; echo *"],
      clock,
      note: () => undefined,
    });
    if (opened.kind === "failed") throw new Error(opened.fault.message);
    const got = new Promise<Uint8Array>((resolve) => opened.stream.onData(resolve));
    expect(String.fromCharCode(...(await got))).toBe("$HOME; echo *");
    await opened.stream.close();
  });

  it("is lost with the exit code when the program ends, and tells what it wrote for people", async () => {
    const notes: string[] = [];
    const stream = await started(
      'process.stdin.once("data", () => { console.error("no paper"); process.exitCode = 3; process.stdin.destroy(); })',
      notes,
    );
    const fault = lost(stream);
    stream.write(toBytes("go\n"));
    expect(await fault).toMatchObject({
      code: "instrument.line-lost",
      message: expect.stringMatching(/ is gone: the program ended \(exit code 3\)$/),
      advice: "see what it wrote, and mend it",
    });
    await vi.waitFor(() => expect(notes).toEqual(["no paper"]));
    stream.write(toBytes("too late\n"));
    await stream.close();
  });

  it("brings the last answer of a program that ends right behind it", async () => {
    for (let i = 0; i < 30; i++) {
      const seen: string[] = [];
      const opened = await openProgram({
        command: ["sh", "-c", "read line; echo answer; exit 0"],
        clock,
        note: () => undefined,
      });
      if (opened.kind === "failed") throw new Error(opened.fault.message);
      opened.stream.onData((bytes) => seen.push(String.fromCharCode(...bytes)));
      opened.stream.write(toBytes("go\n"));
      expect((await lost(opened.stream)).message).toContain("(exit code 0)");
      expect(seen).toEqual(["answer\n"]);
      await opened.stream.close();
    }
  });

  it("is lost soon when something that the program started holds its output open", async () => {
    const opened = await openProgram({
      command: ["sh", "-c", "sleep 20 & echo $!"],
      clock,
      note: () => undefined,
    });
    if (opened.kind === "failed") throw new Error(opened.fault.message);
    const sleeper = new Promise<number>((resolve) => {
      opened.stream.onData((bytes) => resolve(Number(String.fromCharCode(...bytes))));
    });
    expect((await lost(opened.stream)).message).toContain("(exit code 0)");
    process.kill(await sleeper);
    await opened.stream.close();
  });

  it("is lost with the signal that ended the program", async () => {
    const stream = await started('process.stdin.once("data", () => process.kill(process.pid, "SIGTERM"))');
    const fault = lost(stream);
    stream.write(toBytes("go\n"));
    expect((await fault).message).toMatch(/the program ended \(SIGTERM\)$/);
    await stream.close();
  });

  it("isn't lost by being closed: the program sees the end of its input, and ends", async () => {
    const stream = await started(ECHO);
    const faults: Fault[] = [];
    stream.onLost((fault) => faults.push(fault));
    await stream.close();
    await stream.close();
    expect(faults).toEqual([]);
  });

  it("ends a program that doesn't care about the end of its input", async () => {
    const stream = await started("setInterval(() => 0, 1000); process.stdout.write(String(process.pid))");
    const pid = await new Promise<number>((resolve) =>
      stream.onData((bytes) => resolve(Number(String.fromCharCode(...bytes)))),
    );
    expect(process.kill(pid, 0)).toBe(true);
    await stream.close();
    expect(() => process.kill(pid, 0)).toThrow("ESRCH");
  });
});
