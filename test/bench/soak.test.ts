import { join } from "node:path";
import { expect, it } from "vitest";
import { handles, heap } from "../../bench/rehearse/leaks.ts";
import { playBrokenOff } from "../../bench/rehearse/restarts.ts";
import { soakCampaign } from "../../bench/rehearse/soak-campaign.ts";
import { randomStream } from "../../src/base/random.ts";
import { testFolder } from "../support/labloop.ts";

/** Campaigns after which the compiler and its caches have what they need. */
const SETTLING = 2;
const CAMPAIGNS = 5;
/** MB; a campaign that was kept would be some 1 MB of journal, belief and twins, and each is run four times. */
const MOST_GROWTH = 4;

/** A campaign of half an hour, with faults in most of them. */
async function campaign(seed: number): Promise<string> {
  return soakCampaign({
    example: "examples/colour-match",
    folder: join(testFolder(), String(seed)),
    seed,
    experiments: 5,
    minutes: 5,
    rate: 3,
    hours: 1,
  });
}

it("a campaign with faults that is broken off anywhere, and resumed each time, has the journal of one that isn't; nothing of it stays behind", async () => {
  const random = randomStream(1, 0, "restarts");
  const sizes: number[] = [];
  let [before, faults] = [0, 0];
  for (let seed = 1; seed <= CAMPAIGNS; seed++) {
    const file = await campaign(seed);
    const unbroken = await playBrokenOff({ file, seed }, []);
    expect(unbroken.experiments).toBe(5);
    faults += unbroken.experiments - unbroken.measured;
    const places = [0, 1, 2].map(() => 1 + random.integer(unbroken.entries - 1));
    const breaks = [...new Set(places)].sort((a, b) => a - b);
    expect(await playBrokenOff({ file, seed }, breaks), `broken off after ${breaks.join(", ")}`).toEqual(
      unbroken,
    );
    sizes.push(heap());
    if (seed === SETTLING) before = handles();
  }
  expect(faults).toBeGreaterThan(0);
  expect(handles()).toBeLessThanOrEqual(before);
  expect((sizes.at(-1) as number) - (sizes[SETTLING - 1] as number)).toBeLessThan(MOST_GROWTH);
}, 120_000);
