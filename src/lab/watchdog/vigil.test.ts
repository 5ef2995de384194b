import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { LOOK, Vigil } from "./vigil.ts";

/** Looks on time from a moment on, until there is a stall or the time is over. */
function firesAt(vigil: Vigil, from: number, until: number): number | undefined {
  for (let now = from + LOOK; now <= until; now += LOOK) if (vigil.isStalled(now)) return now;
  return undefined;
}

describe("a vigil", () => {
  it("tells a stall as soon as the silence is long enough", () => {
    const vigil = new Vigil(1000, 0);
    expect(firesAt(vigil, 0, 200)).toBeUndefined();
    vigil.hear(200);
    expect(firesAt(vigil, 200, 5000)).toBe(1200);
  });

  it("tells none while beats come", () => {
    const vigil = new Vigil(1000, 0);
    for (let now = 0; now < 60_000; now += LOOK) {
      if (now % 950 === 0) vigil.hear(now);
      expect(vigil.isStalled(now)).toBe(false);
    }
  });

  it("gives a new period when it was itself stopped, however long", () => {
    const vigil = new Vigil(1000, 0);
    expect(firesAt(vigil, 0, 900)).toBeUndefined();
    expect(vigil.isStalled(3_600_000)).toBe(false);
    expect(firesAt(vigil, 3_600_000, 3_610_000)).toBe(3_601_000);
  });

  test.prop([fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 200, maxLength: 200 })])(
    "run late on a busy computer counts only the time that it was run, and still ends",
    (lateness) => {
      const vigil = new Vigil(1000, 0);
      let now = 0;
      const looks = lateness.findIndex((late) => {
        now += LOOK + late;
        return vigil.isStalled(now);
      });
      expect(looks).toBe(1000 / LOOK - 1);
    },
  );
});
