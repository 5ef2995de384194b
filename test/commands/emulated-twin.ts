import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { onTestFinished } from "vitest";
import type { Ended } from "../support/labloop.ts";

const MAIN = resolve("dist/src/operator/cli/main.js");

/** A twin that `labloop instruments emulate` offers, in a process of its own. */
export interface EmulatedTwin {
  /** The first line of its stdout: where the twin is. */
  readonly address: string;
  /** Presses Ctrl-C; how the process ended. */
  interrupt(): Promise<Ended>;
}

/** Starts `labloop instruments emulate` in a folder, and waits until the twin is there; it ends with the test. */
export async function emulatedTwin(folder: string, ...args: readonly string[]): Promise<EmulatedTwin> {
  const child = spawn(process.execPath, [MAIN, "instruments", "emulate", ...args], { cwd: folder });
  onTestFinished(() => void child.kill("SIGKILL"));
  let [stdout, stderr] = ["", ""];
  const ended = new Promise<Ended>((done) => {
    child.on("close", (status) => done({ status, stdout, stderr }));
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const address = await new Promise<string>((found, failed) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      if (stdout.includes("\n")) found(stdout.trim());
    });
    void ended.then(() => failed(new Error(`it ended: ${stderr}`)));
  });
  return {
    address,
    interrupt: () => {
      child.kill("SIGINT");
      return ended;
    },
  };
}
