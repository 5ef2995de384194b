import { describe, expect, it } from "vitest";
import { benchInstrument } from "../../../bench/loop/instant-lab.ts";
import { expression } from "../../../test/support/space.ts";
import { unitOf } from "../../base/unit.ts";
import type { Instrument, PropertyValue } from "../../instrument/index.ts";
import type { PerformCommand } from "../../loop/command.ts";
import type { EventOf } from "../../loop/event.ts";
import type { LoopState } from "../../loop/loop.ts";
import { virtualTime } from "../virtual-time.ts";
import type { Interlock, ReadingInterlock } from "./interlock.ts";
import { Supervisor } from "./supervisor.ts";

const START = Date.UTC(2030, 0, 1, 18);
const BATH = "bath.temperature";

/** Trips above 90 degC; a reading is stale after 10 s. */
function hot(changes: Partial<ReadingInterlock> = {}): ReadingInterlock {
  const unit = unitOf("degC");
  return {
    kind: "reading",
    name: "hot",
    watch: {
      text: BATH,
      expression: expression(BATH),
      properties: [{ name: BATH, instrument: "bath", property: "temperature", unit }],
    },
    conditions: [
      { kind: "above", limit: 90 + 273.15, hysteresis: 5, text: "above 90 degC" },
      { kind: "stale", after: 10_000, text: "not read for 10 s" },
    ],
    every: 1000,
    stale: 10_000,
    then: "pause",
    ...changes,
  };
}

/** A campaign's state as far as a supervisor looks at it. */
function state(mode: string, safety: "nominal" | "tripped" = "nominal"): LoopState {
  return { campaign: { value: { mode, safety }, context: {} }, experiments: {} } as unknown as LoopState;
}

function command(role: string, action: string): PerformCommand {
  const about = { kind: "perform", experiment: 1, arguments: {}, effect: "once", within: 1000 } as const;
  return { ...about, id: `${role}.${action}`, role, action };
}

/** A supervised bath whose thermometer shows what the test says; the role "heater" is the bath. */
function rig(interlocks: readonly Interlock[], standsStill = false) {
  const clock = virtualTime(START);
  const trips: EventOf<"interlock.tripped">[] = [];
  const bench = {
    shows: 20 as number | undefined,
    /** Answers never, as an instrument whose line hangs. */
    hangs: false,
    reads: [] as number[],
  };
  const bath: Instrument = {
    ...benchInstrument(),
    read: async (_, signal): Promise<PropertyValue> => {
      bench.reads.push(clock.now() - START);
      const failed = { kind: "failed", fault: { code: "instrument.no-answer", message: "" } } as const;
      if (bench.hangs)
        return new Promise((resolve) => signal.addEventListener("abort", () => resolve(failed)));
      return bench.shows === undefined ? failed : { kind: "value", value: bench.shows };
    },
  };
  const supervisor = new Supervisor({
    interlocks,
    instruments: { bath },
    roles: { heater: "bath" },
    clock,
    standsStill,
    trip: (event) => trips.push(event),
  });
  const wait = (milliseconds: number): Promise<void> =>
    new Promise((resolve) => clock.at(clock.now() + milliseconds, resolve));
  return { supervisor, trips, bench, wait, clock };
}

const never = new AbortController().signal;

describe("a continuous interlock", () => {
  it("is read at its interval while the campaign is at work, and not before or afterwards", async () => {
    const { supervisor, bench, wait } = rig([hot()]);
    supervisor.observe(state("idle"));
    await wait(2000);
    expect(bench.reads).toEqual([]);
    supervisor.observe(state("running"));
    await wait(3500);
    supervisor.observe(state("parking"));
    await wait(5000);
    expect(bench.reads).toEqual([2000, 3000, 4000, 5000]);
  });

  it("trips with the readings that brought it about", async () => {
    const { supervisor, trips, bench, wait } = rig([hot({ say: "switch it off" })]);
    supervisor.observe(state("running"));
    await wait(1500);
    bench.shows = 91.2;
    await wait(1000);
    supervisor.stop();
    expect(trips).toEqual([
      {
        type: "interlock.tripped",
        interlock: "hot",
        condition: "above 90 degC",
        then: "pause",
        readings: [{ name: BATH, value: 91.2, unit: "degC", at: START + 2000 }],
        fault: {
          code: "lab.interlock-tripped",
          message: 'interlock "hot" tripped: bath.temperature above 90 degC (bath.temperature 91.2 degC)',
          advice: "switch it off; then `labloop acknowledge`",
        },
      },
    ]);
  });

  it("tells both ends of a change that was too fast", async () => {
    const rate = { kind: "rate", most: 1, over: 3000, text: "changes faster than 1 K/s over 3 s" } as const;
    const { supervisor, trips, bench, wait } = rig([hot({ conditions: [rate] })]);
    supervisor.observe(state("running"));
    await wait(1500);
    bench.shows = 23.5;
    await wait(1000);
    supervisor.stop();
    expect(trips[0]?.readings).toMatchObject([
      { value: 20, at: START },
      { value: 23.5, at: START + 2000 },
    ]);
  });

  it.each([
    ["fails", { shows: undefined }],
    ["gives no number", { shows: Number.NaN }],
    ["hangs", { hangs: true }],
  ])("whose sensor %s trips as stale, with the last reading there was", async (_, trouble) => {
    const { supervisor, trips, bench, wait } = rig([hot()]);
    supervisor.observe(state("running"));
    await wait(500);
    Object.assign(bench, trouble);
    await wait(10_000);
    expect(trips).toEqual([]);
    await wait(1000);
    supervisor.stop();
    expect(trips).toMatchObject([{ condition: "not read for 10 s", readings: [{ value: 20, at: START }] }]);
  });

  it("trips once until it is acknowledged, and again when it still holds", async () => {
    const { supervisor, trips, bench, wait } = rig([hot()]);
    bench.shows = 91;
    supervisor.observe(state("running"));
    await wait(3500);
    expect(trips).toHaveLength(1);
    supervisor.observe(state("pausing", "tripped"));
    bench.shows = 86;
    await wait(1000);
    supervisor.observe(state("pausing"));
    await wait(1500);
    expect(trips).toHaveLength(2);
    supervisor.observe(state("pausing", "tripped"));
    bench.shows = 85;
    await wait(1000);
    supervisor.observe(state("pausing"));
    await wait(3000);
    supervisor.stop();
    expect(trips).toHaveLength(2);
  });

  it("doesn't keep another one from tripping while it is latched", async () => {
    const dry = hot({
      name: "dry",
      then: "abort",
      conditions: [{ kind: "above", limit: 400, hysteresis: 0, text: "" }],
    });
    const { supervisor, trips, bench, wait } = rig([hot(), dry]);
    bench.shows = 91;
    supervisor.observe(state("running"));
    await wait(500);
    supervisor.observe(state("paused", "tripped"));
    bench.shows = 150;
    await wait(1000);
    supervisor.stop();
    expect(trips.map(({ interlock, then }) => [interlock, then])).toEqual([
      ["hot", "pause"],
      ["dry", "abort"],
    ]);
  });

  it("is left alone in virtual time while a person is waited for, since time would run away", async () => {
    const { supervisor, bench, wait } = rig([hot()], true);
    supervisor.observe(state("running"));
    await wait(500);
    supervisor.observe(state("running", "tripped"));
    await wait(5000);
    expect(bench.reads).toEqual([0]);
    supervisor.observe(state("running"));
    await wait(500);
    supervisor.stop();
    expect(bench.reads).toEqual([0, 5500]);
  });
});

describe("an action", () => {
  it("begins only on readings as young as the interval", async () => {
    const { supervisor, bench } = rig([hot()]);
    expect(await supervisor.permit(command("heater", "heat"), never)).toMatchObject({ kind: "granted" });
    expect(bench.reads).toEqual([0]);
  });

  it("waits for the acknowledgement of a trip, and is judged again then", async () => {
    const { supervisor, trips, bench, wait } = rig([hot()]);
    bench.shows = 95;
    supervisor.observe(state("running"));
    let granted = false;
    const permit = supervisor.permit(command("heater", "heat"), never).then((given) => {
      granted = true;
      return given;
    });
    await wait(2500);
    supervisor.observe(state("pausing", "tripped"));
    expect([granted, trips.length]).toEqual([false, 1]);
    supervisor.observe(state("pausing"));
    await wait(2500);
    expect([granted, trips.length]).toEqual([false, 2]);
    bench.shows = 20;
    await wait(1500);
    supervisor.observe(state("pausing", "tripped"));
    supervisor.observe(state("pausing"));
    expect(await permit).toMatchObject({ kind: "granted" });
    supervisor.stop();
  });

  it("that waits is refused when the campaign is parked", async () => {
    const { supervisor, wait } = rig([]);
    supervisor.observe(state("running", "tripped"));
    const abort = new AbortController();
    const permit = supervisor.permit(command("heater", "heat"), abort.signal);
    await wait(1000);
    abort.abort(new Error("parked"));
    expect(await permit).toMatchObject({ kind: "refused", fault: { code: "lab.interlocked" } });
  });

  it("that something is required before is judged by a fresh reading, and by nothing else", async () => {
    const before = [{ instrument: "bath", action: "heat" }];
    const { supervisor, trips, bench, wait } = rig([hot({ before, then: "abort" })]);
    supervisor.observe(state("running"));
    bench.shows = 95;
    await wait(3000);
    expect(await supervisor.permit(command("heater", "stop"), never)).toMatchObject({ kind: "granted" });
    expect([bench.reads, trips]).toEqual([[], []]);
    const abort = new AbortController();
    const refused = supervisor.permit(command("heater", "heat"), abort.signal);
    await wait(1000);
    expect(trips).toMatchObject([{ condition: "above 90 degC", then: "abort" }]);
    abort.abort(new Error("parked"));
    expect(await refused).toMatchObject({ kind: "refused" });
  });

  it("that something is required before, which can't be read, doesn't begin", async () => {
    const before = [{ instrument: "bath" }];
    const { supervisor, trips, bench, wait } = rig([hot({ before })]);
    bench.shows = undefined;
    void supervisor.permit(command("heater", "heat"), never);
    await wait(1000);
    expect(trips).toMatchObject([{ condition: "not read for 10 s", readings: [] }]);
  });
});

describe("actions that exclude each other", () => {
  const exclusive: Interlock = {
    kind: "exclusion",
    name: "one at a time",
    actions: [{ instrument: "bath" }, { instrument: "arm", action: "move" }, { instrument: "door" }],
  };

  it("are under way one after the other, in the order in which they were asked for", async () => {
    const { supervisor, wait } = rig([exclusive]);
    const order: string[] = [];
    const run = async (role: string, action: string): Promise<void> => {
      const permit = await supervisor.permit(command(role, action), never);
      order.push(`${role} begins`);
      await wait(1000);
      order.push(`${role} ends`);
      if (permit.kind === "granted") permit.release();
    };
    await Promise.all([run("heater", "heat"), run("arm", "move"), run("door", "open")]);
    expect(order).toEqual([
      "heater begins",
      "heater ends",
      "arm begins",
      "arm ends",
      "door begins",
      "door ends",
    ]);
  });

  it("leave others alone", async () => {
    const { supervisor } = rig([exclusive]);
    await supervisor.permit(command("heater", "heat"), never);
    expect(await supervisor.permit(command("arm", "look"), never)).toMatchObject({ kind: "granted" });
  });

  it("make way when one that waits is given up", async () => {
    const { supervisor } = rig([exclusive]);
    const first = await supervisor.permit(command("heater", "heat"), never);
    const abort = new AbortController();
    const second = supervisor.permit(command("arm", "move"), abort.signal);
    const third = supervisor.permit(command("door", "open"), never);
    abort.abort(new Error("parked"));
    expect(await second).toMatchObject({ kind: "refused" });
    if (first.kind === "granted") first.release();
    expect(await third).toMatchObject({ kind: "granted" });
  });
});
