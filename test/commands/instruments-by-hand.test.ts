import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Ended, jsonLines, labloopIn, testFolder } from "../support/labloop.ts";

const LAB = `labloop: 1
name: bench
instruments:
  bath:
    driver: julabo/circulator
    limits:
      reach.temperature: { max: 60 degC }
      set-setpoint.setpoint: { min: 10 degC, max: 60 degC }
  balance:
    driver: mettler-toledo/mt-sics
`;

/** A folder with a lab of a bath and a balance; `labloop instruments` is run in it. */
function bench(): (...words: string[]) => Promise<Ended> {
  const folder = testFolder();
  writeFileSync(join(folder, "lab.yaml"), LAB);
  return (...words) => labloopIn(folder, "instruments", ...words);
}

describe("labloop instruments read", () => {
  it("prints every property with its unit", async () => {
    const { status, stdout } = await bench()("read", "lab.yaml", "bath", "--simulate");
    expect(status).toBe(0);
    const lines = stdout.trim().split("\n");
    expect(lines).toEqual([
      expect.stringMatching(/^2030-01-01T18:00:\S+Z {2}temperature +22 degC$/),
      expect.stringMatching(/Z {2}setpoint +25 degC$/),
      expect.stringMatching(/Z {2}power +0 %$/),
    ]);
  });

  it("prints one property as an event", async () => {
    const { status, stdout } = await bench()("read", "lab.yaml", "bath", "setpoint", "--simulate", "--json");
    expect(status).toBe(0);
    expect(jsonLines(stdout)).toEqual([
      {
        event: "instrument.read",
        name: "bath",
        at: expect.stringMatching(/^2030-01-01T18:00:/),
        property: "setpoint",
        unit: "degC",
        kind: "value",
        value: 25,
      },
    ]);
  });
});

describe("labloop instruments set", () => {
  it("takes any unit of the quantity, and tells what was read back", async () => {
    const { status, stdout } = await bench()("set", "lab.yaml", "bath", "setpoint", "313.15K", "--simulate");
    expect(stdout).toMatch(/^setpoint +40 degC\n$/);
    expect(status).toBe(0);
  });

  it("takes a number without a unit in the property's own", async () => {
    const { stdout } = await bench()("set", "lab.yaml", "bath", "setpoint", "42", "--simulate");
    expect(stdout).toMatch(/^setpoint +42 degC\n$/);
  });

  it("tells call and outcome as an event", async () => {
    const { stdout } = await bench()("set", "lab.yaml", "bath", "setpoint", "40", "--simulate", "--json");
    expect(jsonLines(stdout)).toEqual([
      {
        event: "instrument.called",
        name: "bath",
        call: {
          action: "set-setpoint",
          arguments: { setpoint: 40 },
          key: expect.stringContaining("by hand"),
        },
        outcome: { kind: "done", readings: { setpoint: 40 } },
      },
    ]);
  });

  it.each(["60.1degC", "9.9"])("refuses %s, which is out of the lab's limits", async (value) => {
    const { status, stdout, stderr } = await bench()(
      "set",
      "lab.yaml",
      "bath",
      "setpoint",
      value,
      "--simulate",
    );
    expect(stderr).toContain('give "setpoint" between 10 degC and 60 degC');
    expect(stderr).toContain("[instrument.argument-out-of-limits]");
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });
});

describe("labloop instruments call", () => {
  it("waits in virtual time until the action is done, and prints its readings", async () => {
    const { status, stdout, stderr } = await bench()(
      "call",
      "lab.yaml",
      "bath",
      "reach",
      "temperature=30degC",
      "tolerance=0.5K",
      "--simulate",
    );
    expect(stdout).toMatch(/^temperature +(29\.[5-9]\d*|30(\.[0-4]\d*)?) degC\n$/);
    expect(stderr).toContain("bath.reach is done");
    expect(status).toBe(0);
  });

  it("refuses what is out of the lab's limits, also as an event", async () => {
    const { status, stdout } = await bench()(
      "call",
      "lab.yaml",
      "bath",
      "reach",
      "temperature=61",
      "--simulate",
      "--json",
    );
    expect(jsonLines(stdout)).toEqual([
      expect.objectContaining({ event: "error", code: "instrument.argument-out-of-limits" }),
    ]);
    expect(status).toBe(2);
  });
});

describe("labloop instruments trace", () => {
  it("prints every byte in both directions before the readings", async () => {
    const { status, stdout } = await bench()(
      "trace",
      "lab.yaml",
      "bath",
      "set-setpoint",
      "setpoint=40",
      "--simulate",
    );
    const lines = stdout.trim().split("\n");
    expect(lines.slice(0, 2)).toEqual(["> version<CR>", expect.stringMatching(/^< JULABO.*<CR><LF>$/)]);
    expect(lines).toContain("> out_sp_00 40.00<CR>");
    expect(lines.at(-1)).toMatch(/^setpoint +40 degC$/);
    expect(status).toBe(0);
  });

  it("prints with --json nothing that isn't JSON", async () => {
    const { stdout } = await bench()(
      "trace",
      "lab.yaml",
      "bath",
      "set-setpoint",
      "setpoint=40",
      "--simulate",
      "--json",
    );
    const events = jsonLines(stdout);
    expect(events[0]).toEqual({ event: "instrument.traced", name: "bath", from: ">", bytes: "version<CR>" });
    expect(events.at(-1)).toMatchObject({ event: "instrument.called", outcome: { kind: "done" } });
  });
});

describe("labloop instruments watch", () => {
  it("reads as often as it is told to", async () => {
    const { status, stdout } = await bench()(
      "watch",
      "lab.yaml",
      "bath",
      "temperature",
      "--times",
      "3",
      "--every",
      "10ms",
      "--simulate",
      "--json",
    );
    const values = jsonLines<{ property: string; value: number }>(stdout);
    expect(values.map(({ property, value }) => [property, value])).toEqual([
      ["temperature", 22],
      ["temperature", 22],
      ["temperature", 22],
    ]);
    expect(status).toBe(0);
  });

  it.each([
    [["--every", "soon"], "[cli.bad-time]"],
    [["--every", "3 m"], "[cli.bad-time]"],
    [["--every", "1ms"], "[cli.bad-time]"],
    [["--times", "often"], "[cli.not-a-number]"],
  ])("refuses %j", async (options, told) => {
    const { status, stdout, stderr } = await bench()("watch", "lab.yaml", "bath", "--simulate", ...options);
    expect(stderr).toContain(told);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });
});

describe("what labloop instruments tells of a slip", () => {
  it.each([
    ["an instrument", ["read", "lab.yaml", "bat"], 'did you mean "bath"? [lab.unknown-instrument]'],
    ["an action", ["call", "lab.yaml", "bath", "strat"], 'did you mean "start"? [instrument.unknown-action]'],
    [
      "an argument",
      ["call", "lab.yaml", "bath", "reach", "temprature=30"],
      'did you mean "temperature"? [instrument.unknown-argument]',
    ],
    [
      "a property that is read",
      ["read", "lab.yaml", "bath", "setpiont"],
      'did you mean "setpoint"? [instrument.unknown-property]',
    ],
    [
      "a property that is nowhere near",
      ["read", "lab.yaml", "bath", "colour"],
      "it has: temperature, setpoint, power [instrument.unknown-property]",
    ],
    [
      "a property that is set",
      ["set", "lab.yaml", "bath", "setpiont", "30degC"],
      'did you mean "setpoint"? [instrument.unknown-property]',
    ],
    [
      "a property that can't be set",
      ["set", "lab.yaml", "bath", "power", "10"],
      "it has: setpoint [instrument.unknown-property]",
    ],
    [
      "an action that sets a property",
      ["call", "lab.yaml", "bath", "set-setpiont", "setpoint=30degC"],
      'did you mean "set-setpoint"? [instrument.unknown-action]',
    ],
    ["a value without a name", ["call", "lab.yaml", "bath", "reach", "30"], "[cli.bad-pair]"],
  ])("in the name of %s", async (_what, words, told) => {
    const { status, stdout, stderr } = await bench()(...words, "--simulate");
    expect(stderr).toContain(told);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });

  it.each([
    ["neither --live nor --simulate", []],
    ["both", ["--live", "--simulate"]],
  ])("in %s", async (_what, options) => {
    const { status, stderr } = await bench()("call", "lab.yaml", "bath", "start", ...options);
    expect(stderr).toContain("--live for the real one, --simulate for its twin [cli.no-mode]");
    expect(status).toBe(2);
  });
});
