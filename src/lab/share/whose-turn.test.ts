import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { type Claim, whoseTurn } from "./whose-turn.ts";

/** A campaign that waits for a lease on x, and had nothing so far. */
function claim(id: string, changes: Partial<Claim> = {}): Claim {
  const usual = { uses: ["x"], priority: 0, share: 1, used: 0, asked: 0, wants: "lease", holds: 0 } as const;
  return { id, ...usual, turn: 0, atOnce: 1, ...changes };
}

describe("a lease", () => {
  it("goes to whoever asked first, where nothing else is between them", () => {
    expect(whoseTurn([claim("late", { asked: 2 }), claim("early", { asked: 1 })])).toEqual(["early"]);
  });

  it("goes to whoever has used less for its share", () => {
    const claims = [claim("a", { used: 60, share: 3, asked: 2 }), claim("b", { used: 30, asked: 1 })];
    expect(whoseTurn(claims)).toEqual(["a"]);
  });

  it("goes to the greater priority, whatever it has used", () => {
    expect(whoseTurn([claim("usual"), claim("urgent", { priority: 1, used: 900 })])).toEqual(["urgent"]);
  });

  it("goes at once to all that use different things", () => {
    const claims = [claim("a"), claim("b", { uses: ["y", "z"] }), claim("c", { uses: ["z"], asked: 1 })];
    expect(whoseTurn(claims)).toEqual(["a", "b"]);
  });

  it("isn't given on a part of what is used", () => {
    expect(whoseTurn([claim("a", { holds: 1, wants: "nothing" }), claim("b", { uses: ["x", "y"] })])).toEqual(
      [],
    );
  });

  it("isn't given on what is being made safe", () => {
    expect(whoseTurn([claim("a")], ["x"])).toEqual([]);
    expect(whoseTurn([claim("a")], ["y"])).toEqual(["a"]);
  });

  it("isn't given on what somebody before waits for, though it is there", () => {
    const claims = [
      claim("long", { uses: ["x"], holds: 1, wants: "nothing" }),
      claim("first", { uses: ["x", "y"], asked: 1 }),
      claim("second", { uses: ["y"], asked: 2 }),
    ];
    expect(whoseTurn(claims)).toEqual([]);
  });

  it("is kept for somebody before who asks in a moment", () => {
    expect(whoseTurn([claim("a", { wants: "soon" }), claim("b", { asked: 1 })])).toEqual([]);
    expect(whoseTurn([claim("a", { wants: "nothing" }), claim("b", { asked: 1 })])).toEqual(["b"]);
  });

  it("is given again to who holds one, until its turn is over and somebody with less waits", () => {
    const holder = (turn: number): Claim => claim("a", { holds: 1, turn, atOnce: 3, used: 10 });
    expect(whoseTurn([holder(2), claim("b", { asked: 1 })])).toEqual(["a"]);
    expect(whoseTurn([holder(3), claim("b", { asked: 1 })])).toEqual([]);
    expect(whoseTurn([holder(3)])).toEqual(["a"]);
  });
});

const NAMES = ["pump", "bath", "sensor", "vial"];

const anyClaim = fc.record({
  uses: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1 }),
  priority: fc.integer({ min: -1, max: 1 }),
  share: fc.constantFrom(0.5, 1, 2),
  used: fc.integer({ min: 0, max: 3 }),
  wants: fc.constantFrom("lease", "soon", "nothing"),
  atOnce: fc.integer({ min: 1, max: 3 }),
});

/** Claims of campaigns of which those hold something that don't disturb each other. */
const anyClaims = fc.array(fc.tuple(anyClaim, fc.nat({ max: 3 })), { maxLength: 6 }).map((all) => {
  const taken = new Set<string>();
  return all.map(([each, wanted], i): Claim => {
    const holds = each.uses.some((name) => taken.has(name)) ? 0 : wanted;
    if (holds > 0) for (const name of each.uses) taken.add(name);
    return { ...each, id: `c${i}`, asked: i, holds, turn: holds };
  });
});

function disturb(a: Claim, b: Claim): boolean {
  return a.id !== b.id && a.uses.some((name) => b.uses.includes(name));
}

describe("leases", () => {
  prop.prop([anyClaims])("are never held by two that use the same", (claims) => {
    const given = whoseTurn(claims);
    const holders = claims.filter(({ id, holds }) => holds > 0 || given.includes(id));
    for (const a of holders) for (const b of holders) expect(disturb(a, b)).toBe(false);
  });

  prop.prop([anyClaims])(
    "are given only to who wants one, and to whoever of them nobody disturbs",
    (claims) => {
      const given = new Set(whoseTurn(claims));
      for (const each of claims) {
        if (each.wants !== "lease") expect(given.has(each.id)).toBe(false);
        const others = claims.filter((other) => other.holds > 0 || other.wants !== "nothing");
        if (each.wants === "lease" && !others.some((other) => disturb(each, other)))
          expect(given.has(each.id)).toBe(true);
      }
    },
  );

  prop.prop([anyClaims])(
    "are given to nobody before one of greater priority who wants the same",
    (claims) => {
      const given = new Set(whoseTurn(claims));
      for (const each of claims.filter(({ id }) => given.has(id)))
        for (const other of claims)
          if (disturb(each, other) && other.wants !== "nothing")
            expect(other.priority).toBeLessThanOrEqual(each.priority);
    },
  );

  prop.prop([anyClaims])(
    "go on: where somebody wants one and nobody holds any, one is given or kept for a moment",
    (claims) => {
      const idle = claims.map((each) => ({ ...each, holds: 0, turn: 0 }));
      const wanted = idle.some(({ wants }) => wants === "lease");
      const soon = idle.some(({ wants }) => wants === "soon");
      if (wanted && !soon) expect(whoseTurn(idle)).not.toEqual([]);
    },
  );
});
