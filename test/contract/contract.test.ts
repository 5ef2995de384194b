import { instrumentContract, oversOf } from "labloop/instrument/testing";
import { describe, expect, it } from "vitest";
import { subjects } from "./subjects.ts";

describe.each(subjects)("$id", ({ id, description }) => {
  it("is the driver of its folder, and its twin is of the same kind", () => {
    expect(description.driver.declaration.id).toBe(id);
    expect(description.simulator.id).toBe(id);
  });
  describe.each(oversOf(description))("over %s", (over) => {
    it.each(instrumentContract(description, over))("$name", async (kept) => {
      await expect(kept.run()).resolves.toBeUndefined();
    });
  });
});
