import { fc } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { mutated } from "./mutated.ts";
import { TARGETS } from "./targets.ts";

/** `npm run test:fuzz` asks for 100,000. */
const RUNS = Number(process.env["LABLOOP_FUZZ_RUNS"] ?? 2000);
const SEED = Number(process.env["LABLOOP_FUZZ_SEED"] ?? 20300101);
const WEIGHTS = TARGETS.reduce((sum, { weight }) => sum + weight, 0);

/** Milliseconds of one input: what takes so long hangs; the slowest needs some tens. */
const HANGS = 5000;
/** Bytes: the parsers keep modules, units and zones, but nothing of what they read. */
const MOST_GROWTH = 128 * 2 ** 20;

describe("mutated input", { timeout: 1_800_000 }, () => {
  it.each(TARGETS)(
    "of $name crashes nothing, hangs nothing, and is not kept",
    async ({ good, read, weight }) => {
      for (const text of good) await read(text);
      const numRuns = Math.ceil((RUNS * weight) / WEIGHTS);
      const before = heap();
      await fc.assert(
        fc.asyncProperty(mutated(good), async (text) => {
          const began = performance.now();
          await read(text);
          expect(performance.now() - began).toBeLessThan(HANGS);
        }),
        { numRuns, seed: SEED },
      );
      expect(heap() - before).toBeLessThan(MOST_GROWTH);
      expect(Object.keys(Object.prototype)).toEqual([]);
    },
  );
});

/** Bytes in use, after a collection where the process may ask for one (--expose-gc). */
function heap(): number {
  (globalThis as { gc?: () => void }).gc?.();
  return process.memoryUsage().heapUsed;
}
