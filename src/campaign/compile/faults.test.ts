import { expect, it } from "vitest";
import { written } from "../../../test/support/written.ts";

it("puts a fault at the value, and so many characters behind its beginning", () => {
  const { faults, told } = written("goal:\n  minimise: distance\n");
  faults.add("campaign.bad-goal", ["goal", "minimise"], "no", "yes", 4);
  expect(told()).toEqual(["campaign.yaml:2:17: no\n  → yes [campaign.bad-goal]"]);
});

it("puts a fault at what is around a value that isn't there", () => {
  const { faults, told } = written("goal:\n  minimise: distance\n");
  faults.add("campaign.bad-goal", ["goal", "enough"], "no");
  faults.add("campaign.bad-goal", ["stop", 0], "no");
  expect(told()).toEqual([
    "campaign.yaml:2:3: no [campaign.bad-goal]",
    "campaign.yaml:1:1: no [campaign.bad-goal]",
  ]);
});

it("gives a name up together with its members", () => {
  const { faults } = written("x: 1");
  faults.giveUp("colour");
  expect(faults.isGivenUp("colour.ch410")).toBe(true);
  expect(faults.isGivenUp("colours")).toBe(false);
});

it("keeps warnings apart from faults", () => {
  const { faults } = written("x: 1");
  faults.warn("campaign.unused", ["x"], "nothing uses it");
  expect(faults.faults).toEqual([]);
  expect(faults.warnings).toHaveLength(1);
});
