import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { onTestFinished } from "vitest";

const MAIN = resolve("dist/src/operator/cli/main.js");

/** A folder of one test. */
export function testFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "labloop-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
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

/** The objects of NDJSON. */
export function jsonLines<T = Record<string, unknown>>(text: string): T[] {
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}
