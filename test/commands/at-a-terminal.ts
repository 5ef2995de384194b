import { spawn, spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { onTestFinished } from "vitest";

const MAIN = resolve("dist/src/operator/cli/main.js");

/** Whether this computer has the `script` of util-linux, which gives a command a pseudo-terminal. */
export const HAS_TERMINAL: boolean = spawnSync("script", ["--version"], { encoding: "utf8" }).status === 0;

/** What a person sees, and then types. */
type Turn = readonly [seen: string, typed: string];

/**
 * Runs the built command at a pseudo-terminal, where somebody types.
 *
 * @param turns - each waits until its text was seen behind what was typed before
 * @returns all that was on the screen, and how it ended
 */
export async function atTerminal(
  folder: string,
  words: readonly string[],
  turns: readonly Turn[],
): Promise<{ readonly status: number | null; readonly screen: string }> {
  const command = [process.execPath, MAIN, ...words].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: "1", TERM: "dumb" },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const left = [...turns];
  let [screen, from] = ["", 0];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += text;
    for (let next = left[0]; next !== undefined && screen.indexOf(next[0], from) >= 0; next = left[0]) {
      from = screen.indexOf(next[0], from) + next[0].length;
      child.stdin.write(next[1]);
      left.shift();
    }
  });
  const status = await new Promise<number | null>((done) => {
    child.on("close", done);
  });
  return { status, screen };
}
