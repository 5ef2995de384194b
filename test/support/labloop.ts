import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { afterAll } from "vitest";

const MAIN = resolve("dist/src/operator/cli/main.js");

const folders: string[] = [];

// Tests that run at the same time can't say which of them has finished, so folders go with the file.
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A folder of one test. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "labloop-"));
  folders.push(folder);
  return folder;
}

/** Runs the built command as a user would; its database lies in the folder. */
export function labloop(folder: string, ...args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [MAIN, ...args], {
    encoding: "utf8",
    env: { ...process.env, LABLOOP_DB: join(folder, "labloop.db") },
    maxBuffer: 2 ** 28,
  });
}

/** What a command printed, and how it ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the built command in a folder, as a user would who stands in it.
 *
 * @param args - of the command; an object adds to the environment
 */
export async function labloopIn(
  folder: string,
  ...args: readonly (string | Readonly<Record<string, string>>)[]
): Promise<Ended> {
  const words = args.filter((arg) => typeof arg === "string");
  const env = Object.assign(
    {},
    process.env,
    { LABLOOP_DB: "labloop.db" },
    ...args.filter((arg) => typeof arg !== "string"),
  ) as NodeJS.ProcessEnv;
  const child = spawn(process.execPath, [MAIN, ...words], { cwd: folder, env });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const status = await new Promise<number | null>((resolve) => {
    child.on("close", resolve);
  });
  return { status, stdout, stderr };
}

/** A text with some of its parts replaced; a part that isn't there is a mistake in the test. */
export function replaced(text: string, changes: Readonly<Record<string, string>>): string {
  return Object.entries(changes).reduce((before, [from, to]) => {
    if (!before.includes(from)) throw new Error(`there is no "${from}"`);
    return before.replace(from, () => to);
  }, text);
}

/** The objects of NDJSON. */
export function jsonLines<T = Record<string, unknown>>(text: string): T[] {
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

/** What a command that was followed said in NDJSON, and how it ended. */
export interface Followed<E> {
  readonly lines: readonly string[];
  readonly events: readonly E[];
  /** Undefined when it was killed. */
  readonly status: number | undefined;
}

/**
 * Runs the built command in a folder, and does something at each of its events before the next one is looked at.
 *
 * @param onEvent - gets the event, and what sends the process a signal
 */
export async function followed<E>(
  folder: string,
  words: readonly string[],
  onEvent: (event: E, signal: (name: NodeJS.Signals) => void) => unknown,
  environment: Readonly<Record<string, string>> = {},
): Promise<Followed<E>> {
  const child = spawn(process.execPath, [MAIN, ...words, "--json", "--quiet"], {
    cwd: folder,
    env: { ...process.env, LABLOOP_DB: "labloop.db", ...environment },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = new Promise<number | undefined>((resolve) => {
    child.on("exit", (status) => resolve(status ?? undefined));
  });
  const lines: string[] = [];
  const events: E[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    const event = JSON.parse(line) as E;
    events.push(event);
    await onEvent(event, (name) => child.kill(name));
  }
  return { lines, events, status: await ended };
}
