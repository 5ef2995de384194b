import { describe, expect, it } from "vitest";
import { canAllFinish } from "./can-all-finish.ts";

describe("jobs that hold something", () => {
  it("can all finish when each needs what is free, or what one before it gives back", () => {
    const first = { holds: [0], mayNeed: [2] };
    const second = { holds: [1], mayNeed: [0] };
    expect(canAllFinish([second, first], [1, 1, 1])).toBe(true);
  });

  it("can't when two of them need what the other holds", () => {
    const first = { holds: [0], mayNeed: [1] };
    const second = { holds: [1], mayNeed: [0] };
    expect(canAllFinish([first, second], [1, 1])).toBe(false);
    expect(canAllFinish([first, second], [1, 2])).toBe(true);
  });

  it("need nothing of others for what they hold themselves", () => {
    expect(canAllFinish([{ holds: [0, 1], mayNeed: [1, 0] }], [1, 1])).toBe(true);
  });

  it("can't hold more than there is", () => {
    const one = { holds: [0], mayNeed: [] };
    expect(canAllFinish([one, one], [1])).toBe(false);
    expect(canAllFinish([one, one], [2])).toBe(true);
  });
});
