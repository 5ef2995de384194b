import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bathCampaign, bathLab } from "../support/bath-bench.ts";
import { followed, jsonLines, labloopIn, replaced, testFolder } from "../support/labloop.ts";

interface Event {
  readonly event: string;
  readonly campaign: string;
  readonly time: string;
  readonly experiment?: number;
  readonly reason?: string;
  readonly code?: string;
  readonly states?: Readonly<Record<string, string>>;
  readonly left?: Readonly<Record<string, string>>;
  readonly together?: readonly string[];
}

/** A folder with two campaigns and their lab. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = testFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function example(file: string, changes: Readonly<Record<string, string>> = {}): string {
  return replaced(readFileSync(join("examples", file), "utf8"), changes);
}

/** A colour match that ends with its budget of experiments. */
function colour(name: string, experiments: number, more = ""): string {
  return example("colour-match/campaign.yaml", {
    "name: colour-match": `name: ${name}`,
    "seed: 1": `seed: ${name.length}\n${more}`,
    "experiments: 40": `experiments: ${experiments}`,
    "enough: 0.05 AU": "enough: 0.0001 AU",
  });
}

const COLOUR_LAB = example("colour-match/lab.yaml");

function of(events: readonly Event[], name: string): Event[] {
  return events.filter(({ campaign }) => campaign.startsWith(`${name}-`));
}

/** When experiments had the lab, in the order in which they began. */
function spansOf(events: readonly Event[]): { from: number; to: number }[] {
  const begun = events.filter(({ event }) => event === "lease.given").map(({ time }) => Date.parse(time));
  const ended = events.filter(({ event }) => event === "belief.updated").map(({ time }) => Date.parse(time));
  return begun.map((from, i) => ({ from, to: ended[i] ?? Infinity }));
}

function conclusion(events: readonly Event[], name: string): string | undefined {
  return of(events, name).find(({ event }) => event === "campaign.concluded")?.reason;
}

const TOGETHER = ["run", "a.yaml", "b.yaml", "--simulate"] as const;
const QUIET = ["--json", "--quiet"] as const;

describe("two campaigns on one bench, in virtual time", () => {
  const run = (a: string, b: string) =>
    labloopIn(folderOf({ "a.yaml": a, "b.yaml": b, "lab.yaml": COLOUR_LAB }), ...TOGETHER, ...QUIET);

  it("both conclude, never have an experiment at once, and leave everything parked", async () => {
    const folder = folderOf({
      "a.yaml": colour("one", 6),
      "b.yaml": colour("two-", 6),
      "lab.yaml": COLOUR_LAB,
    });
    const { stdout, status } = await labloopIn(folder, ...TOGETHER, ...QUIET);
    const events = jsonLines<Event>(stdout);
    expect(status).toBe(0);
    expect(conclusion(events, "one")).toBe("budget of experiments used");
    expect(conclusion(events, "two-")).toBe("budget of experiments used");
    const spans = [...spansOf(of(events, "one")), ...spansOf(of(events, "two-"))].sort(
      (x, y) => x.from - y.from,
    );
    expect(spans).toHaveLength(12);
    for (const [i, { to }] of spans.entries()) expect(to).toBeLessThanOrEqual(spans[i + 1]?.from ?? Infinity);
    const [first, last] = events.filter(({ event }) => event === "instruments.parked");
    const instruments = ["cyan", "magenta", "sensor", "waste", "water", "yellow"];
    expect(first?.states).toEqual({});
    expect(Object.keys(first?.left ?? {}).sort()).toEqual(instruments);
    expect(new Set(Object.values(first?.left ?? {}))).toEqual(new Set([last?.campaign]));
    expect(last?.left).toBeUndefined();
    expect(Object.keys(last?.states ?? {}).sort()).toEqual(instruments);
    const verified = await labloopIn(folder, "verify", ...QUIET);
    expect(verified.status).toBe(0);
    expect(jsonLines(verified.stdout)).toMatchObject([{ intact: true }, { intact: true }]);
  });

  it("print the same again, byte for byte", async () => {
    const [a, b] = [colour("one", 5), colour("two-", 5)];
    const first = await run(a, b);
    expect((await run(a, b)).stdout).toBe(first.stdout);
  });

  it("the urgent one has the bench until it is done", async () => {
    const { stdout } = await run(colour("usual", 3), colour("urgent", 4, "priority: 1\n"));
    const events = jsonLines<Event>(stdout);
    const done = of(events, "urgent").find(({ event }) => event === "campaign.concluded")?.time ?? "";
    const begun = spansOf(of(events, "usual")).map(({ from }) => from);
    expect(begun).toHaveLength(3);
    expect(Math.min(...begun)).toBeGreaterThanOrEqual(spansOf(of(events, "urgent"))[3]?.to ?? Infinity);
    expect(done).not.toBe("");
  });

  it("one with twice the share has two experiments to one while both run", async () => {
    const { stdout } = await run(colour("double", 12, "share: 2\n"), colour("single", 12));
    const events = jsonLines<Event>(stdout);
    const end = Math.max(...spansOf(of(events, "double")).map(({ to }) => to));
    const beside = spansOf(of(events, "single")).filter(({ to }) => to <= end);
    // Experiments last about as long as each other; turns are whole experiments.
    expect(beside.length).toBeGreaterThanOrEqual(5);
    expect(beside.length).toBeLessThanOrEqual(7);
  });

  it("waiting for the other is no time of the budget", async () => {
    const timed = (name: string): string => replaced(colour(name, 20), { "time: 12 h": "time: 1 h" });
    const { stdout } = await run(timed("one"), timed("two-"));
    const events = jsonLines<Event>(stdout);
    expect(conclusion(events, "one")).toBe("budget of time used");
    const alone = await labloopIn(
      folderOf({ "a.yaml": timed("one"), "lab.yaml": COLOUR_LAB }),
      "run",
      "a.yaml",
      "--simulate",
      ...QUIET,
    );
    const measured = (all: readonly Event[]): number =>
      all.filter(({ event }) => event === "measurement.recorded").length;
    const difference = measured(of(events, "one")) - measured(jsonLines<Event>(alone.stdout));
    expect(Math.abs(difference)).toBeLessThanOrEqual(1);
  });

  it("rest between their windows with everything safe, and share the next one", async () => {
    const lab = replaced(COLOUR_LAB, {
      "instruments:\n":
        'window: { zone: Europe/Berlin, from: "19:00", to: "19:20", park: 5 min }\ninstruments:\n',
    });
    const files = { "a.yaml": colour("one", 2), "b.yaml": colour("two-", 2), "lab.yaml": lab };
    const { stdout, status } = await labloopIn(folderOf(files), ...TOGETHER, ...QUIET);
    const events = jsonLines<Event>(stdout);
    expect(status).toBe(0);
    const [first, second] = events.filter(({ event }) => event === "instruments.rested");
    expect(Object.keys(first?.left ?? {})).toHaveLength(6);
    expect(Object.keys(second?.states ?? {})).toHaveLength(6);
    const opened = events.filter(
      ({ event, time }) => event === "window.opened" && time.startsWith("2030-01-02"),
    );
    expect(opened.map(({ campaign }) => campaign.slice(0, 3)).sort()).toEqual(["one", "two"]);
    expect(conclusion(events, "one")).toBe("budget of experiments used");
    expect(conclusion(events, "two-")).toBe("budget of experiments used");
  });

  it("each line at the terminal says which campaign it is of", async () => {
    const folder = folderOf({
      "a.yaml": colour("one", 2),
      "b.yaml": colour("two-", 2),
      "lab.yaml": COLOUR_LAB,
    });
    const { stderr } = await labloopIn(folder, "dry-run", "a.yaml", "b.yaml");
    const lines = stderr.split("\n").filter((line) => line !== "" && !line.startsWith("note:"));
    expect(lines.filter((line) => !/^(one|two-) \| /.test(line))).toEqual([]);
    expect(stderr).toContain("one | #1");
    expect(stderr).toContain("two- | #1");
  });

  it("can't be resumed one by one, since each depends on the other", async () => {
    const folder = folderOf({
      "a.yaml": colour("one", 9),
      "b.yaml": colour("two-", 9),
      "lab.yaml": COLOUR_LAB,
    });
    await followed<Event>(folder, TOGETHER, ({ event }, signal) => {
      if (event === "belief.updated") signal("SIGKILL");
    });
    const { status, stderr } = await labloopIn(folder, "resume", "one");
    expect(stderr).toContain("[campaign.ran-together]");
    expect(status).toBe(2);
  });
});

describe("two campaigns that begin together", () => {
  it("need one lab file", async () => {
    const other = replaced(colour("two-", 2), { "lab: lab.yaml": "lab: other.yaml" });
    const files = {
      "a.yaml": colour("one", 2),
      "b.yaml": other,
      "lab.yaml": COLOUR_LAB,
      "other.yaml": COLOUR_LAB,
    };
    const { status, stderr } = await labloopIn(folderOf(files), ...TOGETHER);
    expect(stderr).toContain("a.yaml names lab.yaml and b.yaml names other.yaml");
    expect(stderr).toContain("[cli.not-one-lab]");
    expect(status).toBe(2);
  });

  it("are two, not one twice", async () => {
    const folder = folderOf({
      "a.yaml": colour("one", 2),
      "b.yaml": colour("one", 2),
      "lab.yaml": COLOUR_LAB,
    });
    const { status, stderr } = await labloopIn(folder, ...TOGETHER);
    expect(stderr).toContain("[cli.same-campaign]");
    expect(status).toBe(2);
  });

  it("are told of every fault in both files", async () => {
    const bad = replaced(colour("one", 2), { "minimise: distance": "minimise: nothing" });
    const folder = folderOf({ "a.yaml": bad, "b.yaml": `${bad}\nunheard: of\n`, "lab.yaml": COLOUR_LAB });
    const { status, stderr } = await labloopIn(folder, ...TOGETHER);
    expect(stderr).toMatch(/a\.yaml:\d+/);
    expect(stderr).toMatch(/b\.yaml:\d+/);
    expect(status).toBe(2);
  });
});

it("an interlock that trips ends both campaigns, with every instrument safe", async () => {
  const settings = "  settings: { delay: 60 s }\n";
  const lab = example("flow-reaction/lab.yaml", {
    [settings]: `${settings}  faults: [{ at: 1 h, instrument: bath, fault: overheat }]\n`,
  });
  const campaign = (name: string): string =>
    example("flow-reaction/campaign.yaml", { "name: flow-reaction": `name: ${name}` });
  const folder = folderOf({ "a.yaml": campaign("one"), "b.yaml": campaign("two-"), "lab.yaml": lab });
  const { stdout, status } = await labloopIn(folder, ...TOGETHER, ...QUIET);
  const events = jsonLines<Event>(stdout);
  expect(status).toBe(4);
  for (const name of ["one", "two-"]) {
    expect(conclusion(events, name)).toBe("interlock");
    const trips = of(events, name).filter(({ event }) => event === "interlock.tripped");
    expect(trips).toHaveLength(1);
    const parked = of(events, name).find(({ event }) => event === "instruments.parked");
    expect(parked?.left).toBeUndefined();
    expect(Object.keys(parked?.states ?? {}).sort()).toEqual(["amine", "aryl", "bath", "hplc", "solvent"]);
    expect(parked?.states?.["bath"]).toContain("running 0");
  }
});

/** Two campaigns with a bath, which take some tenths of a second an experiment. */
function baths(lab: string, b: Readonly<Record<string, string>> = {}, a: typeof b = {}): string {
  const campaign = (name: string): string => bathCampaign({ name, budget: "experiments: 10" });
  return folderOf({
    "a.yaml": replaced(campaign("one"), a),
    "b.yaml": replaced(campaign("two-"), { "seed: 1": "seed: 2", ...b }),
    "lab.yaml": lab,
  });
}

const REAL_TIME = [...TOGETHER, "--real-time"];

describe("two campaigns in real time", () => {
  it("that use different instruments have their experiments at the same time", async () => {
    const lab = replaced(bathLab(), {
      "  bath: { driver: julabo/circulator }\n":
        "  bath: { driver: julabo/circulator }\n  other: { driver: julabo/circulator }\n",
    });
    const folder = baths(lab, { "seed: 2": "seed: 2\ninstruments: { bath: other }" });
    const { events } = await followed<Event>(folder, REAL_TIME, () => undefined);
    const [one, two] = [spansOf(of(events, "one")), spansOf(of(events, "two-"))];
    expect(one.some((x) => two.some((y) => x.from < y.to && y.from < x.to))).toBe(true);
    const parked = events.filter(({ event }) => event === "instruments.parked");
    expect(parked.map(({ left }) => left)).toEqual([undefined, undefined]);
  });

  it("go on without one that a person stops", async () => {
    let asked = false;
    const folder = baths(bathLab());
    const { events, status } = await followed<Event>(folder, REAL_TIME, async ({ event, campaign }) => {
      if (asked || event !== "belief.updated" || !campaign.startsWith("one-")) return;
      asked = true;
      const stopped = await labloopIn(folder, "stop", campaign);
      expect(stopped.status).toBe(0);
    });
    expect(conclusion(events, "one")).toBe("stopped by a person");
    expect(conclusion(events, "two-")).toBe("budget of experiments used");
    expect(spansOf(of(events, "two-"))).toHaveLength(10);
    expect(status).toBe(3);
  });

  it("go on without one that a person aborts in the middle of its experiment, whose instruments are made safe", async () => {
    let asked = false;
    const folder = baths(bathLab());
    const { events, status } = await followed<Event>(folder, REAL_TIME, async ({ event, campaign }) => {
      if (asked || event !== "action.finished" || !campaign.startsWith("one-")) return;
      asked = true;
      await labloopIn(folder, "abort", campaign);
    });
    expect(conclusion(events, "one")).toBe("aborted by a person");
    expect(conclusion(events, "two-")).toBe("budget of experiments used");
    const [aborted, last] = events.filter(({ event }) => event === "instruments.parked");
    // It was aborted either in an experiment, or while the other one had the bath.
    expect(Object.keys({ ...aborted?.states, ...aborted?.left })).toEqual(["bath"]);
    expect(Object.keys(last?.states ?? {})).toEqual(["bath"]);
    expect(status).toBe(3);
  });

  it("a paused one leaves the lab to the other", async () => {
    let asked = false;
    const folder = baths(bathLab());
    const { events } = await followed<Event>(folder, REAL_TIME, async ({ event, campaign }) => {
      if (event === "campaign.concluded" && campaign.startsWith("two-"))
        await labloopIn(folder, "resume", "one");
      if (asked || event !== "belief.updated" || !campaign.startsWith("one-")) return;
      asked = true;
      await labloopIn(folder, "pause", campaign);
    });
    expect(conclusion(events, "two-")).toBe("budget of experiments used");
    expect(conclusion(events, "one")).toBe("budget of experiments used");
    expect(events.at(-1)?.campaign.startsWith("one-")).toBe(true);
  });

  it("are halted both when one is", async () => {
    let asked = false;
    const folder = baths(bathLab());
    const { events, status } = await followed<Event>(folder, REAL_TIME, async ({ event, campaign }) => {
      if (asked || event !== "belief.updated") return;
      asked = true;
      await labloopIn(folder, "halt", campaign);
    });
    expect(conclusion(events, "one")).toBe("halted by a person");
    expect(conclusion(events, "two-")).toBe("halted by a person");
    expect(status).toBe(4);
  });

  it("are stopped both by Ctrl-C", async () => {
    let asked = false;
    const { events, status } = await followed<Event>(baths(bathLab()), REAL_TIME, ({ event }, signal) => {
      if (!asked && event === "belief.updated") signal("SIGINT");
      asked ||= event === "belief.updated";
    });
    expect(conclusion(events, "one")).toBe("stopped by a person");
    expect(conclusion(events, "two-")).toBe("stopped by a person");
    expect(status).toBe(3);
  });

  it("killed together, are resumed one by one", async () => {
    const folder = baths(bathLab());
    await followed<Event>(folder, REAL_TIME, ({ event, experiment }, signal) => {
      if (event === "belief.updated" && experiment === 3) signal("SIGKILL");
    });
    for (const name of ["two-", "one"]) {
      const { stdout, status } = await labloopIn(folder, "resume", name, ...QUIET);
      expect(status).toBe(0);
      const events = jsonLines<Event>(stdout);
      expect(conclusion(events, name)).toBe("budget of experiments used");
      expect(events.some(({ event }) => event === "lease.given")).toBe(true);
      expect(events.find(({ event }) => event === "instruments.parked")?.left).toBeUndefined();
    }
    const verified = await labloopIn(folder, "verify", ...QUIET);
    expect(verified.status).toBe(0);
    expect(jsonLines(verified.stdout)).toMatchObject([{ intact: true }, { intact: true }]);
  });
});
