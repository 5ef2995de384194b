import { expect, it } from "vitest";
import { problemOver } from "../../../../test/support/choices.ts";
import { boldnessOf } from "./boldness.ts";

const space = problemOver(3, {});
const list = problemOver(3, { candidates: [{ x0: 0, x1: 0, x2: 0 }] });

it("a decision begins bold and ends with one standard deviation in a space, a quarter on a list", () => {
  expect(boldnessOf(space, 0)).toBe(3);
  expect(boldnessOf(space, 1e6)).toBe(1);
  expect(boldnessOf(list, 0)).toBe(2);
  expect(boldnessOf(list, 1e6)).toBe(0.25);
});

it("the excess falls to a third part in five experiments a parameter, on a list in half of these", () => {
  expect(boldnessOf(space, 15) - 1).toBeCloseTo(2 / Math.E, 12);
  expect(boldnessOf(list, 7.5) - 0.25).toBeCloseTo(1.75 / Math.E, 12);
});

it("parameters that aren't chosen don't count", () => {
  const { parameters } = problemOver(2, {}).space;
  const constant = { kind: "constant", name: "k", unit: "1", value: 1 } as const;
  const more = problemOver(2, {
    space: { parameters: [...parameters, constant], mixtures: [], constraints: [] },
  });
  expect(boldnessOf(more, 7)).toBe(boldnessOf(problemOver(2, {}), 7));
});
