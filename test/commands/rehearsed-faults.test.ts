import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonLines, labloopIn, replaced, testFolder } from "../support/labloop.ts";

const EXAMPLE = "examples/colour-match";
/** Half past six in the lab of the example, whose zone is an hour ahead. */
const HALF_PAST_SIX = "2030-01-01T17:30:00.000Z";

/** A folder with the example, in whose simulated lab something goes wrong. */
function rehearsal(...faults: readonly string[]): string {
  const folder = testFolder();
  copyFileSync(join(EXAMPLE, "campaign.yaml"), join(folder, "campaign.yaml"));
  const lab = readFileSync(join(EXAMPLE, "lab.yaml"), "utf8");
  const process = "  process: colour-mixing\n";
  const list = faults.map((fault) => `    - { ${fault} }\n`).join("");
  writeFileSync(join(folder, "lab.yaml"), replaced(lab, { [process]: `${process}  faults:\n${list}` }));
  return folder;
}

interface Event {
  readonly event: string;
  readonly time: string;
  readonly instrument?: string;
}

describe("a rehearsal in which an instrument is silent for five minutes", () => {
  it("fails its actions from then on, and ends all the same", async () => {
    const folder = rehearsal('at: "18:30", instrument: cyan, fault: silence, for: 5 min');
    const { status, stdout } = await labloopIn(folder, "dry-run", "campaign.yaml", "--json", "--quiet");
    const events = jsonLines<Event>(stdout);
    const failed = events.filter(({ event }) => event === "action.failed");
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.map(({ instrument }) => instrument)).toEqual(failed.map(() => "cyan"));
    expect(failed.every(({ time }) => time >= HALF_PAST_SIX && time < "2030-01-01T17:35:30")).toBe(true);
    // Before that, cyan dispensed.
    expect(events.some(({ event, instrument }) => event === "action.finished" && instrument === "cyan")).toBe(
      true,
    );
    // Three experiments failed in a row, and the silent pump couldn't say that it is safe.
    expect(events.at(-1)).toMatchObject({ event: "campaign.concluded", reason: "outcome unknown" });
    expect(status).toBe(6);
  });

  it("goes on as ever when the silence is over before anybody asks", async () => {
    const folder = rehearsal('at: "18:30", instrument: cyan, fault: silence, for: 1 s');
    const { status, stdout } = await labloopIn(folder, "dry-run", "campaign.yaml", "--json", "--quiet");
    expect(jsonLines<Event>(stdout).filter(({ event }) => event === "action.failed")).toEqual([]);
    expect(status).toBe(0);
  });
});

describe("a rehearsal in which an instrument loses its power", () => {
  it("reaches the twin: the driver notes it, and the campaign goes on", async () => {
    const folder = rehearsal("at: 30 min, instrument: cyan, fault: power");
    const { status, stderr } = await labloopIn(folder, "dry-run", "campaign.yaml");
    const noted = stderr.split("note: cyan: the pump's power was interrupted");
    // Once when it is switched on, once half an hour later, between two experiments.
    expect(noted).toHaveLength(3);
    expect(noted[1]).toContain("# 6 ");
    expect(noted[2]).toContain("# 7 ");
    expect(status).toBe(0);
  });

  it("leaves nothing behind that keeps a command alive in real time", async () => {
    const folder = rehearsal("at: 3 h, instrument: cyan, fault: power");
    const { status } = await labloopIn(
      folder,
      "instruments",
      "watch",
      "lab.yaml",
      "cyan",
      "--times",
      "1",
      "--simulate",
    );
    expect(status).toBe(0);
  });
});

describe("a rehearsal in real time", () => {
  it("counts from its own start: a thermometer drifts at once", async () => {
    const folder = testFolder();
    const drift = "fault: drift, property: temperature, per-hour: 7.2e6 K";
    writeFileSync(
      join(folder, "lab.yaml"),
      `labloop: 1
name: bench
simulation:
  faults:
    - { at: 0 s, instrument: bath, ${drift} }
instruments:
  bath: { driver: julabo/circulator }
`,
    );
    const watch = ["instruments", "watch", "lab.yaml", "bath", "temperature", "--times", "1"];
    const { status, stdout } = await labloopIn(folder, ...watch, "--simulate", "--json");
    const [reading] = jsonLines<{ value: number }>(stdout);
    // 2 K in a millisecond, of which at least one passes before the answer has come.
    expect(reading?.value).toBeGreaterThan(23);
    expect(status).toBe(0);
  });
});

describe("what is wrong with a scheduled fault", () => {
  it.each([
    [
      "a time of day",
      "at: noon, instrument: cyan, fault: silence",
      [
        'error: lab.yaml:9:13: "noon" is no time',
        '  → write "02:10", or "3 h" after the start [lab.bad-time]',
      ],
    ],
    [
      "a time of another dimension",
      "at: 3 mL, instrument: cyan, fault: silence",
      ['error: lab.yaml:9:13: "3 mL" is no time'],
    ],
    [
      "a time that no clock shows",
      'at: "25:10", instrument: cyan, fault: silence',
      ['error: lab.yaml:9:14: "25:10" is no time'],
    ],
    [
      "how long it lasts",
      'at: "18:30", instrument: cyan, fault: silence, for: 5 mL',
      ['error: lab.yaml:9:61: "5 mL" is no time', "[lab.bad-time]"],
    ],
    [
      "an instrument that there isn't",
      'at: "18:30", instrument: cyna, fault: power',
      [
        'error: lab.yaml:9:34: there is no instrument "cyna"',
        '  → did you mean "cyan"? [lab.unknown-instrument]',
      ],
    ],
    [
      "a fault that the instrument can't have",
      "at: 1 h, instrument: cyan, fault: overheat",
      [
        `error: lab.yaml:9:43: the fault "overheat" can't happen to cyan (New Era NE-1000 syringe pump)`,
        "merge, echo, duplicate, parity, disconnect, cut, stale, lie, power, twice [lab.no-such-fault]",
      ],
    ],
    [
      "a time before the start",
      "at: -3 h, instrument: cyan, fault: silence",
      [
        'error: lab.yaml:9:13: "-3 h" lies before the start',
        "  → write a time after the start of the campaign [lab.bad-time]",
      ],
    ],
    ["a fault that there isn't", 'at: "18:30", instrument: cyan, fault: silense', ["error: lab.yaml:9:47: "]],
  ])("is told with its place: %s", async (_what, fault, told) => {
    const { status, stderr } = await labloopIn(rehearsal(fault), "validate", "campaign.yaml");
    for (const part of told) expect(stderr).toContain(part);
    expect(status).toBe(2);
  });
});
