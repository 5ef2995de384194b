import { expect, it } from "vitest";
import { Parking } from "./parking.ts";

/** Two campaigns with a pump in common; one has a bath besides. */
function bench(): Parking {
  const parking = new Parking();
  parking.join("a", ["pump", "bath"]);
  parking.join("b", ["pump"]);
  return parking;
}

it("what another campaign goes on using is left to it, and nothing else", () => {
  const parking = bench();
  parking.needs("a", "over");
  expect(parking.userBeside("a", "pump")).toBe("b");
  expect(parking.userBeside("a", "bath")).toBeUndefined();
});

it("of two campaigns that park at the same time the second leaves nothing to the first", () => {
  const parking = bench();
  parking.needs("a", "over");
  parking.needs("b", "over");
  expect(parking.userBeside("b", "pump")).toBeUndefined();
});

it("a campaign between two windows uses nothing until the next one opens", () => {
  const parking = bench();
  parking.needs("b", "resting");
  expect(parking.userBeside("a", "pump")).toBeUndefined();
  parking.needs("b", "at work");
  expect(parking.userBeside("a", "pump")).toBe("b");
});

it("a campaign that is over never uses anything again", () => {
  const parking = bench();
  parking.needs("b", "over");
  parking.needs("b", "at work");
  expect(parking.userBeside("a", "pump")).toBeUndefined();
});
