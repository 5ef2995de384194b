import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

/** Milliseconds within which a page has to be printed. */
const PATIENCE = 120_000;

/** The Chromium that CHROME_PATH names, or one on the PATH; undefined where there is none. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const named = env["CHROME_PATH"];
  if (named !== undefined && named !== "") return isProgram(named) ? named : undefined;
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** What a Chromium said, and how it ended; null when it took too long. */
export interface ChromiumRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a Chromium without a window and with a profile of its own, which is gone afterwards. */
export async function runChromium(program: string, args: readonly string[]): Promise<ChromiumRun> {
  const profile = await mkdtemp(join(tmpdir(), "labloop-chromium-"));
  // Chromium has no sandbox for the superuser; the pages are labloop's own, and run nothing.
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const usual = ["--headless", "--disable-gpu", "--no-first-run", `--user-data-dir=${profile}`];
  try {
    const child = spawn(program, [...usual, ...sandbox, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      timeout: PATIENCE,
      killSignal: "SIGKILL",
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    const status = await new Promise<number | null>((resolve) => {
      child.on("error", (error) => {
        stderr += error.message;
        resolve(null);
      });
      child.on("close", resolve);
    });
    return { status, stdout, stderr };
  } finally {
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A page as PDF, or what the Chromium said when it made none. */
export type Printed =
  | { readonly kind: "printed"; readonly pdf: Uint8Array }
  | { readonly kind: "failed"; readonly said: string };

/** Prints a page as PDF. */
export async function printPdf(program: string, html: string): Promise<Printed> {
  const folder = await mkdtemp(join(tmpdir(), "labloop-report-"));
  try {
    const [from, to] = [join(folder, "report.html"), join(folder, "report.pdf")];
    await writeFile(from, html);
    const printing = ["--no-pdf-header-footer", `--print-to-pdf=${to}`, pathToFileURL(from).href];
    const { status, stderr } = await runChromium(program, printing);
    const pdf = await readFile(to).catch(() => undefined);
    if (status === 0 && pdf !== undefined) return { kind: "printed", pdf };
    return { kind: "failed", said: stderr.trim().split("\n").at(-1) || `it ended with status ${status}` };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
