import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { HandClock } from "../../../test/support/hand-clock.ts";
import { Arbiter, PATIENCE, type Terms } from "./arbiter.ts";

/** A campaign that has one experiment after the other, as long as it is let. */
interface Player extends Terms {
  /** Milliseconds that its experiments take, in turn. */
  readonly takes: readonly number[];
  /** Milliseconds that it decides between two of them. */
  readonly decides?: number;
  /** Milliseconds after which it is away for a while, and for how long. */
  readonly away?: { readonly from: number; readonly for: number };
}

interface Given {
  readonly id: string;
  readonly asked: number;
  readonly from: number;
  readonly to: number;
}

/** A lab that players share, one experiment of each at a time. */
class Game {
  readonly clock = new HandClock();
  readonly given: Given[] = [];
  readonly #arbiter = new Arbiter(this.clock);

  constructor(players: readonly Player[]) {
    for (const each of players) this.#arbiter.join(each);
    for (const each of players) this.#decide(each, 0);
  }

  #decide(player: Player, count: number): void {
    const { id, decides = 0, away } = player;
    if (away !== undefined && this.clock.now() >= away.from) {
      this.#arbiter.update(id, { wants: "nothing", holds: 0 }, false);
      const { away: _, ...back } = player;
      this.clock.at(this.clock.now() + away.for, () => this.#decide(back, count));
      return;
    }
    this.#arbiter.update(id, { wants: "soon", holds: 0 }, false);
    this.clock.at(this.clock.now() + decides, () => this.#ask(player, count));
  }

  #ask(player: Player, count: number): void {
    const { id, takes } = player;
    const asked = this.clock.now();
    this.#arbiter.update(id, { wants: "lease", holds: 0 }, false);
    this.#arbiter.lease(id, () => {
      const from = this.clock.now();
      const to = from + (takes[count % takes.length] as number);
      this.given.push({ id, asked, from, to });
      // A campaign hears of its lease a moment later.
      this.clock.at(from, () => this.#arbiter.update(id, { wants: "nothing", holds: 1 }, true));
      this.clock.at(to, () => this.#decide(player, count + 1));
    });
  }
}

/** Lets campaigns share a lab for a while. */
function play(players: readonly Player[], until: number): readonly Given[] {
  const game = new Game(players);
  game.clock.to(until);
  return game.given;
}

function player(id: string, changes: Partial<Player> = {}): Player {
  return { id, uses: ["bench"], priority: 0, share: 1, atOnce: 1, takes: [60_000], ...changes };
}

function timeOf(given: readonly Given[], id: string): number {
  return given.filter((each) => each.id === id).reduce((sum, { from, to }) => sum + to - from, 0);
}

const HOUR = 3_600_000;

const durations = fc.array(fc.integer({ min: 60_000, max: 600_000 }), { minLength: 1, maxLength: 5 });

describe("campaigns that share a bench", () => {
  it("take turns, though each decides for a while behind its experiment", () => {
    const given = play([player("a", { decides: 5000 }), player("b", { decides: 5000 })], HOUR);
    expect(given.slice(0, 6).map(({ id }) => id)).toEqual(["a", "b", "a", "b", "a", "b"]);
  });

  it("get two experiments to one where one's share is twice the other's", () => {
    const given = play([player("a", { share: 2, decides: 5000 }), player("b", { decides: 5000 })], 2 * HOUR);
    const ratio = timeOf(given, "a") / timeOf(given, "b");
    expect(ratio).toBeGreaterThan(1.9);
    expect(ratio).toBeLessThan(2.1);
  });

  prop.prop([durations, durations, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })])(
    "get time by their shares, to within an experiment",
    (a, b, shareA, shareB) => {
      const players = [player("a", { takes: a, share: shareA }), player("b", { takes: b, share: shareB })];
      const given = play(players, 24 * HOUR);
      const apart = Math.abs(timeOf(given, "a") / shareA - timeOf(given, "b") / shareB);
      // Whoever is given a lease has had no more than the other, so it is ahead by no more than that one experiment.
      expect(apart).toBeLessThanOrEqual(Math.max(...a, ...b) / Math.min(shareA, shareB));
    },
  );

  it("leave it to the one of greater priority, but for what has begun", () => {
    const players = [player("usual"), player("urgent", { priority: 1, decides: 5000 })];
    expect(play(players, HOUR).some(({ id }) => id === "usual")).toBe(false);
    const late = [player("usual"), player("urgent", { priority: 1, away: { from: 0, for: 90_000 } })];
    expect(play(late, HOUR).filter(({ id }) => id === "usual")).toHaveLength(2);
  });

  it("don't wait for one that decides for longer than anybody has patience", () => {
    const players = [player("slow", { priority: 1, decides: 10 * PATIENCE }), player("quick")];
    const given = play(players, HOUR);
    expect(given[0]).toMatchObject({ id: "quick", from: PATIENCE });
    expect(given.some(({ id }) => id === "slow")).toBe(true);
  });

  it("don't save up what they leave unused", () => {
    const players = [player("a"), player("b", { away: { from: 0, for: HOUR } })];
    const back = play(players, HOUR + 600_000).filter(({ from }) => from >= HOUR);
    expect(
      back
        .slice(0, 6)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(["a", "a", "a", "b", "b", "b"]);
  });
});

const anyPlayers = fc
  .array(
    fc.record({
      uses: fc.uniqueArray(fc.constantFrom("pump", "bath", "sensor", "vial"), { minLength: 1 }),
      takes: durations,
      share: fc.integer({ min: 1, max: 3 }),
      decides: fc.integer({ min: 0, max: 2 * PATIENCE }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((all) => all.map((each, i) => player(`c${i}`, each)));

describe("campaigns that use parts of a lab", () => {
  prop.prop([anyPlayers])("never have the same part at one time", (players) => {
    const given = play(players, 6 * HOUR);
    for (const [i, a] of given.entries())
      for (const b of given.slice(i + 1)) {
        if (a.id === b.id || a.to <= b.from || b.to <= a.from) continue;
        const [usesA, usesB] = [a, b].map(({ id }) => players.find((each) => each.id === id)?.uses ?? []);
        expect(usesA?.some((name) => usesB?.includes(name))).toBe(false);
      }
  });

  prop.prop([anyPlayers])("all get on at the same priority, whatever the others do", (players) => {
    const given = play(players, 48 * HOUR);
    for (const { id } of players) {
      const own = given.filter((each) => each.id === id);
      // Ten minutes at most an experiment, three at most of the shares' ratio, four others that are before it in turn.
      const longest = Math.max(...own.map(({ asked, from }) => from - asked));
      expect(own.length).toBeGreaterThan(0);
      expect(longest).toBeLessThanOrEqual(4 * 3 * 600_000 * 2);
    }
  });

  it("have their experiments at the same time where they use different things", () => {
    const given = play([player("a", { uses: ["pump"] }), player("b", { uses: ["bath"] })], HOUR);
    expect(timeOf(given, "a")).toBeGreaterThanOrEqual(HOUR);
    expect(timeOf(given, "b")).toBeGreaterThanOrEqual(HOUR);
  });
});
