import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { continuous } from "../../../../test/support/space.ts";
import type { Setting } from "../../../hypothesis/parameter.ts";
import type { Space } from "../../space/space.ts";
import { listedSettings, repeatsIn } from "./listed-settings.ts";

const space: Space = {
  parameters: [
    continuous("x"),
    { kind: "categorical", name: "c", choices: ["p", "q"] },
    { ...continuous("day"), context: true },
  ],
  mixtures: [],
  constraints: [],
  pinned: { day: 0.5 },
};

describe("listed settings", () => {
  const settings = fc.array(
    fc.record({ x: fc.constantFrom(0, 0.25, 1 / 3, 1), c: fc.constantFrom("p", "q") }),
    { minLength: 1, maxLength: 12 },
  );

  test.prop([settings, settings])(
    "stand for settings one by one, whatever the context was",
    (rows, tried) => {
      const found = listedSettings(rows, space).rowsOf(tried.map((each, i) => ({ ...each, day: i })));
      const left = rows.map((row) => JSON.stringify(row));
      const wanted: number[] = [];
      for (const each of tried) {
        const row = left.indexOf(JSON.stringify(each));
        if (row < 0) continue;
        left[row] = "taken";
        wanted.push(row);
      }
      expect(found.sort((a, b) => a - b)).toEqual(wanted.sort((a, b) => a - b));
    },
  );

  it("have the present context, and are encoded anew when it changes", () => {
    const rows: Setting[] = [{ x: 0.25, c: "p" }];
    const now = listedSettings(rows, space);
    expect(now.settingOf(0)).toEqual({ x: 0.25, c: "p", day: 0.5 });
    expect(listedSettings(rows, { ...space }).features).toBe(now.features);
    const later = listedSettings(rows, { ...space, pinned: { day: 0.75 } });
    expect(later.features.at(-1)).toBe(0.75);
    expect(now.features.at(-1)).toBe(0.5);
  });

  it("tell which of them repeat others", () => {
    const rows: Setting[] = [
      { x: 0, c: "p" },
      { x: 1, c: "p" },
      { x: 0, c: "p" },
      { x: 0, c: "q" },
      { x: 0, c: "p" },
    ];
    const chosen: Space = { ...space, parameters: space.parameters.slice(0, 2) };
    expect(repeatsIn(rows, chosen)).toEqual([
      { row: 2, of: 0 },
      { row: 4, of: 0 },
    ]);
  });
});
