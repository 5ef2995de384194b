import { describe, expect, test } from "vitest";
import { constraint, continuous } from "../../../test/support/space.ts";
import { randomStream } from "../../base/random.ts";
import { encodeAll, featureMap } from "../../hypothesis/features.ts";
import { withContext } from "./context.ts";
import { isFeasible } from "./feasibility.ts";
import { neighboursOf } from "./neighbours.ts";
import { freeParameters } from "./place-setting.ts";
import { sampleFeasible } from "./sample-feasible.ts";
import type { Space } from "./space.ts";

const space: Space = {
  parameters: [
    continuous("dose"),
    { ...continuous("humidity", 0.2, 0.8), context: true },
    { kind: "categorical", name: "lot", choices: ["A", "B"], context: true },
  ],
  mixtures: [],
  constraints: [constraint("dose <= humidity")],
};

describe("a context", () => {
  const today = withContext(space, { humidity: 0.3, lot: "B" });

  test("is in every sample, and in what constraints look at", () => {
    const found = sampleFeasible(today, 20, randomStream(1, 0, "samples"));
    expect(found).toHaveLength(20);
    for (const setting of found) {
      expect(setting).toMatchObject({ humidity: 0.3, lot: "B" });
      expect(Number(setting["dose"])).toBeLessThanOrEqual(0.3);
    }
  });

  test("is not chosen", () => {
    expect(freeParameters(today).map(({ name }) => name)).toEqual(["dose"]);
    expect(freeParameters(space).map(({ name }) => name)).toEqual(["dose"]);
    for (const near of neighboursOf(today, { dose: 0.1, humidity: 0.3, lot: "B" }, 0.1))
      expect(near).toMatchObject({ humidity: 0.3, lot: "B" });
  });

  test("leaves the features of past data as they are", () => {
    const past = [{ dose: 0.5, humidity: 0.7, lot: "A" }];
    expect(encodeAll(featureMap(today.parameters), past)).toEqual(
      encodeAll(featureMap(space.parameters), past),
    );
  });

  test("other than the present one makes a setting infeasible", () => {
    expect(isFeasible(today, { dose: 0.1, humidity: 0.3, lot: "B" })).toBe(true);
    expect(isFeasible(today, { dose: 0.1, humidity: 0.4, lot: "B" })).toBe(false);
  });

  test("may lie beyond the limits, since nobody chose it", () => {
    const dry = withContext(space, { humidity: 0.1, lot: "A" });
    const [setting] = sampleFeasible(dry, 1, randomStream(1, 0, "samples"));
    expect(setting).toMatchObject({ humidity: 0.1 });
  });

  test.each([
    [{ humidity: 0.3 }, 'the context "lot" has no value'],
    [{ humidity: 0.3, lot: "C" }, 'the context "lot" has no choice "C"'],
    [{ humidity: "wet", lot: "A" }, 'the context "humidity" has to be a number, not "wet"'],
    [{ humidity: 0.3, lot: "A", dose: 1 }, '"dose" is no context parameter'],
  ])("that isn't one is refused: %j", (context, message) => {
    expect(() => withContext(space, context)).toThrow(message);
  });
});

test("as long as no context is known, samples vary it", () => {
  const lots = sampleFeasible(space, 20, randomStream(1, 0, "samples")).map(({ lot }) => lot);
  expect(new Set(lots)).toEqual(new Set(["A", "B"]));
});
