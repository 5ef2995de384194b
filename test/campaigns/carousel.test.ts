import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { killedAt } from "../support/killed-at.ts";
import { followed, jsonLines, labloopIn, replaced, testFolder } from "../support/labloop.ts";

const RUN = ["run", "campaign.yaml", "--simulate", "--json", "--quiet"];

interface Event {
  readonly event: string;
  readonly time: string;
  readonly seq?: number;
  readonly experiment?: number;
  readonly action?: string;
  readonly request?: string;
  readonly instrument?: string;
  readonly arguments?: Readonly<Record<string, number>>;
}

/** The colour match on a carousel, shortened. */
function carousel(changes: Readonly<Record<string, string>> = {}): string {
  const folder = testFolder();
  const example = (file: string): string => readFileSync(join("examples/colour-carousel", file), "utf8");
  const campaign = replaced(example("campaign.yaml"), {
    "experiments: 40": "experiments: 8",
    "goal: { minimise: distance, enough: 0.05 AU }": "goal: { minimise: distance }",
    ...changes,
  });
  writeFileSync(join(folder, "campaign.yaml"), campaign);
  writeFileSync(join(folder, "lab.yaml"), example("lab.yaml"));
  return folder;
}

async function run(folder: string): Promise<{ readonly stdout: string; readonly events: readonly Event[] }> {
  const { stdout, stderr, status } = await labloopIn(folder, ...RUN);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  return { stdout, events: jsonLines(stdout) as unknown as Event[] };
}

function hoursOf(events: readonly Event[]): number {
  const time = (event: Event | undefined): number => Date.parse(event?.time ?? "");
  return (time(events.at(-1)) - time(events[0])) / 3_600_000;
}

describe("experiments on a carousel", () => {
  it("take less than half of the time with four vials, and each has one to itself", async () => {
    const four = await run(carousel());
    const one = await run(
      carousel({ "at_once: 4 # while the colour of one evens out, the next is mixed": "at_once: 1" }),
    );
    expect(hoursOf(one.events) / hoursOf(four.events)).toBeGreaterThan(2);
    const vialOf = (event: Event): number | undefined => event.arguments?.["position"];
    const turns = four.events.filter(
      ({ event, instrument }) => event === "action.finished" && instrument === "carousel",
    );
    const vials = new Map<number, Set<number | undefined>>();
    for (const turn of turns)
      vials.set(turn.experiment ?? 0, new Set([...(vials.get(turn.experiment ?? 0) ?? []), vialOf(turn)]));
    expect([...vials.values()].every((each) => each.size === 1)).toBe(true);
    expect(new Set([...vials.values()].flatMap((each) => [...each]))).toEqual(new Set([1, 2, 3, 4]));
  });

  it("go on to the same journal after a kill in the middle of several", async () => {
    const unbroken = await run(carousel());
    const folder = carousel();
    await killedAt(folder, RUN, 60);
    const resumed = await labloopIn(folder, "resume", "--json", "--quiet");
    expect(resumed.stderr).toBe("");
    expect(resumed.stdout).toBe(unbroken.stdout);
    const { stdout } = await labloopIn(folder, "verify", "--json", "--quiet");
    expect(jsonLines(stdout)).toMatchObject([{ intact: true }]);
  });

  it("are told apart by who discards a sample", async () => {
    const folder = carousel({
      "wait: 5 min # until diffusion has evened out the colour": "wait: 1 h",
      "at_once: 4": "at_once: 2",
      "by: 8 min": "by: 2 h",
    });
    const told: string[] = [];
    const { events } = await followed<Event>(
      folder,
      ["run", "campaign.yaml", "--simulate", "--real-time"],
      async ({ event, experiment, instrument }) => {
        // The first one waits for an hour, and the second one is being mixed.
        if (event !== "action.finished" || experiment !== 2 || instrument !== "carousel") return;
        told.push((await labloopIn(folder, "discard", "--quiet")).stderr);
        await labloopIn(folder, "stop", "--quiet");
        await labloopIn(folder, "discard", "--experiment", "1", "--quiet", "--why", "it was spilled");
        await labloopIn(folder, "discard", "--experiment", "2", "--quiet");
      },
    );
    expect(told.join("")).toContain("has several experiments under way: 1, 2");
    const requests = events.filter(({ event }) => event === "person.requested");
    expect(requests[1]).toMatchObject({ request: "discard", experiment: 1, why: "it was spilled" });
    expect(requests.at(-1)).toMatchObject({ request: "discard", experiment: 2 });
    expect(events.some(({ event }) => event === "measurement.recorded")).toBe(false);
    expect(events.at(-1)).toMatchObject({ event: "campaign.concluded", experiments: 2 });
  });
});
