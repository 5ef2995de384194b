import { describe, expect, it } from "vitest";
import { type AlarmInput, type Lasting, nextStanding, type Standing } from "./standing.ts";

const INPUTS: readonly AlarmInput[] = ["raise", "clear", "acknowledge", "reset"];

/** What every standing becomes by raise, clear, acknowledge and reset. */
const TABLE: Readonly<Record<Lasting, Readonly<Record<Standing, readonly Standing[]>>>> = {
  condition: {
    normal: ["unacknowledged", "normal", "normal", "normal"],
    unacknowledged: ["unacknowledged", "returned", "acknowledged", "unacknowledged"],
    acknowledged: ["acknowledged", "normal", "acknowledged", "acknowledged"],
    returned: ["unacknowledged", "returned", "normal", "returned"],
    latched: ["latched", "latched", "latched", "latched"],
  },
  event: {
    normal: ["unacknowledged", "normal", "normal", "normal"],
    unacknowledged: ["unacknowledged", "returned", "normal", "unacknowledged"],
    acknowledged: ["acknowledged", "acknowledged", "acknowledged", "acknowledged"],
    returned: ["unacknowledged", "returned", "normal", "returned"],
    latched: ["latched", "latched", "latched", "latched"],
  },
  latch: {
    normal: ["unacknowledged", "normal", "normal", "normal"],
    unacknowledged: ["unacknowledged", "unacknowledged", "latched", "normal"],
    acknowledged: ["acknowledged", "acknowledged", "acknowledged", "acknowledged"],
    returned: ["returned", "returned", "returned", "returned"],
    latched: ["unacknowledged", "latched", "latched", "normal"],
  },
};

describe.each(Object.entries(TABLE))("an alarm that ends by its %s", (lasts, rows) => {
  it.each(Object.entries(rows))("goes on from %s as the table says", (standing, expected) => {
    const found = INPUTS.map((input) => nextStanding(lasts as Lasting, standing as Standing, input));
    expect(found).toEqual(expected);
  });

  it("never comes to a standing that it doesn't have", () => {
    const reached = new Set<Standing>(["normal"]);
    for (const standing of reached)
      for (const input of INPUTS) reached.add(nextStanding(lasts as Lasting, standing, input));
    const has = {
      condition: ["normal", "unacknowledged", "returned", "acknowledged"],
      event: ["normal", "unacknowledged", "returned"],
      latch: ["normal", "unacknowledged", "latched"],
    };
    expect([...reached].sort()).toEqual([...has[lasts as Lasting]].sort());
  });
});
