import { describe, expect, it } from "vitest";
import { describeFault, nearestName } from "./fault.ts";

describe("a fault", () => {
  it("is told with its place and its advice, where it has them", () => {
    const fault = { code: "campaign.unknown-key", message: '"volum" is no key' };
    const place = { file: "campaign.yaml", line: 3, column: 5 };
    expect(describeFault(fault)).toBe('"volum" is no key [campaign.unknown-key]');
    expect(describeFault({ ...fault, place, advice: 'did you mean "volume"?' })).toBe(
      'campaign.yaml:3:5: "volum" is no key\n  → did you mean "volume"? [campaign.unknown-key]',
    );
  });
});

describe("the nearest name", () => {
  it.each([
    ["magneta", "magenta"],
    ["cyna", "cyan"],
    ["CYAN", "cyan"],
    ["yelow", "yellow"],
    ["yeellow", "yellow"],
    ["a", "A"],
  ])("to the slip %s is %s", (wrong, name) => {
    expect(nearestName(wrong, ["cyan", "magenta", "yellow", "A", "B"])).toBe(name);
  });

  it("is missing where none is near", () => {
    expect(nearestName("temperature", ["cyan", "magenta"])).toBeUndefined();
    expect(nearestName("cyan", [])).toBeUndefined();
    expect(nearestName("", ["a"])).toBeUndefined();
  });

  it("has a letter in common", () => {
    expect(nearestName("x", ["1", "y", "xy"])).toBeUndefined();
  });

  it("is the first of names that are equally near", () => {
    expect(nearestName("lime", ["dime", "time"])).toBe("dime");
  });
});
