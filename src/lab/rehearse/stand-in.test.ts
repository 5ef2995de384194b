import { expect, it } from "vitest";
import { driver } from "../../../drivers/julabo/circulator/index.ts";
import { virtualTime } from "../virtual-time.ts";
import type { LearnedDurations } from "./learned-durations.ts";
import { paced } from "./learned-durations.ts";
import { standIn } from "./stand-in.ts";

const CALL = { action: "read", arguments: {}, key: "c-1" };

/** How long a reading takes, and what is read. */
async function reading(durations: LearnedDurations) {
  const clock = virtualTime(0);
  const { declaration } = driver;
  const instrument = standIn({ name: "bath", declaration, clock, seed: 1, durations });
  const outcome = await paced(instrument, { name: "bath", durations, clock, seed: 1 }).perform(
    CALL,
    new AbortController().signal,
  );
  return { took: clock.now(), outcome };
}

it("a stand-in takes a second for an action of which nothing is known, and reads everything that is declared", async () => {
  const { took, outcome } = await reading({});
  expect(took).toBe(1000);
  if (outcome.kind !== "done") throw new Error("a stand-in does everything");
  expect(Object.keys(outcome.readings)).toEqual(
    Object.keys(driver.declaration.actions["read"]?.readings ?? {}),
  );
  for (const value of Object.values(outcome.readings)) expect(Math.abs(value - 1)).toBeLessThan(0.06);
});

it("a stand-in takes as long as the real instrument took, also where that is less than a second", async () => {
  const samples = (took: number) => Array.from({ length: 8 }, () => ({ took, estimate: 1000 }));
  expect((await reading({ "bath.read": samples(40_000) })).took).toBeCloseTo(40_000, 3);
  expect((await reading({ "bath.read": samples(300) })).took).toBeCloseTo(300, 3);
});
