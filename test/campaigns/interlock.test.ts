import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { emulatedTwin } from "../commands/emulated-twin.ts";
import { followed, jsonLines, labloopIn, replaced, testFolder } from "../support/labloop.ts";

const EXAMPLE = "examples/flow-reaction";
const PROCESS = "  settings: { delay: 60 s }\n";

interface Event {
  readonly event: string;
  readonly time: string;
  readonly interlock?: string;
  readonly states?: Readonly<Record<string, string>>;
  readonly unknown?: readonly unknown[];
}

/** A folder with the example, in whose lab something is changed. */
function bench(changes: Readonly<Record<string, string>>): string {
  const folder = testFolder();
  copyFileSync(join(EXAMPLE, "campaign.yaml"), join(folder, "campaign.yaml"));
  const lab = readFileSync(join(EXAMPLE, "lab.yaml"), "utf8");
  writeFileSync(join(folder, "lab.yaml"), replaced(lab, changes));
  return folder;
}

const overheating = (): string =>
  bench({ [PROCESS]: `${PROCESS}  faults: [{ at: 1 h, instrument: bath, fault: overheat }]\n` });

describe("a campaign whose bath overheats", () => {
  it("is aborted by the interlock with everything parked, and tells what it tripped on", async () => {
    const folder = overheating();
    const { status, stdout } = await labloopIn(folder, "dry-run", "campaign.yaml", "--json", "--quiet");
    const events = jsonLines<Event>(stdout);
    const at = events.findIndex(({ event }) => event === "interlock.tripped");
    expect(events[at]).toMatchObject({
      interlock: "bath-hot",
      condition: "above 128 degC",
      then: "abort",
      readings: [{ name: "bath.temperature", unit: "degC", value: expect.any(Number) }],
    });
    const after = events.slice(at);
    const parked = after.find(({ event }) => event === "instruments.parked");
    expect(parked?.unknown).toEqual([]);
    expect(Object.keys(parked?.states ?? {}).sort()).toEqual(["amine", "aryl", "bath", "hplc", "solvent"]);
    expect(parked?.states?.["bath"]).toContain("running 0");
    expect(after.filter(({ event }) => event === "action.finished")).toEqual([]);
    expect(events.at(-1)).toMatchObject({ event: "campaign.concluded", reason: "interlock" });
    expect(status).toBe(4);
    const verified = await labloopIn(folder, "verify");
    expect(verified.status).toBe(0);
  });

  it("has a safe procedure carried out first, whose failing steps keep nothing from being made safe", async () => {
    const lab = join(overheating(), "lab.yaml");
    const steps =
      "safe_procedures:\n  quench: [{ do: solvent.dispense, with: { volume: 1 mL }, within: 1 s }, { do: bath.stop }]\n";
    const text = readFileSync(lab, "utf8");
    writeFileSync(lab, `${replaced(text, { "then: abort": "then: abort\n    procedure: quench" })}${steps}`);
    const { status, stdout } = await labloopIn(dirname(lab), "dry-run", "campaign.yaml", "--json", "--quiet");
    const events = jsonLines<Event & { unknown?: { message: string }[] }>(stdout);
    const parked = events.find(({ event }) => event === "instruments.parked");
    // A millilitre takes longer than a second.
    expect(parked?.unknown?.map(({ message }) => message)).toEqual([
      expect.stringContaining("solvent.dispense of the safe procedure failed"),
    ]);
    expect(parked?.states?.["bath"]).toContain("running 0");
    expect(status).toBe(6);
  });

  it("is halted: told to be safe before the trip is written down", async () => {
    const folder = bench({
      [PROCESS]: `${PROCESS}  faults: [{ at: 1 h, instrument: bath, fault: overheat }]\n`,
      "then: abort": "then: halt",
    });
    const { status, stdout } = await labloopIn(folder, "dry-run", "campaign.yaml", "--json", "--quiet");
    const events = jsonLines<Event>(stdout);
    expect(events.find(({ event }) => event === "interlock.tripped")).toMatchObject({ then: "halt" });
    expect(events.at(-1)).toMatchObject({ event: "campaign.concluded", reason: "interlock" });
    expect(status).toBe(4);
  });

  it("goes the same way twice, byte for byte", async () => {
    const run = ["dry-run", "campaign.yaml", "--json", "--quiet"] as const;
    const folder = overheating();
    const first = await labloopIn(folder, ...run);
    const second = await labloopIn(folder, ...run, { LABLOOP_DB: "another.db" });
    expect(second.stdout).toBe(first.stdout);
  });

  it("shows the trip until somebody has acknowledged it, and afterwards by whom", async () => {
    const folder = overheating();
    await labloopIn(folder, "dry-run", "campaign.yaml", "--quiet");
    const before = await labloopIn(folder, "show");
    expect(before.stdout).toMatch(/tripped {6}"bath-hot", above 128 degC, at .*: abort\n/);
    expect(before.stdout).toMatch(/bath\.temperature 12[89]\.\d+ degC at /);
    expect(before.stdout).toContain("not acknowledged");
    const acknowledged = await labloopIn(folder, "acknowledge");
    expect(acknowledged.stderr).toContain('acknowledged: interlock "bath-hot" tripped: bath.temperature');
    expect(acknowledged.status).toBe(0);
    const [after] = jsonLines<{ trips: unknown }>((await labloopIn(folder, "show", "--json")).stdout);
    expect(after?.trips).toMatchObject([{ interlock: "bath-hot", acknowledged: { by: expect.any(String) } }]);
  });

  it("is watched with its trip, and the same exit code", async () => {
    const folder = overheating();
    await labloopIn(folder, "dry-run", "campaign.yaml", "--quiet");
    const { status, stderr } = await labloopIn(folder, "watch");
    expect(stderr).toContain('abort: interlock "bath-hot" tripped: bath.temperature above 128 degC');
    expect(status).toBe(4);
  });
});

describe("a campaign that an interlock pauses", () => {
  const NARROW = {
    "    max: 128 degC\n    hysteresis: 3 K\n": "    max: 100 degC\n",
    "then: abort": "then: pause",
  };

  it("waits until a person acknowledges each trip, and goes on then", async () => {
    const folder = bench(NARROW);
    const asked: (number | null)[] = [];
    const { events, status } = await followed<Event & { readonly request?: string }>(
      folder,
      ["dry-run", "campaign.yaml"],
      async ({ event }) => {
        if (event !== "interlock.tripped") return;
        // The bath stays that hot for a while: a trip that is acknowledged comes again. Then a person ends it.
        const words = asked.length === 0 ? ["acknowledge", "--resume"] : ["abort"];
        asked.push((await labloopIn(folder, ...words)).status);
      },
    );
    expect(asked).toEqual([0, 0]);
    expect(status).toBe(3);
    const kinds = events.map(({ event, request }) => request ?? event);
    expect(kinds.filter((kind) => kind === "interlock.tripped")).toHaveLength(2);
    expect(kinds).toContain("resume");
    expect(kinds.indexOf("acknowledge")).toBeLessThan(kinds.lastIndexOf("interlock.tripped"));
    expect(kinds.lastIndexOf("interlock.tripped")).toBeLessThan(kinds.indexOf("abort"));
    // What is under way when it trips, the bath's way to its temperature, is let end.
    expect(kinds.slice(kinds.indexOf("interlock.tripped"), kinds.indexOf("acknowledge"))).toEqual([
      "interlock.tripped",
      "action.finished",
    ]);
  });
});

describe("a rehearsal that a person let go on after a trip", () => {
  const NARROW = {
    "    max: 128 degC\n    hysteresis: 3 K\n": "    max: 100 degC\n",
    "then: abort": "then: pause",
  };

  /** Runs until the n-th trip, at which it is acknowledged, killed or ended; what was printed. */
  async function runTo(
    folder: string,
    words: readonly string[],
    atTrip: (trip: number, kill: () => void) => Promise<unknown>,
  ): Promise<readonly string[]> {
    let trips = 0;
    const { lines } = await followed<Event>(folder, words, async ({ event }, signal) => {
      if (event !== "interlock.tripped") return;
      trips += 1;
      await atTrip(trips, () => signal("SIGKILL"));
    });
    return lines;
  }

  it("is resumed after a kill to the same journal, with what the person did at its place", async () => {
    const folder = bench(NARROW);
    const before = await runTo(folder, ["dry-run", "campaign.yaml"], async (trip, kill) =>
      trip === 1 ? labloopIn(folder, "acknowledge", "--resume") : kill(),
    );
    const after = await runTo(folder, ["resume"], async (trip) =>
      trip === 1 ? undefined : labloopIn(folder, "abort"),
    );
    expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
    expect(after.at(-1)).toContain("aborted by a person");
    const { status, stdout } = await labloopIn(folder, "verify", "--json", "--quiet");
    expect(jsonLines(stdout)[0]).toMatchObject({ intact: true, run: 1 });
    expect(status).toBe(0);
  });
});

it("a campaign without a trip has nothing to acknowledge", async () => {
  const folder = bench({});
  const campaign = readFileSync(join(folder, "campaign.yaml"), "utf8");
  writeFileSync(join(folder, "campaign.yaml"), replaced(campaign, { "experiments: 15": "experiments: 1" }));
  await labloopIn(folder, "dry-run", "campaign.yaml", "--quiet");
  const { status, stderr } = await labloopIn(folder, "acknowledge");
  expect(stderr).toContain("campaign.no-trip");
  expect(status).toBe(2);
});

describe("a lab of real instruments in which an interlock tripped", () => {
  const CAMPAIGN = `labloop: 1
name: cool
lab: lab.yaml
seed: 1
parameters: { x: { min: 0, max: 1 } }
procedure: [{ measure: bath.read, as: now, within: 1 min }]
measurements: { t: { expression: now.temperature, unit: degC, noise: 1 K } }
goal: { maximise: t }
budget: { experiments: 2 }
`;
  const lab = (address: string): string => `labloop: 1
name: bench
instruments:
  bath: { driver: julabo/circulator, connect: { tcp: "${address}" } }
interlocks:
  # The room has 22 degC.
  cold: { watch: bath.temperature, max: 10 degC, then: abort }
`;

  it("begins no other campaign before a person has acknowledged that", async () => {
    const folder = testFolder();
    const { address } = await emulatedTwin(folder, "julabo/circulator", "--tcp", "0");
    writeFileSync(join(folder, "campaign.yaml"), CAMPAIGN);
    writeFileSync(join(folder, "lab.yaml"), lab(address));
    const run = ["run", "campaign.yaml", "--live"] as const;
    const first = await labloopIn(folder, ...run);
    expect(first.stderr).toContain('abort: interlock "cold" tripped');
    expect(first.status).toBe(4);
    const second = await labloopIn(folder, ...run);
    expect(second.stderr).toContain("nobody has acknowledged that");
    expect(second.stderr).toContain("[campaign.latched]");
    expect(second.status).toBe(4);
    expect((await labloopIn(folder, "acknowledge")).status).toBe(0);
    const third = await labloopIn(folder, ...run);
    expect(third.stderr).toContain('abort: interlock "cold" tripped');
  });
});
