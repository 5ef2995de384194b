import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { labloopIn, testFolder } from "../support/labloop.ts";
import { atTerminal, HAS_TERMINAL } from "./at-a-terminal.ts";
import { emulatedTwin } from "./emulated-twin.ts";

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";

/** A folder with a lab of one person. */
function office(): string {
  const folder = testFolder();
  writeFileSync(
    join(folder, "lab.yaml"),
    `labloop: 1
name: office
instruments:
  hand:
    driver: labloop/manual
    connect: { person: terminal }
    settings: { reading: the thermometer, unit: degC, minimum: 0, maximum: 50, task: shake the vial }
`,
  );
  return folder;
}

const READY = [
  ["ready: ", "yes\r"],
  ["note (Enter for none): ", "\r"],
] as const;

describe.skipIf(!HAS_TERMINAL)("a person at a terminal", () => {
  it("reads off a number, and is asked again until it is one within its range", async () => {
    const { status, screen } = await atTerminal(
      office(),
      ["instruments", "call", "lab.yaml", "hand", "measure", "--live"],
      [
        ...READY,
        ["the thermometer (degC, 0 to 50): ", "25,1\r"],
        ["the thermometer (degC, 0 to 50): ", "99\r"],
        ["the thermometer (degC, 0 to 50): ", "25.1\r"],
        ["note (Enter for none): ", "by eye\r"],
      ],
    );
    expect(screen).toContain('hand asks: Are you ready? Answer "yes" or "no".');
    expect(screen).toContain('"25,1" is no number from 0 to 50; write it with a point');
    expect(screen).toContain('"99" is no number from 0 to 50');
    expect(screen).toContain("by eye");
    expect(screen).toMatch(/value +25\.1 degC/);
    expect(status).toBe(0);
  });

  it("says that it isn't ready, and nothing is asked any more", async () => {
    const { status, screen } = await atTerminal(
      office(),
      ["instruments", "call", "lab.yaml", "hand", "measure", "--live"],
      [
        ["ready: ", "no\r"],
        ["note (Enter for none): ", "\r"],
      ],
    );
    expect(screen).toContain("[instrument.not-ready]");
    expect(screen).not.toContain("thermometer");
    expect(status).toBe(5);
  });

  it("leaves a question with Ctrl-C", async () => {
    const { status, screen } = await atTerminal(
      office(),
      ["instruments", "call", "lab.yaml", "hand", "measure", "--live"],
      [...READY, ["the thermometer (degC, 0 to 50): ", CTRL_C]],
    );
    expect(screen).toContain("interrupted at the terminal");
    expect(status).toBe(5);
  });

  it("leaves a question by ending the input with Ctrl-D", async () => {
    const { status, screen } = await atTerminal(
      office(),
      ["instruments", "call", "lab.yaml", "hand", "measure", "--live"],
      [...READY, ["the thermometer (degC, 0 to 50): ", CTRL_D]],
    );
    expect(screen).toContain("the input at the terminal ended");
    expect(status).toBe(5);
  });

  it("agrees before a real instrument acts, or doesn't", async () => {
    const { address } = await emulatedTwin(testFolder(), "julabo/circulator", "--tcp", "0");
    const folder = testFolder();
    writeFileSync(
      join(folder, "lab.yaml"),
      `labloop: 1
name: bench
instruments:
  bath: { driver: julabo/circulator, connect: { tcp: "${address}" } }
`,
    );
    const set = ["instruments", "set", "lab.yaml", "bath", "setpoint", "40degC", "--live"];
    const read = () => labloopIn(folder, "instruments", "read", "lab.yaml", "bath", "setpoint", "--live");
    const no = await atTerminal(folder, set, [["go on? [y/N] ", "\r"]]);
    expect(no.screen).toContain("a real instrument will act: bath.set-setpoint setpoint 40");
    expect(no.screen).toContain("nothing was done");
    expect(no.status).toBe(3);
    const interrupted = await atTerminal(folder, set, [["go on? [y/N] ", CTRL_C]]);
    expect(interrupted.screen).toContain("nothing was done");
    expect(interrupted.status).toBe(3);
    expect((await read()).stdout).toMatch(/setpoint +25 degC/);
    const yes = await atTerminal(folder, set, [["go on? [y/N] ", "y\r"]]);
    expect(yes.status).toBe(0);
    expect((await read()).stdout).toMatch(/setpoint +40 degC/);
  });
});

it("nobody can be asked without a terminal", async () => {
  const words = ["instruments", "call", "lab.yaml", "hand", "measure", "--live"];
  const { status, stderr } = await labloopIn(office(), ...words);
  expect(stderr).toContain("run it in a terminal, or simulate the person [lab.no-person]");
  expect(status).toBe(5);
});
