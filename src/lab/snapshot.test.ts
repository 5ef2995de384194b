import { expect, it } from "vitest";
import type { Progress } from "./progress.ts";
import { readSnapshot, writeSnapshot } from "./snapshot.ts";

it("a snapshot gives back every number, also those that JSON has no words for", () => {
  const progress = {
    belief: { logWeights: [-Infinity, -0.5, 0], evidence: Number.NaN },
    observed: { 1: { best: Infinity, note: "~ 3" } },
  } as unknown as Progress;
  expect(readSnapshot(writeSnapshot(progress))).toEqual(progress);
});

it("a snapshot of another version is none", () => {
  expect(readSnapshot('{"state":{},"belief":{},"observed":{}}')).toBeUndefined();
});
