import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { beginDebounce, CHATTER_TIMES, CHATTER_WINDOW, type Delays, debounce } from "./debounce.ts";

const SECOND = 1000;

/** What is told, and after how many seconds, when a condition is judged every second. */
function course(holds: readonly boolean[], delays: Partial<Delays> = {}): string[] {
  let state = beginDebounce(false, 0);
  return holds.flatMap((each, i) => {
    const { after, changes } = debounce(state, each, i * SECOND, { onDelay: 0, offDelay: 0, ...delays });
    state = after;
    return changes.map((change) => `${i} ${change}`);
  });
}

const on = (count: number): boolean[] => Array<boolean>(count).fill(true);
const off = (count: number): boolean[] => Array<boolean>(count).fill(false);

describe("a debounced condition", () => {
  it("is told as it comes and goes without delays", () => {
    expect(course([...off(2), ...on(3), ...off(2)])).toEqual(["2 raised", "5 cleared"]);
  });

  it("has to hold for its delay, and to be over for the other one", () => {
    const delays = { onDelay: 3 * SECOND, offDelay: 2 * SECOND };
    expect(course([...on(3), ...off(1), ...on(5), ...off(1), ...on(2), ...off(4)], delays)).toEqual([
      "7 raised",
      "14 cleared",
    ]);
  });

  it("that chatters is told once, and is over when it was quiet", () => {
    const chatter = Array.from({ length: 20 }, () => [true, false]).flat();
    const told = course([...chatter, ...off(70)]);
    expect(told.filter((each) => each.endsWith("chattering"))).toEqual(["6 chattering"]);
    expect(told.at(-1)).toBe("99 cleared");
    expect(told).toHaveLength(2 * CHATTER_TIMES + 1);
  });

  it("that chatters below its delay is told for all that", () => {
    const chatter = Array.from({ length: 10 }, () => [true, false]).flat();
    expect(course(chatter, { onDelay: 30 * SECOND })).toEqual(["6 raised", "6 chattering"]);
  });

  prop.prop([fc.array(fc.boolean(), { maxLength: 300 })])(
    "is raised and cleared in turn, at most so often",
    (holds) => {
      const told = course(holds);
      const turns = told.filter((each) => !each.endsWith("chattering")).map((each) => each.split(" ")[1]);
      expect(turns).toEqual(turns.map((_, i) => (i % 2 === 0 ? "raised" : "cleared")));
      const raises = told
        .filter((each) => each.endsWith("raised"))
        .map((each) => Number(each.split(" ")[0]) * SECOND);
      for (const at of raises)
        expect(raises.filter((each) => each >= at && each < at + CHATTER_WINDOW).length).toBeLessThanOrEqual(
          CHATTER_TIMES,
        );
    },
  );
});
