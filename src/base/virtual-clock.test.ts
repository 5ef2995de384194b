import { describe, expect, it } from "vitest";
import { deadline, sleep } from "./clock.ts";
import { type Pace, VirtualClock } from "./virtual-clock.ts";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Lets so many turns of the event loop pass. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await turn();
}

describe("VirtualClock", () => {
  it("passes a night in an instant", async () => {
    const clock = new VirtualClock(1000, turn);
    await sleep(clock, 8 * 3_600_000);
    expect(clock.now()).toBe(1000 + 8 * 3_600_000);
  });

  it("calls timers by time, and timers of one time in the order they were set", async () => {
    const clock = new VirtualClock(0, turn);
    const seen: string[] = [];
    for (const [at, name] of [
      [20, "c"],
      [10, "a"],
      [20, "d"],
      [10, "b"],
    ] as const) {
      clock.at(at, () => seen.push(`${name}${clock.now()}`));
    }
    await sleep(clock, 30);
    expect(seen).toEqual(["a10", "b10", "c20", "d20"]);
  });

  it("calls a timer whose time has passed without turning back", async () => {
    const clock = new VirtualClock(100, turn);
    await new Promise<void>((resolve) => void clock.at(50, resolve));
    expect(clock.now()).toBe(100);
  });

  it("doesn't call a timer that was cancelled, and doesn't move to its time", async () => {
    const clock = new VirtualClock(0, turn);
    let called = false;
    const cancel = clock.at(1000, () => {
      called = true;
    });
    cancel();
    cancel();
    await sleep(clock, 10);
    await turns(50);
    expect([called, clock.now()]).toEqual([false, 10]);
  });

  it("holds time still while a chain of turns that touches the clock is under way", async () => {
    const clock = new VirtualClock(0, turn);
    let fired = false;
    clock.at(1, () => {
      fired = true;
    });
    for (let i = 0; i < 200; i++) {
      clock.touch();
      await turn();
    }
    expect(fired).toBe(false);
    await turns(50);
    expect(fired).toBe(true);
  });

  it("holds time still while work outside is under way", async () => {
    const clock = new VirtualClock(0, turn);
    let finish = (): void => undefined;
    const work = clock.external(new Promise<void>((resolve) => (finish = resolve)));
    let fired = false;
    clock.at(1, () => {
      fired = true;
    });
    await turns(200);
    expect(fired).toBe(false);
    finish();
    await work;
    expect(clock.now()).toBe(0);
    await turns(50);
    expect(fired).toBe(true);
  });

  it("hands over work outside in the order it was begun, however fast it was", async () => {
    const clock = new VirtualClock(0, turn);
    const seen: string[] = [];
    let slow: (text: string) => void = () => undefined;
    const first = clock.external(new Promise<string>((resolve) => (slow = resolve)));
    const second = clock.external(Promise.resolve("second"));
    const both = Promise.all([first.then((text) => seen.push(text)), second.then((text) => seen.push(text))]);
    await turns(50);
    expect(seen).toEqual([]);
    slow("first");
    await both;
    expect(seen).toEqual(["first", "second"]);
  });

  it("hands over a failure of work outside", async () => {
    const clock = new VirtualClock(0, turn);
    await expect(clock.external(Promise.reject(new Error("disk full")))).rejects.toThrow("disk full");
  });

  it("begins again after it came to rest", async () => {
    const clock = new VirtualClock(0, turn);
    await sleep(clock, 5);
    await turns(100);
    await sleep(clock, 5);
    expect(clock.now()).toBe(10);
  });
});

/** A wall that a test moves by hand. */
class Wall implements Pace {
  #now = 0;
  readonly #waiting = new Set<{ readonly at: number; readonly reached: () => void }>();

  now(): number {
    return this.#now;
  }

  at(at: number, reached: () => void): () => void {
    const wait = { at, reached };
    this.#waiting.add(wait);
    return () => this.#waiting.delete(wait);
  }

  /** Comes to a time, and lets everything come to rest. */
  async reach(now: number): Promise<void> {
    this.#now = now;
    for (const wait of this.#waiting) {
      if (wait.at > now) continue;
      this.#waiting.delete(wait);
      wait.reached();
    }
    await turns(50);
  }
}

describe("a virtual clock that keeps pace", () => {
  function paced(): { clock: VirtualClock; wall: Wall } {
    const [clock, wall] = [new VirtualClock(0, turn), new Wall()];
    clock.keepPace(wall);
    return { clock, wall };
  }

  it("waits for the wall before a timer is due", async () => {
    const { clock, wall } = paced();
    const seen: number[] = [];
    clock.at(100, () => seen.push(clock.now()));
    await turns(50);
    await wall.reach(99);
    expect([seen, clock.now()]).toEqual([[], 99]);
    await wall.reach(100);
    expect(seen).toEqual([100]);
  });

  it("shows each timer its own time when the wall is far beyond, and then the wall's", async () => {
    const { clock, wall } = paced();
    const seen: number[] = [];
    clock.at(10, () => {
      seen.push(clock.now());
      clock.at(clock.now() + 5, () => seen.push(clock.now()));
    });
    clock.at(20, () => seen.push(clock.now()));
    await turns(50);
    await wall.reach(500);
    expect([seen, clock.now()]).toEqual([[10, 15, 20], 500]);
  });

  it("takes what comes from outside at the wall's time, while it waits and while nothing is waited for", async () => {
    const { clock, wall } = paced();
    await wall.reach(30);
    const seen: number[] = [];
    clock.at(clock.now() + 100, () => seen.push(clock.now()));
    await turns(50);
    await wall.reach(70);
    clock.at(clock.now() + 10, () => seen.push(clock.now()));
    await turns(50);
    await wall.reach(1000);
    expect(seen).toEqual([80, 130]);
  });

  it("stands still while work outside is under way", async () => {
    const { clock, wall } = paced();
    let finish: () => void = () => undefined;
    const work = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const seen: number[] = [];
    clock.at(10, () => void clock.external(work).then(() => seen.push(clock.now())));
    clock.at(20, () => seen.push(clock.now()));
    await turns(50);
    await wall.reach(10);
    await wall.reach(300);
    expect([seen, clock.now()]).toEqual([[], 10]);
    finish();
    await turns(50);
    expect(seen).toEqual([10, 20]);
  });
});

describe("sleep", () => {
  it("ends early with the reason of its signal", async () => {
    const clock = new VirtualClock(0, turn);
    const stop = new AbortController();
    const sleeping = sleep(clock, 1000, stop.signal);
    clock.at(10, () => stop.abort(new Error("enough")));
    await expect(sleeping).rejects.toThrow("enough");
    expect(clock.now()).toBe(10);
  });
});

describe("deadline", () => {
  it("aborts at its time, and not when it was cancelled before", async () => {
    const clock = new VirtualClock(0, turn);
    const [kept, ended] = [
      deadline(clock, 10, () => new Error("late")),
      deadline(clock, 10, () => new Error("late")),
    ] as const;
    ended.cancel();
    await sleep(clock, 20);
    expect([kept.signal.aborted, ended.signal.aborted]).toEqual([true, false]);
  });

  it("aborts with its parent", () => {
    const parent = new AbortController();
    const { signal } = deadline(new VirtualClock(0, turn), 10, () => new Error("late"), parent.signal);
    parent.abort(new Error("parent"));
    expect(signal.reason).toEqual(new Error("parent"));
  });
});
