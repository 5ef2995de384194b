import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { benchPump } from "../../test/support/bench-pump.ts";

const MAIN = fileURLToPath(new URL("../../src/operator/cli/main.js", import.meta.url));

const CAMPAIGN = `labloop: 1
name: doses
lab: lab.yaml
parameters:
  dose: { min: 3 mL, max: 4 mL, step: 0.1 mL }
procedure:
  - { measure: pump.dispense, with: { volume: dose }, as: given, within: 60 s }
measurements:
  y: { expression: "given.volume / 1 mL", unit: "1" }
goal: { maximise: y }
budget: { experiments: 2 }
`;

const lab = (port: number): string => `labloop: 1
name: bench
instruments:
  pump:
    driver: new-era/ne-1000
    connect: { tcp: "127.0.0.1:${port}" }
    settings: { diameter: 26.7 mm, syringe-volume: 60 mL, rate: 25 mL/min }
`;

/** Milliseconds from SIGSTOP of a live campaign in the middle of a dose until its pump stands, with the usual watchdog. */
export async function stallTimes(count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) times.push(await stallTime(i / count));
  return times;
}

/** @param phase - 0 … 1, where in the time between two beats the process is stopped */
async function stallTime(phase: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "labloop-bench-"));
  const pump = await benchPump();
  writeFileSync(join(folder, "campaign.yaml"), CAMPAIGN);
  writeFileSync(join(folder, "lab.yaml"), lab(pump.port));
  const child = spawn(process.execPath, [MAIN, "run", "campaign.yaml", "--live", "--quiet"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
  child.stderr.resume();
  // The watchdog has the other end of stderr: both are gone when it closes.
  const ended = new Promise<void>((resolve) => {
    child.once("close", () => resolve());
  });
  await pump.until("runs");
  await new Promise((resolve) => setTimeout(resolve, 200 * phase));
  const began = performance.now();
  child.kill("SIGSTOP");
  const time = (await pump.until("stands")) - began;
  await ended;
  await pump.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  return time;
}
