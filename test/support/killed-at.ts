import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { expect } from "vitest";

const MAIN = resolve("dist/src/operator/cli/main.js");

/**
 * Runs the built command in a folder and kills its process, without a warning, once it has printed an entry of the journal.
 *
 * @param words - with `--json`, so that entries are printed
 * @returns what was printed by then
 */
export async function killedAt(folder: string, words: readonly string[], seq: number): Promise<string> {
  const child = spawn(process.execPath, [MAIN, ...words, "--db", "labloop.db"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "ignore"],
  });
  let printed = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed += text;
    if (printed.includes(`"seq":${seq},`)) child.kill("SIGKILL");
  });
  await new Promise((done) => {
    child.on("close", done);
  });
  expect(child.signalCode).toBe("SIGKILL");
  return printed;
}
