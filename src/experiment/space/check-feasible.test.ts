import { expect, test } from "vitest";
import { constraint, continuous, mixtureSpace } from "../../../test/support/space.ts";
import { checkFeasible } from "./check-feasible.ts";
import type { Space } from "./space.ts";

test.each([
  ["at most 3 of x0, x1, x2, x3", { parts: 4, maximum: 0.3, atMost: 3 }],
  ["x0, x1, x2", { parts: 3, minimum: 0.4 }],
  ["x0, x1, x2", { parts: 3, maximum: 0.9, step: 0.3 }],
])("a mixture that can't be made up is told: %s", (parts, options) => {
  const found = checkFeasible(mixtureSpace(options));
  expect(found).toMatchObject({
    kind: "infeasible",
    conflicting: [],
    message: `no amounts of ${parts} within their limits and steps sum to 1 1`,
  });
});

test("a mixture whose parts have a minimum can be made up of few of them", () => {
  expect(checkFeasible(mixtureSpace({ parts: 9, minimum: 0.4, atMost: 4 })).kind).toBe("feasible");
});

test("the fewest constraints that can't hold together are named", () => {
  const space = mixtureSpace({
    parts: 30,
    constraints: ["x7 <= x8", "x0 + x1 >= 0.6", "x9 <= 0.1", "x2 + x3 >= 0.6"],
  });
  expect(checkFeasible(space)).toMatchObject({
    message: 'no setting meets the constraints "x0 + x1 >= 0.6" and "x2 + x3 >= 0.6" together',
  });
});

test("a corner of a millionth of the space is found where its constraints are linear", () => {
  const names = ["a", "b", "c"];
  const space: Space = {
    parameters: names.map((name) => continuous(name)),
    mixtures: [],
    constraints: names.map((name) => constraint(`${name} >= 0.99`)),
  };
  expect(checkFeasible(space).kind).toBe("feasible");
});
