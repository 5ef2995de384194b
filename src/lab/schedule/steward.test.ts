import { describe, expect, it } from "vitest";
import type { Schedule, ScheduleRow } from "../../record/schedule.ts";
import type { CampaignRow } from "../../record/store.ts";
import { type RunEnd, Steward } from "./steward.ts";

const MINUTE = 60_000;
const NOW = Date.UTC(2027, 2, 27, 18);

function memorySchedule(rows: ScheduleRow[]): Schedule {
  return {
    add: async (run) => {
      rows.push({ ...run, id: rows.length + 1, state: "waiting", campaign: null, note: "" });
      return rows.length;
    },
    rows: async () => rows.map((row) => ({ ...row })).sort((a, b) => a.due - b.due),
    move: async (id, from, to, note = "", ifNote) => {
      const row = rows.find((each) => each.id === id);
      if (row?.state !== from || (ifNote !== undefined && row.note !== ifNote)) return false;
      Object.assign(row, { state: to, note });
      return true;
    },
    began: async (id, campaign) => {
      Object.assign(rows.find((each) => each.id === id) ?? {}, { campaign });
    },
  };
}

const RUN: ScheduleRow = {
  id: 1,
  file: "campaign.yaml",
  words: ["--live"],
  zone: "Europe/Berlin",
  due: NOW - MINUTE,
  every: null,
  missed: "run",
  state: "waiting",
  campaign: null,
  note: "",
  by: "ada",
};

/** A world in which runs end as the test says. */
function rig(run: Partial<ScheduleRow> = {}) {
  const rows: ScheduleRow[] = [{ ...RUN, ...run }];
  const schedule = memorySchedule(rows);
  const world = {
    now: NOW,
    campaigns: new Map<string, string>(),
    driven: new Set<string>(),
    alive: new Set<string>(),
    started: [] as string[],
    said: [] as string[],
    /** What a started process does until it ends. */
    play: async (_row: ScheduleRow, _how: string, _token: string): Promise<RunEnd> => ({ status: 0 }),
  };
  let tokens = 0;
  const steward = (): Steward =>
    new Steward({
      schedule,
      now: () => world.now,
      find: async (key) => {
        const state = world.campaigns.get(key);
        return state === undefined ? undefined : ({ key, state } as CampaignRow);
      },
      isDriven: ({ key }) => world.driven.has(key),
      livesStill: (note) => world.alive.has(note),
      token: () => `token ${++tokens}`,
      say: (text) => world.said.push(text),
      start: (row, how, token) => {
        world.started.push(`${how} ${row.id}`);
        return world.play(row, how, token);
      },
    });
  return { rows, schedule, world, steward };
}

/** A run that begins a campaign, and concludes it or dies. */
function playing({ schedule, world }: ReturnType<typeof rig>, concludes: () => boolean) {
  world.play = async (row, how, token) => {
    if (how === "run") {
      if (!(await schedule.move(row.id, "starting", "started", "child", token)))
        throw new Error("another process has the token");
      await schedule.began(row.id, `c${row.id}`);
    }
    const done = concludes();
    world.campaigns.set(`c${row.id}`, done ? "concluded" : "running");
    return { status: done ? 0 : null };
  };
}

describe("the steward of a schedule", () => {
  it("runs what is due once, and nothing before its time", async () => {
    const given = rig({ due: NOW + MINUTE });
    playing(given, () => true);
    const steward = given.steward();
    await steward.look();
    expect(given.world.started).toEqual([]);
    given.world.now += 2 * MINUTE;
    await steward.look();
    await steward.look();
    expect(given.world.started).toEqual(["run 1"]);
    expect(given.rows[0]).toMatchObject({ state: "done", campaign: "c1" });
  });

  it("starts a run once, however many stewards look", async () => {
    const given = rig();
    playing(given, () => true);
    await Promise.all(Array.from({ length: 8 }, () => given.steward().look()));
    expect(given.world.started).toEqual(["run 1"]);
  });

  it("takes up a campaign whose process died, and gives up after a few times", async () => {
    const given = rig();
    playing(given, () => false);
    const steward = given.steward();
    for (let k = 0; k < 8; k++) await steward.look();
    expect(given.world.started).toEqual(["run 1", "resume 1", "resume 1", "resume 1"]);
    expect(given.rows[0]).toMatchObject({
      state: "failed",
      note: expect.stringContaining("labloop resume c1"),
    });
  });

  it("after a restart lets a campaign alone that still runs, and sees that it has ended", async () => {
    const given = rig({ state: "started", campaign: "c1", note: "child" });
    given.world.campaigns.set("c1", "running");
    given.world.driven.add("c1");
    const steward = given.steward();
    await steward.look();
    expect([given.world.started, given.rows[0]?.state]).toEqual([[], "started"]);
    given.world.campaigns.set("c1", "concluded");
    await steward.look();
    expect(given.rows[0]?.state).toBe("done");
  });

  it("starts anew what had not begun when its process ended, and the slow one then finds its token gone", async () => {
    const given = rig({ state: "starting", note: "token of another" });
    given.world.alive.add("token of another");
    const steward = given.steward();
    await steward.look();
    expect(given.rows[0]?.state).toBe("starting");
    given.world.alive.clear();
    playing(given, () => true);
    await steward.look();
    expect(given.rows[0]?.state).toBe("waiting");
    expect(await given.schedule.move(1, "starting", "started", "late", "token of another")).toBe(false);
    await steward.look();
    expect(given.rows[0]?.state).toBe("done");
  });

  it("runs late or skips what it missed, as was said", async () => {
    const late = rig({ due: NOW - 60 * MINUTE });
    playing(late, () => true);
    await late.steward().look();
    expect(late.rows[0]?.state).toBe("done");
    const skipped = rig({ due: NOW - 60 * MINUTE, missed: "skip" });
    await skipped.steward().look();
    expect([skipped.world.started, skipped.rows[0]?.state]).toEqual([[], "skipped"]);
  });

  it("repeats at the same time on the wall, also when the clocks change", async () => {
    const given = rig({ every: "day", due: Date.UTC(2027, 2, 27, 17, 30) });
    given.world.now = Date.UTC(2027, 2, 27, 17, 31);
    playing(given, () => true);
    await given.steward().look();
    // 18:30 in Berlin, on a day that began an hour earlier.
    expect(given.rows[1]).toMatchObject({ state: "waiting", due: Date.UTC(2027, 2, 28, 16, 30) });
  });

  it("tells a run that did not begin", async () => {
    const given = rig();
    given.world.play = async () => ({ status: 2 });
    await given.steward().look();
    expect(given.rows[0]).toMatchObject({ state: "failed", note: expect.stringContaining("code 2") });
    expect(given.world.said.at(-1)).toContain("FAILED");
  });
});
