import { randomStream } from "../../base/random.ts";
import { loadSimulator } from "../driver-registry.ts";
import type { LabDescription } from "../lab-description.ts";
import type { WrittenFault } from "../lab-schema.ts";
import { possibleFaults } from "../read-faults.ts";

/** What usually goes wrong on lines and between instruments and brokers, and passes. */
const USUAL = ["silence", "deafness", "delay", "garbage", "duplicate", "disconnect"] as const;

/** Minutes that a sampled fault lasts, on the average. */
const LASTS = 2;

/**
 * Samples faults of a night: each instrument has them by a Poisson process, and each lasts for a time that is distributed
 * exponentially.
 *
 * @param rate - faults of one instrument in an hour
 * @param hours - how long the night may last
 */
export async function sampledFaults(
  { instruments, file }: Pick<LabDescription, "instruments" | "file">,
  { rate, hours, seed }: { readonly rate: number; readonly hours: number; readonly seed: number },
): Promise<WrittenFault[]> {
  const faults: WrittenFault[] = [];
  for (const [k, [instrument, { driverName }]] of Object.entries(instruments).entries()) {
    const loaded = await loadSimulator(driverName, file);
    const possible = loaded.kind === "failed" ? [] : possibleFaults(loaded.value);
    const kinds = USUAL.filter((fault) => possible.includes(fault));
    if (kinds.length === 0) continue;
    const random = randomStream(seed, k, "chaos");
    const exponential = (mean: number): number => -mean * Math.log(1 - random.uniform());
    for (let at = exponential(1 / rate); at < hours; at += exponential(1 / rate))
      faults.push({
        at: `${(at * 3600).toFixed(3)} s`,
        instrument,
        fault: kinds[Math.floor(random.uniform() * kinds.length)] ?? "silence",
        for: `${Math.max(1, exponential(LASTS * 60)).toFixed(3)} s`,
      });
  }
  return faults;
}
