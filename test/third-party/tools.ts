import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = ".venv/third-party";

/** Python with what could be installed, made once; undefined where there is no Python. */
function python(): string | undefined {
  const given = process.env["LABLOOP_THIRD_PARTY_PYTHON"];
  if (given !== undefined) return given;
  const own = join(FOLDER, "bin", "python");
  if (existsSync(own)) return own;
  if (spawnSync("python3", ["-m", "venv", FOLDER]).status !== 0) return undefined;
  // What can't be installed is absent, and its tests are skipped by name.
  for (const line of readFileSync("test/third-party/requirements.txt", "utf8").trim().split("\n"))
    spawnSync(own, ["-m", "pip", "install", "--quiet", "--retries", "1", line], { stdio: "inherit" });
  return own;
}

const PYTHON = python();

/** Whether a Python package is there. */
export function hasPackage(name: string): boolean {
  return PYTHON !== undefined && spawnSync(PYTHON, ["-c", `import ${name}`]).status === 0;
}

/** Whether a program is there. */
export function hasProgram(name: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${name}`]).status === 0;
}

/** Runs a Python script to its end; gives what it wrote. */
export function runPython(...args: readonly string[]): string {
  return execFileSync(PYTHON as string, args, { encoding: "utf8", timeout: 30_000 });
}

/** Starts a Python program that listens on a port, and waits until it does. */
export async function startPython(port: number, ...args: readonly string[]): Promise<ChildProcess> {
  const child = spawn(PYTHON as string, args, { stdio: "ignore" });
  await listening(port);
  return child;
}

/** Starts a program that listens on a port, and waits until it does. */
export async function startProgram(
  port: number,
  name: string,
  ...args: readonly string[]
): Promise<ChildProcess> {
  const child = spawn(name, args, { stdio: "ignore" });
  await listening(port);
  return child;
}

async function listening(port: number): Promise<void> {
  const { connect } = await import("node:net");
  const open = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => {
        socket.destroy();
        resolve(true);
      });
      socket.once("error", () => resolve(false));
    });
  for (let tries = 0; !(await open()); tries++) {
    if (tries > 150) throw new Error(`nothing listens on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
