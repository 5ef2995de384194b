import { describe, expect, test } from "vitest";
import { continuous, expression } from "../../../test/support/space.ts";
import { randomStream } from "../../base/random.ts";
import { enumerateSettings } from "./enumerate-settings.ts";
import { isFeasible } from "./feasibility.ts";
import { neighboursOf } from "./neighbours.ts";
import { sampleFeasible } from "./sample-feasible.ts";
import { conditionCircle, settle } from "./settle.ts";
import type { Space } from "./space.ts";

const space: Space = {
  parameters: [
    // Written before what it depends on.
    { ...continuous("ramp", 1, 9), when: expression("loading > 0.05"), otherwise: 3 },
    { ...continuous("loading", 0, 0.1), when: expression('catalyst == "Pd"') },
    { kind: "categorical", name: "catalyst", choices: ["none", "Pd"] },
  ],
  mixtures: [],
  constraints: [],
};

describe("a parameter whose condition doesn't hold", () => {
  test("rests, and so does what depends on it", () => {
    expect(settle(space, { catalyst: "none", loading: 0.08, ramp: 7 })).toEqual({
      catalyst: "none",
      loading: 0,
      ramp: 3,
    });
  });

  test("is left alone where it holds", () => {
    const setting = { catalyst: "Pd", loading: 0.08, ramp: 7 };
    expect(settle(space, setting)).toBe(setting);
  });

  test("makes a setting infeasible when it doesn't rest", () => {
    expect(isFeasible(space, { catalyst: "none", loading: 0, ramp: 3 })).toBe(true);
    expect(isFeasible(space, { catalyst: "none", loading: 0.02, ramp: 3 })).toBe(false);
  });

  test("gives no neighbours of its own", () => {
    const near = neighboursOf(space, { catalyst: "none", loading: 0, ramp: 3 }, 0.1);
    expect(near).toEqual([{ catalyst: "Pd", loading: 0, ramp: 3 }]);
  });
});

test("settings that differ in nothing that matters are sampled once", () => {
  const off = sampleFeasible(space, 40, randomStream(1, 0, "samples")).filter(
    ({ catalyst }) => catalyst === "none",
  );
  expect(off).toEqual([{ catalyst: "none", loading: 0, ramp: 3 }]);
});

test("settings that differ in nothing that matters are listed once", () => {
  const stepped: Space = {
    ...space,
    parameters: [
      {
        kind: "integer",
        name: "n",
        unit: "1",
        minimum: 1,
        maximum: 5,
        scale: "linear",
        when: expression('c == "b"'),
      },
      { kind: "categorical", name: "c", choices: ["a", "b"] },
    ],
  };
  expect(enumerateSettings(stepped, 100)).toHaveLength(6);
});

describe("conditions in a circle", () => {
  const circle = [
    continuous("z"),
    { ...continuous("x"), when: expression("y > 0.5") },
    { ...continuous("y"), when: expression("x > 0.5 and z > 0") },
  ];

  test("are found", () => {
    expect(conditionCircle(circle)).toEqual(["x", "y"]);
    expect(conditionCircle(space.parameters)).toBeUndefined();
  });

  test("are a bug of whoever made the space", () => {
    expect(() => settle({ ...space, parameters: circle }, { x: 0, y: 0, z: 0 })).toThrow(
      "conditions depend on each other: x, y",
    );
  });
});
