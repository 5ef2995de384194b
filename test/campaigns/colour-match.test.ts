import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const main = "dist/src/operator/cli/main.js";
let folder = "";

beforeAll(() => {
  if (!existsSync(main)) throw new Error("the build is missing; run `npm run build` before the tests");
  folder = mkdtempSync(join(tmpdir(), "labloop-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function labloop(db: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, [main, ...args, "--db", join(folder, db)], {
    encoding: "utf8",
    env: { ...process.env, ...env },
  });
}

const CAMPAIGN = "examples/colour-match/campaign.yaml";

test("two runs of one seed print the same journal, whatever the number of workers", () => {
  const args = ["run", CAMPAIGN, "--simulate", "--json", "--quiet", "--seed", "3"];
  const one = labloop("one.db", args);
  const two = labloop("two.db", args, { LABLOOP_WORKERS: "3" });
  expect(one.stderr).toBe("");
  expect(one.status).toBe(0);
  expect(two.stdout).toBe(one.stdout);
  const last = JSON.parse(one.stdout.trim().split("\n").at(-1) as string) as Record<string, unknown>;
  expect(last).toMatchObject({ event: "campaign.concluded", reason: "goal reached" });
  expect(last["experiments"]).toBeLessThanOrEqual(40);
  const hash = (db: string) =>
    JSON.parse(labloop(db, ["verify", "--json", "--quiet"]).stdout) as Record<string, unknown>;
  expect(hash("one.db")).toMatchObject({ intact: true });
  expect(hash("two.db")["hash"]).toBe(hash("one.db")["hash"]);
});

test("a run says what it needs when nothing says where to run", () => {
  const { status, stderr, stdout } = labloop("none.db", ["run", CAMPAIGN]);
  expect(status).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toContain("--simulate for the simulated lab".replace("--simulate", "--simulate`"));
  expect(stderr).not.toContain("    at ");
});

test("a missing file is named, without a stack trace", () => {
  const { status, stderr } = labloop("none.db", ["validate", "nowhere.yaml"]);
  expect(status).toBe(2);
  expect(stderr).toContain('there is no file "nowhere.yaml"');
  expect(stderr).not.toContain("    at ");
});
