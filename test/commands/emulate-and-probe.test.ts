import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonLines, labloopIn, testFolder } from "../support/labloop.ts";
import { hasSocat } from "../support/socat.ts";
import { emulatedTwin } from "./emulated-twin.ts";

/** A folder with a lab whose bath and balance are at an address. */
function labAt(address: string, serial = "B123456789"): string {
  const folder = testFolder();
  writeFileSync(
    join(folder, "lab.yaml"),
    `labloop: 1
name: bench
instruments:
  bath:
    driver: julabo/circulator
    connect: { tcp: "${address}" }
    limits: { set-setpoint.setpoint: { max: 60 degC } }
  balance:
    driver: mettler-toledo/mt-sics
    connect: { tcp: "${address}" }
    expect: { serial: ${serial} }
  nowhere:
    driver: julabo/circulator
`,
  );
  return folder;
}

/** An address of this computer at which nobody listens. */
async function deserted(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return `127.0.0.1:${port}`;
}

describe("labloop instruments emulate", () => {
  it("prints where the twin is, and ends with 0 after Ctrl-C", async () => {
    const twin = await emulatedTwin(testFolder(), "julabo/circulator", "--tcp", "0");
    expect(twin.address).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(await twin.interrupt()).toEqual({
      status: 0,
      stdout: `${twin.address}\n`,
      stderr: `a simulated julabo/circulator is at ${twin.address}; Ctrl-C ends it\n`,
    });
  });

  it("says that a port is taken", async () => {
    const twin = await emulatedTwin(testFolder(), "julabo/circulator", "--tcp", "0");
    const [, port = ""] = twin.address.split(":");
    const { status, stderr } = await labloopIn(
      testFolder(),
      "instruments",
      "emulate",
      "julabo/circulator",
      "--tcp",
      port,
    );
    expect(stderr).toContain("choose another port, or 0 for any [cli.port-taken]");
    expect(status).toBe(2);
  });

  it.each([
    [["julabo/circulatr", "--tcp", "0"], 'did you mean "julabo/circulator"? [lab.no-simulator]'],
    [["labloop/manual", "--tcp", "0"], "[instrument.other-transport]"],
    [["julabo/circulator"], "[cli.no-mode]"],
    [["julabo/circulator", "--tcp", "0", "--pty", "port"], "[cli.no-mode]"],
    [["julabo/circulator", "--tcp", "any"], "[cli.not-a-number]"],
    [["mettler-toledo/mt-sics", "--tcp", "0", "--set", "noisy=1g"], "[instrument.unknown-setting]"],
  ])("refuses %j", async (words, told) => {
    const { status, stdout, stderr } = await labloopIn(testFolder(), "instruments", "emulate", ...words);
    expect(stderr).toContain(told);
    expect(stdout).toBe("");
    expect(status).toBe(2);
  });
});

describe("labloop instruments emulate --process", () => {
  it("lets the twin act on a process", async () => {
    const set = ["--set", "port=cyan", "--set", "contents=30mL"];
    const pump = ["new-era/ne-1000", "--tcp", "0", ...set];
    const twin = await emulatedTwin(testFolder(), ...pump, "--process", "colour-mixing");
    const folder = testFolder();
    writeFileSync(
      join(folder, "lab.yaml"),
      `labloop: 1
name: bench
instruments:
  pump:
    driver: new-era/ne-1000
    connect: { tcp: "${twin.address}" }
    settings: { diameter: 26.7 mm, syringe-volume: 60 mL, rate: 20 mL/min }
`,
    );
    const dispense = ["call", "lab.yaml", "pump", "dispense", "volume=100uL", "--live", "--yes"];
    const { status, stdout } = await labloopIn(folder, "instruments", ...dispense);
    expect(stdout).toMatch(/volume +100 uL/);
    expect(status).toBe(0);
  });

  it.each([
    ["colour-mixin", "[lab.no-process]"],
    ["enzyme-kinetics", 'the process has no flow port "cyan"'],
    ["enzyme-kinetics", "[cli.bad-twin]"],
  ])("says what is wrong with %s: %s", async (process, told) => {
    const pump = ["new-era/ne-1000", "--tcp", "0", "--set", "port=cyan"];
    const ended = await labloopIn(testFolder(), "instruments", "emulate", ...pump, "--process", process);
    expect(ended.stderr).toContain(told);
    expect(ended.status).toBe(2);
  });
});

describe.skipIf(!hasSocat)("a twin at a pseudo-terminal", () => {
  it("is there until Ctrl-C, and leaves nothing behind", async () => {
    const folder = testFolder();
    const twin = await emulatedTwin(folder, "julabo/circulator", "--pty", "port");
    expect(twin.address).toBe("port");
    expect(existsSync(join(folder, "port"))).toBe(true);
    expect(await twin.interrupt()).toEqual({
      status: 0,
      stdout: "port\n",
      stderr: "a simulated julabo/circulator is at port; Ctrl-C ends it\n",
    });
    expect(existsSync(join(folder, "port"))).toBe(false);
  });

  it("is found by probing its serial port, and read there again and again", async () => {
    const folder = testFolder();
    await emulatedTwin(folder, "julabo/circulator", "--pty", "port");
    const probe = ["probe", "--port", "port", "--live", "--json"];
    const { status, stdout, stderr } = await labloopIn(folder, "instruments", ...probe);
    const answers = jsonLines<{ driver: string; answer: string | null }>(stdout);
    expect(answers.length).toBeGreaterThan(5);
    expect(answers.filter(({ answer }) => answer !== null)).toEqual([
      { event: "instrument.probed", place: "port", driver: "julabo/circulator", answer: "JULABO" },
    ]);
    expect(stderr).toBe('answers  port: julabo/circulator ("JULABO")\n');
    expect(status).toBe(0);
    const bath = "bath: { driver: julabo/circulator, connect: { serial: port } }";
    writeFileSync(join(folder, "lab.yaml"), `labloop: 1\nname: bench\ninstruments:\n  ${bath}\n`);
    for (let i = 0; i < 2; i++) {
      const read = await labloopIn(folder, "instruments", "read", "lab.yaml", "bath", "setpoint", "--live");
      expect(read.stdout).toMatch(/setpoint +25 degC/);
    }
  });

  it("takes no path at which something else is, and tells why there can't be one", async () => {
    const folder = testFolder();
    writeFileSync(join(folder, "lab.yaml"), "mine");
    const at = (path: string) =>
      labloopIn(folder, "instruments", "emulate", "julabo/circulator", "--pty", path);
    const taken = await at("lab.yaml");
    expect(taken.stderr).toContain("there can be no terminal at lab.yaml: something else is there");
    expect(taken.status).toBe(2);
    expect(readFileSync(join(folder, "lab.yaml"), "utf8")).toBe("mine");
    const nowhere = await at("nowhere/port");
    expect(nowhere.stderr).toMatch(/no terminal at nowhere\/port: .*No such file or directory/);
    expect(nowhere.status).toBe(2);
  });
});

describe("labloop instruments probe", () => {
  it("finds the twin among all drivers, each of which connects at once after the one before", async () => {
    const { address } = await emulatedTwin(testFolder(), "julabo/circulator", "--tcp", "0");
    const { status, stdout, stderr } = await labloopIn(
      testFolder(),
      "instruments",
      "probe",
      "--tcp",
      address,
      "--live",
      "--json",
    );
    const answers = jsonLines<{ driver: string; answer: string | null }>(stdout);
    expect(answers.length).toBeGreaterThan(5);
    expect(answers.filter(({ answer }) => answer !== null)).toEqual([
      { event: "instrument.probed", place: address, driver: "julabo/circulator", answer: "JULABO" },
    ]);
    expect(stderr).toBe(`answers  ${address}: julabo/circulator ("JULABO")\n`);
    expect(status).toBe(0);
  });

  it("ends with the code of instruments when nobody is there", async () => {
    const address = await deserted();
    const { status, stderr } = await labloopIn(
      testFolder(),
      "instruments",
      "probe",
      "--tcp",
      address,
      "--live",
    );
    expect(stderr).toContain(`can't connect to ${address}`);
    expect(stderr).toContain("nothing answered that a driver knows");
    expect(status).toBe(5);
  });

  it.each([
    [["--tcp", "127.0.0.1:1"], "[cli.no-mode]"],
    [["--tcp", "somewhere", "--live"], "[cli.bad-address]"],
    [["--tcp", "127.0.0.1:1", "--driver", "acme/widget", "--live"], "[lab.no-driver]"],
  ])("refuses %j", async (words, told) => {
    const { status, stderr } = await labloopIn(testFolder(), "instruments", "probe", ...words);
    expect(stderr).toContain(told);
    expect(status).toBe(2);
  });
});

describe("a real instrument by hand", () => {
  it("isn't set when nobody can be asked, and is with --yes", async () => {
    const { address } = await emulatedTwin(testFolder(), "julabo/circulator", "--tcp", "0");
    const folder = labAt(address);
    const bath = (...words: string[]) =>
      labloopIn(folder, "instruments", words[0] as string, "lab.yaml", "bath", ...words.slice(1), "--live");
    const refused = await bath("set", "setpoint", "40degC");
    expect(refused.stderr).toContain("add --yes when it may be done [cli.not-agreed]");
    expect(refused.status).toBe(2);
    expect((await bath("read", "setpoint")).stdout).toMatch(/setpoint +25 degC/);
    const beyond = await bath("set", "setpoint", "70degC", "--yes");
    expect(beyond.stderr).toContain("[instrument.argument-out-of-limits]");
    expect(beyond.status).toBe(2);
    expect(await bath("set", "setpoint", "40degC", "--yes")).toMatchObject({ status: 0 });
    const { stdout, stderr } = await bath("read", "setpoint");
    expect(stdout).toMatch(/setpoint +40 degC/);
    expect(stderr).toContain("was tried with a simulated instrument only");
  });

  it("is refused when the lab file expects another serial number", async () => {
    const { address } = await emulatedTwin(testFolder(), "mettler-toledo/mt-sics", "--tcp", "0");
    const other = await labloopIn(
      labAt(address, "B1"),
      "instruments",
      "read",
      "lab.yaml",
      "balance",
      "--live",
    );
    expect(other.stderr).toContain("another instrument answers: serial B123456789 in place of B1");
    expect(other.stderr).toContain("[instrument.other-instrument]");
    expect(other.status).toBe(5);
    const same = await labloopIn(labAt(address), "instruments", "read", "lab.yaml", "balance", "--live");
    expect(same.stdout).toMatch(/weight +\S+ g\n$/);
    expect(same.status).toBe(0);
  });

  it("that doesn't answer, or is plugged in nowhere, ends with the code of instruments", async () => {
    const folder = labAt(await deserted());
    const silent = await labloopIn(folder, "instruments", "read", "lab.yaml", "bath", "--live", "--json");
    expect(silent.status).toBe(5);
    expect(jsonLines(silent.stdout)).toEqual([
      expect.objectContaining({ event: "error", code: "instrument.port-not-opened" }),
    ]);
    const nowhere = await labloopIn(folder, "instruments", "read", "lab.yaml", "nowhere", "--live");
    expect(nowhere.stderr).toContain("[lab.not-connected]");
    expect(nowhere.status).toBe(5);
  });
});
