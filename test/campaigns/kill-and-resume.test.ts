import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { killedAt } from "../support/killed-at.ts";
import { jsonLines, labloopIn, replaced, testFolder } from "../support/labloop.ts";

const RUN = ["run", "campaign.yaml", "--simulate", "--json", "--quiet"];

/** A folder with the colour-match campaign, shortened to a start and two decisions by model. */
function campaignFolder(): string {
  const folder = testFolder();
  const example = (file: string): string => readFileSync(join("examples/colour-match", file), "utf8");
  const campaign = replaced(example("campaign.yaml"), {
    "experiments: 40": "experiments: 6",
    "budget:\n": "design: { first: { count: 4 } }\nbudget:\n",
  });
  writeFileSync(join(folder, "campaign.yaml"), campaign);
  writeFileSync(join(folder, "lab.yaml"), example("lab.yaml"));
  return folder;
}

async function journalHash(folder: string): Promise<unknown> {
  const { stdout, status } = await labloopIn(folder, "verify", "--json", "--quiet");
  expect(status).toBe(0);
  const [verified] = jsonLines(stdout);
  expect(verified).toMatchObject({ event: "verified", intact: true, run: 1 });
  return verified?.["hash"];
}

describe("a simulated campaign", () => {
  let unbroken = "";
  let hash: unknown;

  beforeAll(async () => {
    const folder = campaignFolder();
    const { stdout, stderr, status } = await labloopIn(folder, ...RUN);
    expect(stderr).toBe("");
    expect(status).toBe(0);
    unbroken = stdout;
    hash = await journalHash(folder);
  });

  // A suggestion, in the middle of an experiment, and after the first decision by model.
  it.concurrent.each([2, 40, 62])(
    "killed at entry %i goes on to the journal of an unbroken run",
    async (seq) => {
      const folder = campaignFolder();
      const printed = await killedAt(folder, RUN, seq);
      // What was shown is durable, and the same as in the unbroken run; the kill may cut the last line.
      expect(unbroken.startsWith(printed.slice(0, printed.lastIndexOf("\n") + 1))).toBe(true);
      const resumed = await labloopIn(folder, "resume", "--json", "--quiet");
      expect(resumed.stderr).toBe("");
      expect(resumed.status).toBe(0);
      expect(resumed.stdout).toBe(unbroken);
      expect(await journalHash(folder)).toBe(hash);
    },
  );

  it.concurrent("killed twice goes on to the journal of an unbroken run", async () => {
    const folder = campaignFolder();
    await killedAt(folder, RUN, 20);
    await killedAt(folder, ["resume", "--json", "--quiet"], 50);
    const resumed = await labloopIn(folder, "resume", "--json", "--quiet");
    expect(resumed.stdout).toBe(unbroken);
    expect(await journalHash(folder)).toBe(hash);
  });

  it.concurrent.each(["1", "3"])("prints the same with %s workers, byte for byte", async (workers) => {
    const folder = campaignFolder();
    const { stdout } = await labloopIn(folder, ...RUN, { LABLOOP_WORKERS: workers });
    expect(stdout).toBe(unbroken);
    expect(await journalHash(folder)).toBe(hash);
  });

  it.concurrent("prints another journal for another seed", async () => {
    const { stdout, status } = await labloopIn(campaignFolder(), ...RUN, "--seed", "2");
    expect(status).toBe(0);
    expect(stdout).not.toBe(unbroken);
  });

  it.concurrent("that is concluded can't be resumed", async () => {
    const folder = campaignFolder();
    await labloopIn(folder, ...RUN);
    const key = /"campaign":"([^"]+)"/.exec(unbroken)?.[1];
    const { status, stdout, stderr } = await labloopIn(folder, "resume", String(key));
    expect(stdout).toBe("");
    expect(stderr.split("\n").slice(-3)).toEqual([
      `error: campaign ${key} is concluded; there is nothing to resume`,
      `  → see \`labloop show ${key}\` [campaign.concluded]`,
      "",
    ]);
    expect(status).toBe(2);
  });
});
