import { expect, it } from "vitest";
import { forecastsKept } from "../../bench/rehearse/calibration.ts";
import { testFolder } from "../support/labloop.ts";

/**
 * With 20 nights each. The share that is kept has a standard deviation of 3.4 % by the nights, √(0.09 / 80), and of 1.9 % by 60
 * rehearsals after each history, √(0.09 / 62 / 4): three times what both come to.
 */
const HISTORIES = 4;
const SLACK = 0.12;

it("of the nights that really happen, nine of ten end, and use up, within what nine of ten rehearsals did", async () => {
  const shares = await forecastsKept(HISTORIES, testFolder());
  expect(Object.keys(shares)).toEqual(["the end", "a consumable of the budget", "a stock of the lab"]);
  for (const [what, share] of Object.entries(shares))
    expect(Math.abs(share - 0.9), `the share of ${what}`).toBeLessThan(SLACK);
}, 900_000);
