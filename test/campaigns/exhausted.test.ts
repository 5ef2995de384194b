import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonLines, labloop, testFolder } from "../support/labloop.ts";

/** examples/colour-match with other parameters. */
function colourMatch(parameters: string, candidates?: string): { folder: string; campaign: string } {
  const folder = testFolder();
  cpSync("examples/colour-match", folder, { recursive: true });
  const campaign = join(folder, "campaign.yaml");
  const text = readFileSync(campaign, "utf8").replace(
    /^ {2}cyan: \{ min[\s\S]*?^$/m,
    () => `${parameters}${candidates === undefined ? "" : "\ncandidates: mixtures.csv"}\n`,
  );
  writeFileSync(campaign, text);
  if (candidates !== undefined) writeFileSync(join(folder, "mixtures.csv"), candidates);
  return { folder, campaign };
}

interface Event {
  readonly event: string;
  readonly reason?: string;
  readonly experiments?: number;
  readonly setting?: Readonly<Record<string, number>>;
}

function run(folder: string, campaign: string): { events: Event[]; status: number | null } {
  const { stdout, status } = labloop(folder, "run", campaign, "--simulate", "--json", "--quiet");
  return { events: jsonLines<Event>(stdout), status };
}

describe("a campaign whose settings are all tried", () => {
  it("concludes, and says that nothing is left", () => {
    const { folder, campaign } = colourMatch(
      "  cyan: { levels: [100 uL, 200 uL] }\n  magenta: { levels: [100 uL, 200 uL] }\n  yellow: { value: 30 uL }",
    );
    const { events, status } = run(folder, campaign);
    expect(events.at(-1)).toMatchObject({
      event: "campaign.concluded",
      reason: "nothing left to try",
      experiments: 4,
    });
    expect(status).toBe(0);
  });

  it("has tried each of its candidates once, and can be verified without their file", () => {
    const { folder, campaign } = colourMatch(
      "  cyan: { unit: uL }\n  magenta: { unit: uL }\n  yellow: { min: 0 uL, max: 1500 uL, step: 10 uL }",
      "cyan,magenta,yellow\n100,200,300\n0.4 mL,500,600\n700,800,900\n",
    );
    const { events, status } = run(folder, campaign);
    const tried = events
      .filter(({ event }) => event === "measurement.recorded")
      .map(({ setting }) => setting);
    expect(tried).toHaveLength(3);
    expect(tried).toContainEqual({ cyan: 400, magenta: 500, yellow: 600 });
    expect(events.at(-1)).toMatchObject({ reason: "nothing left to try", experiments: 3 });
    expect(status).toBe(0);
    rmSync(join(folder, "mixtures.csv"));
    expect(labloop(folder, "verify").stderr).toContain("intact");
    expect(labloop(folder, "validate", campaign).stderr).toContain("there is no file");
  });

  it("is refused when a candidate breaks a constraint", () => {
    const { folder, campaign } = colourMatch(
      "  cyan: { unit: uL }\n  magenta: { unit: uL }\n  yellow: { unit: uL }",
      "cyan,magenta,yellow\n100,200,300\n9000,500,600\n",
    );
    const { stderr, status } = labloop(folder, "validate", campaign);
    expect(stderr).toContain("mixtures.csv:3:1: the row breaks the constraint");
    expect(status).toBe(2);
  });
});
