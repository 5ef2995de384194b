import { expect, test } from "vitest";
import { jsonLines, labloop, testFolder } from "../support/labloop.ts";

const CAMPAIGN = "examples/colour-match/campaign.yaml";

test("the colour is matched within the budget, and the journal proves it", () => {
  const folder = testFolder();
  const run = labloop(folder, "run", CAMPAIGN, "--simulate", "--json", "--quiet", "--seed", "3");
  expect(run.stderr).toBe("");
  expect(run.status).toBe(0);
  const last = jsonLines(run.stdout).at(-1);
  expect(last).toMatchObject({ event: "campaign.concluded", reason: "goal reached" });
  expect(last?.["experiments"]).toBeLessThanOrEqual(40);
  const verified = labloop(folder, "verify", "--json", "--quiet");
  expect(jsonLines(verified.stdout)).toMatchObject([{ event: "verified", intact: true }]);
});

test("a run says what it needs when nothing says where to run", () => {
  const { status, stderr, stdout } = labloop(testFolder(), "run", CAMPAIGN);
  expect(status).toBe(2);
  expect(stdout).toBe("");
  expect(stderr).toBe(
    [
      "error: nothing moves because of a file alone: say what to run on",
      `  → \`labloop run ${CAMPAIGN} --simulate\` for the simulated lab, \`labloop run ${CAMPAIGN} --live\` for the real one [cli.no-mode]`,
      "",
    ].join("\n"),
  );
});
