import { expect, test } from "vitest";
import { mixtureSpace } from "../../../test/support/space.ts";
import { isWellMade } from "./feasibility.ts";
import { neighboursOf } from "./neighbours.ts";

test("a part of a mixture of few is exchanged for another with all of its amount", () => {
  const space = mixtureSpace({ parts: 4, atMost: 2 });
  const near = neighboursOf(space, { x0: 0.7, x1: 0.3, x2: 0, x3: 0 }, 0.1);
  expect(near).toContainEqual({ x0: 0, x1: 0.3, x2: 0.7, x3: 0 });
  expect(near).toContainEqual({ x0: 0.6, x1: 0.4, x2: 0, x3: 0 });
  expect(near).toContainEqual({ x0: 1, x1: 0, x2: 0, x3: 0 });
  // A third part has no room, however little of it.
  expect(near).not.toContainEqual({ x0: 0.6, x1: 0.3, x2: 0.1, x3: 0 });
  expect(near.every((setting) => isWellMade(space, setting))).toBe(true);
});

test("a part comes in with its minimum at least", () => {
  const space = mixtureSpace({ parts: 3, minimum: 0.2, atMost: 3 });
  const near = neighboursOf(space, { x0: 0.6, x1: 0.4, x2: 0 }, 0.05);
  expect(near).toContainEqual({ x0: 0.4, x1: 0.4, x2: 0.2 });
  expect(near.every((setting) => isWellMade(space, setting))).toBe(true);
});

test("parts of different steps exchange what lies on both", () => {
  const space = mixtureSpace({ parts: 2, step: 0.1 });
  const [first, second] = space.parameters;
  if (first?.kind !== "stepped" || second?.kind !== "stepped") throw new Error("no steps");
  const uneven = { ...space, parameters: [first, { ...second, step: 0.25 }] };
  const near = neighboursOf(uneven, { x0: 0.5, x1: 0.5 }, 0.01);
  expect(near.every((setting) => isWellMade(uneven, setting))).toBe(true);
});
