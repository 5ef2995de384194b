import { expect, test } from "vitest";
import { constraint, mixtureSpace } from "../../../test/support/space.ts";
import { randomStream } from "../../base/random.ts";
import { checkFeasible } from "./check-feasible.ts";
import { enumerateSettings } from "./enumerate-settings.ts";
import { neighboursOf } from "./neighbours.ts";
import { sampleFeasible } from "./sample-feasible.ts";
import type { Parameter, Space } from "./space.ts";

// 10¹² combinations, and one parameter of 10⁹ values beside them: what builds them never returns.
const vast: Space = {
  parameters: [
    ...Array.from({ length: 12 }, (_, i): Parameter => {
      const levels = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
      return { kind: "ordinal", name: `p${i}`, unit: "1", levels };
    }),
    { kind: "integer", name: "n", unit: "1", minimum: 1, maximum: 1e9, scale: "linear" },
  ],
  mixtures: [],
  constraints: [constraint("p0 + p1 <= 3"), constraint("p2 * p3 <= 2"), constraint("n > 5e8")],
};

test("a space of 10²¹ combinations is not built", () => {
  expect(enumerateSettings(vast, 1e6)).toBeUndefined();
  const found = sampleFeasible(vast, 20, randomStream(1, 0, "samples"));
  expect(found).toHaveLength(20);
  expect(neighboursOf(vast, found[0] ?? {}, 0.1).length).toBeGreaterThan(12);
  expect(checkFeasible(vast).kind).toBe("feasible");
});

test("a mixture of few parts lists each part's absence beside its amounts", () => {
  const space = mixtureSpace({ parts: 3, minimum: 0.5, maximum: 1, step: 0.25, atMost: 2 });
  // Alone (3), or two halves (3).
  expect(enumerateSettings(space, 1000)).toHaveLength(6);
});

test("a continuous parameter has no list", () => {
  expect(enumerateSettings(mixtureSpace({ parts: 2 }), 1e9)).toBeUndefined();
});
