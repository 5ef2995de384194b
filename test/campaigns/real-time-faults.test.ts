import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { followed, jsonLines, labloopIn, testFolder } from "../support/labloop.ts";

/** What the bath's thermometer drifts in a second, in K. */
const DRIFT = 20;

const CAMPAIGN = `labloop: 1
name: drifting
seed: 1
parameters:
  setpoint: { min: 20 degC, max: 30 degC, step: 1 degC }
procedure:
  - { do: bath.set-setpoint, with: { setpoint: setpoint }, within: 1 min }
  - { measure: bath.read, as: seen, within: 1 min }
measurements:
  temperature: { expression: seen.temperature, unit: degC, noise: 1 K }
goal: { maximise: temperature }
budget: { experiments: 1 }
`;

const LAB = `labloop: 1
name: bench
simulation:
  faults:
    - { at: 0 s, instrument: bath, fault: drift, property: temperature, per-hour: ${DRIFT * 3600} K }
instruments:
  bath: { driver: julabo/circulator }
`;

interface Event {
  readonly event: string;
  readonly time: string;
  readonly readings?: { readonly temperature?: number };
}

/** Runs a campaign in real time, and kills its process once it has begun; when that was. */
async function begunAndKilled(folder: string): Promise<number> {
  let begun = Number.NaN;
  await followed<Event>(
    folder,
    ["run", "campaign.yaml", "--simulate", "--real-time"],
    ({ event, time }, signal) => {
      if (event === "campaign.started") begun = Date.parse(time);
      signal("SIGKILL");
    },
  );
  return begun;
}

it("a fault in real time goes on counting from the run's start when the campaign is resumed", async () => {
  const folder = testFolder();
  writeFileSync(join(folder, "campaign.yaml"), CAMPAIGN);
  writeFileSync(join(folder, "lab.yaml"), LAB);
  const begun = await begunAndKilled(folder);
  const { stdout } = await labloopIn(folder, "resume", "--json", "--quiet");
  const events = jsonLines<Event>(stdout);
  const resumed = events.find(({ event }) => event === "campaign.resumed");
  const [seen] = events.flatMap(({ readings }) => readings?.temperature ?? []);
  const since = (Date.parse(resumed?.time ?? "") - begun) / 1000;
  expect(seen).toBeGreaterThan(22 + DRIFT * since);
});
