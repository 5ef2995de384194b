import { spawn } from "node:child_process";
import type { Clock } from "../../base/clock.ts";
import { EventStream, lineLost } from "./event-stream.ts";
import type { StreamOpened } from "./serial.ts";

/** Which program; it is started without a shell. */
export interface ProgramOptions {
  /** The program and its arguments. */
  readonly command: readonly [string, ...string[]];
  readonly clock: Clock;
  /** What it writes for people, line by line. */
  note(text: string): void;
}

/** Milliseconds until a program that was asked to end is killed, and until the output of one that ended is given up. */
const PATIENCE = 2000;

/** Starts a program and makes a line of its standard input and output. */
export async function openProgram({ command, clock, note }: ProgramOptions): Promise<StreamOpened> {
  const [file, ...args] = command;
  const child = spawn(file, args, { stdio: ["pipe", "pipe", "pipe"], shell: false });
  // Whether it started is told before anything of it comes, and who waited longer, as a virtual clock may, would miss
  // what a short program writes: nobody listens yet.
  const error = await new Promise<Error | undefined>((resolve) => {
    child.once("spawn", () => resolve(undefined));
    child.on("error", (failure) => resolve(failure));
  });
  if (error !== undefined)
    return {
      kind: "failed",
      fault: {
        code: "instrument.program-not-started",
        message: `can't start ${command.join(" ")}: ${error.message}`,
        advice: "check the program's name and path, and that it may be run",
      },
    };
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stream = new EventStream({
    name: command.join(" "),
    clock,
    write: (bytes) => child.stdin.write(bytes),
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.stdin.end();
      const kill = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
      await exited;
      clearTimeout(kill);
    },
  });
  child.stdin.on("error", () => undefined);
  child.stdout.on("data", (bytes: Uint8Array) => stream.arrived(bytes));
  child.stderr.setEncoding("utf8");
  child.stderr.on("data", (text: string) => note(text.trimEnd()));
  child.once("exit", (code, signal) => {
    const lose = (): void =>
      stream.lose(
        lineLost(
          stream.name,
          "see what it wrote, and mend it",
          `the program ended (${signal ?? `exit code ${code}`})`,
        ),
      );
    // Its last answer may still be in the pipe, which ends with it unless something that it started holds it open.
    child.once("close", lose);
    setTimeout(lose, PATIENCE).unref();
  });
  return { kind: "open", stream };
}
