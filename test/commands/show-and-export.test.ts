import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonLines, labloop, testFolder } from "../support/labloop.ts";

describe("a concluded campaign", () => {
  it("is shown with its belief, experiment by experiment, and exported in every format", () => {
    const folder = testFolder();
    const run = labloop(folder, "run", "examples/enzyme/campaign.yaml", "--simulate", "--json", "--quiet");
    expect(run.status).toBe(0);
    const concluded = jsonLines<{ experiments: number; reason: string }>(run.stdout).at(-1);
    expect(concluded?.reason).toBe("hypothesis decided");
    const experiments = concluded?.experiments ?? 0;

    const [shown] = jsonLines<{ hypotheses: { name: string; weight: number }[]; experiments: number }>(
      labloop(folder, "show", "--json", "--quiet").stdout,
    );
    expect(shown?.experiments).toBe(experiments);
    expect(shown?.hypotheses.find(({ name }) => name === "competitive")?.weight).toBeGreaterThan(0.99);
    const text = labloop(folder, "show", "--quiet").stdout;
    expect(text).toMatch(/\d+\.\d % {2}competitive for rate/);
    expect(text).toMatch(/ki = 0\.0\d+ ± 0\.0\d+ mM/);

    const one = labloop(folder, "show", "--experiment", "3", "--quiet").stdout;
    expect(one).toContain("enzyme.dispense volume 500");
    expect(one).toMatch(/belief {7}competitive: .* predicted, .* measured; weight 0\.\d\d → 0\.\d\d/);
    expect(labloop(folder, "show", "--experiment", "99").stderr).toContain("there is no experiment 99");

    const csv = labloop(folder, "export", "--quiet").stdout.trim().split("\n");
    expect(csv).toHaveLength(experiments + 1);
    const documents = jsonLines<[string, Record<string, unknown>]>(
      labloop(folder, "export", "--format", "bluesky", "--quiet").stdout,
    );
    expect(documents.filter(([kind]) => kind === "start")).toHaveLength(experiments);
    expect(labloop(folder, "export", "--format", "json", "--quiet").stdout).toBe(run.stdout);
    const out = join(folder, "night.csv");
    labloop(folder, "export", "--out", out, "--quiet");
    expect(readFileSync(out, "utf8").trim().split("\n")).toEqual(csv);
    expect(labloop(folder, "export", "--format", "xml").stderr).toContain(
      'there is no format "xml"\n  → choose one of csv, bluesky, json',
    );

    const suggestion = labloop(
      folder,
      "suggest",
      "examples/enzyme/campaign.yaml",
      "--data",
      out,
      "--json",
      "--quiet",
    );
    expect(suggestion.status).toBe(0);
  });
});

describe("labloop init", () => {
  it("writes files that are valid, and never over others", () => {
    const folder = testFolder();
    const place = join(folder, "mine");
    const args = ["init", place, "--template", "colour-match", "--name", "my-colour", "--experiments", "12"];
    expect(labloop(folder, ...args).status).toBe(0);
    const { stderr, status } = labloop(folder, "validate", join(place, "campaign.yaml"));
    expect(stderr).toContain("12 experiments at most");
    expect(status).toBe(0);
    expect(existsSync(join(place, ".labloop", "campaign.schema.json"))).toBe(true);
    const again = labloop(folder, ...args);
    expect(again.stderr).toContain("is there already; nothing was written");
    expect(again.status).toBe(2);
  });

  it("asks nobody where there is no terminal", () => {
    const { stderr, status } = labloop(testFolder(), "init");
    expect(stderr).toContain("nobody can be asked here");
    expect(status).toBe(2);
  });
});

describe("labloop instruments", () => {
  it("lists drivers, and lets the twins of a lab identify themselves", () => {
    const folder = testFolder();
    const ids = jsonLines<{ id: string }>(labloop(folder, "instruments", "--json", "--quiet").stdout);
    expect(ids.map(({ id }) => id)).toEqual(
      expect.arrayContaining(["new-era/ne-1000", "sparks-baird/clslab-light"]),
    );
    const lab = ["instruments", "examples/colour-match/lab.yaml", "--check"];
    const checks = jsonLines<{ kind: string }>(
      labloop(folder, ...lab, "--simulate", "--json", "--quiet").stdout,
    );
    expect(checks.map(({ kind }) => kind)).toEqual(Array(6).fill("answers"));
    expect(labloop(folder, ...lab).stderr).toContain("say which instruments to ask");
  });

  it("tells which real instrument doesn't answer", () => {
    const { stderr, status } = labloop(
      testFolder(),
      "instruments",
      "examples/colour-match/lab.yaml",
      "--check",
      "--live",
    );
    expect(stderr).toContain("/dev/ttyUSB0");
    expect(status).toBe(5);
  });
});

describe("labloop doctor", () => {
  it("looks at node, memory, clock, disk, database and ports", () => {
    const { stdout, status } = labloop(testFolder(), "doctor", "--json");
    const findings = jsonLines<{ what: string; state: string }>(stdout);
    expect(findings.map(({ what }) => what)).toEqual(
      expect.arrayContaining(["node", "memory", "clock", "disk", "database", "serial"]),
    );
    expect(status).toBe(0);
  });
});
