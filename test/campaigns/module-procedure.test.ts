import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { labloop, testFolder } from "../support/labloop.ts";

it("keeps the steps that a module returned with the campaign, so that the module may go", () => {
  const folder = testFolder();
  cpSync("examples", join(folder, "examples"), { recursive: true });
  const campaign = join(folder, "examples/dye-series/campaign.yaml");
  expect(labloop(folder, "run", campaign, "--simulate", "--quiet").status).toBe(0);
  rmSync(join(folder, "examples"), { recursive: true });
  const verified = labloop(folder, "verify");
  expect(verified.stderr).toContain("intact");
  expect(labloop(folder, "show", "--experiment", "1", "--quiet").stdout).toContain(
    "cyan.dispense volume 110",
  );
});

it("tells when a module exports no procedure", () => {
  const folder = testFolder();
  cpSync("examples", join(folder, "examples"), { recursive: true });
  const place = join(folder, "examples/dye-series");
  cpSync(join("examples/library/ask-tell.mjs"), join(place, "procedure.mjs"));
  cpSync("package.json", join(folder, "package.json"));
  const { stderr, status } = labloop(folder, "validate", join(place, "campaign.yaml"));
  expect(stderr).toMatch(/campaign\.yaml:10:\d+: "procedure\.mjs" (exports no function|can't be loaded)/);
  expect(status).toBe(2);
});
