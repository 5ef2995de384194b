import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { labloopIn, replaced, testFolder } from "../support/labloop.ts";

/** An empty folder in which labloop is installed. */
function installed(): string {
  const folder = testFolder();
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(resolve("."), join(folder, "node_modules", "labloop"), "dir");
  return folder;
}

const FILES = ["index.mjs", "twin.mjs", "contract.test.mjs"].map((file) => `drivers/acme/widget/${file}`);

/** The lab file of the tutorial. */
function tutorialLab(): string {
  const [, lab] = /```yaml\n(labloop: 1\n[\s\S]*?)```/.exec(
    readFileSync("docs/tutorials/write-a-driver.md", "utf8"),
  ) as unknown as [string, string];
  return lab;
}

describe("labloop instruments new", () => {
  it("writes a driver, a twin and a test, once", async () => {
    const folder = installed();
    const first = await labloopIn(folder, "instruments", "new", "acme/widget");
    expect(first.stdout.trim().split("\n")).toEqual(FILES);
    expect(first.stderr).toContain("`node --test drivers/acme/widget` tries it");
    expect(first.status).toBe(0);
    writeFileSync(join(folder, FILES[0] as string), "// mine\n");
    const again = await labloopIn(folder, "instruments", "new", "acme/widget");
    expect(again.stderr).toContain("is there already, and nothing was written");
    expect(again.stderr).toContain("[cli.file-there]");
    expect(again.status).toBe(2);
    expect(readFileSync(join(folder, FILES[0] as string), "utf8")).toBe("// mine\n");
  });

  it.each(["Acme/Widget", "acme", "acme/widget/two", "../acme/widget", "acme/-widget"])(
    "refuses the name %s, and writes nothing",
    async (name) => {
      const folder = installed();
      const { status, stderr } = await labloopIn(folder, "instruments", "new", name);
      expect(stderr).toContain("[cli.bad-name]");
      expect(status).toBe(2);
      expect(existsSync(join(folder, "drivers"))).toBe(false);
    },
  );

  it.each(["acme/widget", "2-go/x-1000", "acme/3216"])(
    "writes %s, which keeps the contract",
    async (name) => {
      const folder = installed();
      await labloopIn(folder, "instruments", "new", name);
      // The runner of these tests isn't to be told about those.
      const { NODE_TEST_CONTEXT: _context, NODE_OPTIONS: _options, ...env } = process.env;
      const { status, stdout } = spawnSync(process.execPath, ["--test", `drivers/${name}`], {
        cwd: folder,
        encoding: "utf8",
        env,
      });
      expect(stdout).toMatch(/^# fail 0$/m);
      expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThan(10);
      expect(status).toBe(0);
    },
  );

  it("writes into a checkout of labloop as TypeScript", async () => {
    const folder = testFolder();
    writeFileSync(join(folder, "package.json"), '{ "name": "labloop" }');
    const { stdout } = await labloopIn(folder, "instruments", "new", "acme/widget");
    expect(stdout.trim().split("\n")).toEqual([
      "drivers/acme/widget/index.ts",
      "simulators/instruments/acme/widget/index.ts",
      "test/contract/subjects/acme.widget.ts",
    ]);
  });
});

describe("the last section of the tutorial", () => {
  it("reads, traces and sets the driver that was written", async () => {
    const folder = installed();
    await labloopIn(folder, "instruments", "new", "acme/widget");
    writeFileSync(join(folder, "lab.yaml"), tutorialLab());
    const read = await labloopIn(folder, "instruments", "read", "lab.yaml", "widget", "--simulate");
    expect(read.stdout).toMatch(/temperature +22 degC\n.*setpoint +20 degC\n$/);
    expect(read.status).toBe(0);
    const trace = await labloopIn(
      folder,
      "instruments",
      "trace",
      "lab.yaml",
      "widget",
      "set-setpoint",
      "setpoint=40",
      "--simulate",
    );
    expect(trace.stdout.split("\n").slice(0, 5)).toEqual([
      "> ID?<CR><LF>",
      "< ID WIDGET 1.0<CR><LF>",
      "> SP 40.0<CR><LF>",
      "> SP?<CR><LF>",
      "< SP 40.0<CR><LF>",
    ]);
    expect(trace.status).toBe(0);
  });

  it("ends with the code of instruments when none is plugged in", async () => {
    const folder = installed();
    await labloopIn(folder, "instruments", "new", "acme/widget");
    writeFileSync(
      join(folder, "lab.yaml"),
      replaced(tutorialLab(), { "/dev/ttyUSB0": join(folder, "no-such-port") }),
    );
    const { status, stderr } = await labloopIn(folder, "instruments", "read", "lab.yaml", "widget", "--live");
    expect(stderr).toContain("[instrument.port-not-opened]");
    expect(status).toBe(5);
  });
});
