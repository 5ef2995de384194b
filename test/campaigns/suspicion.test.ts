import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { followed, jsonLines, labloopIn, replaced, testFolder } from "../support/labloop.ts";

const CAMPAIGN = `labloop: 1
name: weighing
seed: 1
lab: lab.yaml
parameters: { dose: { min: 300 uL, max: 900 uL } }
procedure:
  - { do: cyan.dispense, with: { volume: dose }, within: 2 min }
  - wait: 1 min
  - { measure: scale.weigh, as: now, times: 3, within: 30 s }
  - { do: waste.withdraw, with: { volume: 3000 uL }, within: 3 min, always: true }
  - wait: 2 min
measurements: { mass: { expression: now.weight, unit: g } }
goal: { explore: mass }
budget: { experiments: 32 }
`;

const LAB = `labloop: 1
name: weighing bench
simulation:
  start: 2030-01-01 18:00
  process: colour-mixing
  faults: [FAULTS]
instruments:
  cyan:
    driver: new-era/ne-1000
    connect: { serial: /dev/ttyUSB0 }
    settings: { diameter: 26.7 mm, syringe-volume: 60 mL, rate: 20 mL/min }
    simulated: { port: cyan }
  waste:
    driver: new-era/ne-1000
    connect: { serial: /dev/ttyUSB1 }
    settings: { diameter: 26.7 mm, syringe-volume: 60 mL, rate: 20 mL/min }
    simulated: { port: waste, supply: endless }
  scale:
    driver: mettler-toledo/mt-sics
    connect: { serial: /dev/ttyUSB2 }
    simulated: { noise: 2 mg }
`;

/** From 60 min to 66 min after the start, and from 90 min to 93 min: two experiments and one. */
const STUCK = "{ at: 60 min, for: 6 min, instrument: scale, fault: stick, property: weight }";
const DRIFTING =
  "{ at: 90 min, for: 3 min, instrument: scale, fault: drift, property: weight, per-hour: 4 g }";

interface Event {
  readonly event: string;
  readonly seq: number;
  readonly time: string;
  readonly experiment?: number;
  readonly instrument?: string;
  readonly action?: string;
  readonly suspect?: readonly { readonly what: string; readonly of?: string }[];
  readonly unusable?: readonly string[];
  readonly withheld?: true;
  readonly confirms?: { readonly experiment: number };
  readonly judgedBy?: string;
  readonly reason?: string;
}

/** A folder with a campaign that weighs nothing again and again, on a bench on which something goes wrong. */
function bench(faults: readonly string[], suspicion = ""): string {
  const folder = testFolder();
  writeFileSync(join(folder, "campaign.yaml"), CAMPAIGN + suspicion);
  writeFileSync(join(folder, "lab.yaml"), LAB.replace("FAULTS", faults.join(", ")));
  return folder;
}

async function rehearsed(folder: string, ...options: readonly string[]): Promise<Event[]> {
  const { stdout } = await labloopIn(folder, "dry-run", "campaign.yaml", "--json", "--quiet", ...options);
  return jsonLines<Event>(stdout);
}

const measured = (events: readonly Event[]): Event[] =>
  events.filter(({ event }) => event === "measurement.recorded");

const suspects = (events: readonly Event[]): Event[] =>
  measured(events).filter(({ suspect }) => suspect !== undefined);

/** Experiments that weighed while something was wrong with the balance, in minutes after the start. */
function weighedWithin(events: readonly Event[], spans: readonly (readonly [number, number])[]): number[] {
  const start = Date.parse(events[0]?.time ?? "");
  const spoilt = events.filter(({ instrument, event, time }) => {
    const minutes = (Date.parse(time) - start) / 60_000;
    return (
      event === "action.finished" &&
      instrument === "scale" &&
      spans.some(([from, to]) => minutes >= from && minutes <= to)
    );
  });
  return [...new Set(spoilt.map(({ experiment }) => experiment as number))];
}

describe("a rehearsal in which a balance sticks, and later drifts", () => {
  it.each(["1", "2", "3"])("flags exactly the experiments that were spoilt (seed %s)", async (seed) => {
    const events = await rehearsed(bench([STUCK, DRIFTING]), "--seed", seed);
    const spoilt = weighedWithin(events, [
      [60, 66],
      [90, 93],
    ]);
    expect(spoilt).toHaveLength(3);
    expect(suspects(events).map(({ experiment }) => experiment)).toEqual(spoilt);
    const what = suspects(events).map(({ suspect = [] }) => suspect.map((each) => each.what));
    expect(what[0]).toContain("stuck");
    expect(what[2]).toContain("level");
    // They are only told of: all results are used.
    expect(events.filter(({ event }) => event === "belief.updated")).toHaveLength(measured(events).length);
  });

  it("shows and exports what is unlike the others", async () => {
    const folder = bench([STUCK]);
    await rehearsed(folder);
    const { stdout } = await labloopIn(folder, "show");
    expect(stdout.match(/unlike the others/g)).toHaveLength(2);
    const all = await labloopIn(folder, "show", "--experiment", "20");
    expect(all.stdout).toMatch(/suspect {6}scale\.weigh\.weight gave \d times in a row the same reading/);
    const { stdout: csv } = await labloopIn(folder, "export", "--format", "csv");
    expect(csv).toMatch(/^20,.*stuck of scale\.weigh\.weight/m);
  });

  it("doesn't use what the campaign has discarded", async () => {
    const events = await rehearsed(bench([DRIFTING], "suspicion: { unlike: discard }\n"));
    const [spoilt, ...others] = suspects(events);
    expect(others).toEqual([]);
    expect(spoilt?.judgedBy).toBe("the campaign file");
    expect(spoilt?.unusable).not.toEqual([]);
    const learned = events.filter(({ event }) => event === "belief.updated");
    expect(learned.map(({ experiment }) => experiment)).not.toContain(spoilt?.experiment);
  });

  it("repeats once, and leaves out what the repetition doesn't agree with", async () => {
    const folder = bench([DRIFTING], "suspicion: { unlike: repeat }\n");
    const events = await rehearsed(folder);
    const [spoilt, ...others] = suspects(events);
    expect(others).toEqual([]);
    expect(spoilt?.withheld).toBe(true);
    const number = spoilt?.experiment as number;
    const learned = events.filter(({ event }) => event === "belief.updated");
    expect(learned.map(({ experiment }) => experiment)).toEqual(
      measured(events).flatMap(({ experiment }) => (experiment === number ? [] : [experiment])),
    );
    const settings = measured(events).map(({ experiment, ...each }) => [
      experiment,
      (each as never)["setting"],
    ]);
    expect(settings[number]?.[1]).toEqual(settings[number - 1]?.[1]);
    const { stdout } = await labloopIn(folder, "show", "--experiment", String(number + 1));
    expect(stdout).toContain(`repeats      experiment ${number}`);
    expect((await labloopIn(folder, "verify")).status).toBe(0);
  });

  it("uses both results where the repetition agrees", async () => {
    const lasting = replaced(DRIFTING, { "for: 3 min": "for: 5 min", "4 g": "40 g" });
    const folder = bench([lasting], "suspicion: { unlike: repeat }\n");
    const events = await rehearsed(folder);
    const [first, second] = suspects(events);
    expect(first?.withheld).toBe(true);
    expect(second?.confirms?.experiment).toBe(first?.experiment);
    const { stdout } = await labloopIn(folder, "show", "--json");
    const [shown] = jsonLines<{ measured: number; failed: number }>(stdout);
    expect(shown).toMatchObject({ measured: 32, failed: 0 });
    expect((await labloopIn(folder, "verify")).status).toBe(0);
  });
});

describe("a rehearsal in which a pump carries out everything twice", () => {
  it("tells that the dispensing takes too long while it goes on", async () => {
    const twice = "{ at: 60 min, for: 3 min, instrument: cyan, fault: twice }";
    const events = await rehearsed(bench([twice]));
    const overdue = events.filter(({ event }) => event === "action.overdue");
    expect(overdue).toMatchObject([{ instrument: "cyan", action: "dispense", then: "note" }]);
    const failed = events.find(({ event }) => event === "action.failed");
    // Between them is the alarm that it raised, and cleared at its end.
    expect(failed?.seq).toBe((overdue[0]?.seq ?? 0) + 3);
  });
});

describe("a simulated campaign in a database with others", () => {
  it("gives the same journal byte for byte, unless it is asked to learn from them", async () => {
    const folder = bench([STUCK]);
    const first = await labloopIn(folder, "dry-run", "campaign.yaml", "--json", "--quiet");
    await rehearsed(folder, "--seed", "7");
    const second = await labloopIn(folder, "dry-run", "campaign.yaml", "--json", "--quiet");
    expect(second.stdout).toBe(first.stdout);
    const asked = await labloopIn(folder, "dry-run", "campaign.yaml", "--json", "--quiet", "--history");
    expect(asked.stdout).not.toBe(first.stdout);
  });

  it("flags from the first experiment on what earlier campaigns showed to be unusual", async () => {
    const folder = bench([]);
    await rehearsed(folder);
    const early = replaced(DRIFTING, { "at: 90 min": "at: 5 min" });
    const lab = readFileSync(join(folder, "lab.yaml"), "utf8");
    writeFileSync(join(folder, "lab.yaml"), replaced(lab, { "faults: []": `faults: [${early}]` }));
    const alone = await rehearsed(folder);
    const [spoilt] = weighedWithin(alone, [[5, 8]]);
    expect(spoilt).toBeLessThan(8);
    expect(suspects(alone).map(({ experiment }) => experiment)).not.toContain(spoilt);
    const taught = await rehearsed(folder, "--history");
    expect(suspects(taught)[0]?.experiment).toBe(spoilt);
  });

  it("goes on after a kill with what it had learned, whatever the database has learned since", async () => {
    const folder = bench([STUCK, DRIFTING]);
    await rehearsed(folder, "--seed", "5");
    const words = ["dry-run", "campaign.yaml", "--history"];
    const whole = await labloopIn(folder, ...words, "--json", "--quiet");
    const other = bench([STUCK, DRIFTING]);
    await rehearsed(other, "--seed", "5");
    const killed = await followed<Event>(other, words, ({ seq }, signal) => {
      if (seq === 120) signal("SIGKILL");
    });
    expect(killed.status).toBeUndefined();
    await rehearsed(other, "--seed", "6");
    const id = (jsonLines<{ campaign: string }>(whole.stdout)[0] as { campaign: string }).campaign;
    expect((await labloopIn(other, "resume", id, "--quiet")).status).toBe(0);
    const hashOf = async (where: string): Promise<unknown> =>
      jsonLines((await labloopIn(where, "verify", id, "--json", "--quiet")).stdout)[0]?.["hash"];
    expect(await hashOf(other)).toBe(await hashOf(folder));
  });
});

describe("labloop instruments usual", () => {
  it("tells how long actions take and what is read", async () => {
    const folder = bench([]);
    await rehearsed(folder);
    const { stdout } = await labloopIn(folder, "instruments", "usual", "lab.yaml", "--simulate");
    expect(stdout).toMatch(/cyan\.dispense +32 +\d/);
    expect(stdout).toMatch(/scale\.weigh\.weight +96 .* g$/m);
    const real = await labloopIn(folder, "instruments", "usual", "lab.yaml");
    expect(real.stdout).toBe("");
    expect(real.stderr).toContain("no campaign on the real instruments");
  });
});

describe("a campaign file that says what becomes of what is unusual", () => {
  it("is refused where it names an action that the procedure doesn't have", async () => {
    const folder = bench([], "suspicion: { overdue: { scale.wiegh: retry } }\n");
    const { status, stderr } = await labloopIn(folder, "validate", "campaign.yaml");
    expect(status).toBe(2);
    expect(stderr).toMatch(/campaign\.yaml:\d+:\d+: the procedure has no "scale\.wiegh"/);
  });
});
