import { expect, it } from "vitest";
import { bathBench, bathLab } from "../support/bath-bench.ts";
import { followed, jsonLines, labloopIn } from "../support/labloop.ts";

/** What the bath's thermometer drifts in a second, in K. */
const DRIFT = 20;

const FAULTS = `simulation:
  faults:
    - { at: 0 s, instrument: bath, fault: drift, property: temperature, per-hour: ${DRIFT * 3600} K }
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
  const lab = bathLab({ more: FAULTS });
  const folder = bathBench({ name: "drifting", budget: "experiments: 1" }, lab);
  const begun = await begunAndKilled(folder);
  const { stdout } = await labloopIn(folder, "resume", "--json", "--quiet");
  const events = jsonLines<Event>(stdout);
  const resumed = events.find(({ event }) => event === "campaign.resumed");
  const [seen] = events.flatMap(({ readings }) => readings?.temperature ?? []);
  const since = (Date.parse(resumed?.time ?? "") - begun) / 1000;
  expect(seen).toBeGreaterThan(22 + DRIFT * since);
});
