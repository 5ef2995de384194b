import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { describe, expect, it } from "vitest";
import { emulatedTwin } from "../commands/emulated-twin.ts";
import { bathBench, bathLab } from "../support/bath-bench.ts";
import { followed, jsonLines, labloopIn, testFolder } from "../support/labloop.ts";

const CAMPAIGN = { name: "asked", budget: "experiments: 2", wait: "1 h", stops: true } as const;

interface Event {
  readonly event: string;
  readonly experiment?: number;
  readonly action?: string;
  readonly request?: string;
  readonly why?: string;
  readonly by?: string;
  readonly skippedBy?: string;
  readonly setting?: unknown;
  readonly reason?: string;
  readonly found?: unknown;
}

/** A lab whose bath runs in another process. */
async function realBench(): Promise<string> {
  const { address } = await emulatedTwin(testFolder(), "julabo/circulator", "--tcp", "0");
  return bathBench(CAMPAIGN, bathLab({ address }));
}

const REAL_TIME = ["run", "campaign.yaml", "--simulate", "--real-time"];

describe("a running campaign", () => {
  it("is paused, skipped on, resumed, repeated and halted from other terminals, each with who and why", async () => {
    const folder = bathBench(CAMPAIGN);
    const said: string[] = [];
    const ask = async (...words: readonly string[]): Promise<void> => {
      const { status, stderr } = await labloopIn(folder, ...words);
      said.push(`${status} ${stderr.trim().replaceAll(/[\w-]+$/g, "…")}`);
    };
    const { events, status } = await followed<Event>(
      folder,
      REAL_TIME,
      async ({ event, action, experiment }) => {
        if (action === "set-setpoint" && experiment === 1) {
          // The next step is a wait for an hour: paused at a step, it is skipped, and no other.
          await ask("pause", "--at", "step", "--why", "tea");
          await ask("pause", "--at", "step");
          await ask("skip", "--why", "no need to wait");
        }
        if (event === "timer.elapsed") await ask("resume", "--why", "back");
        if (action === "set-setpoint" && experiment === 2) {
          await ask("repeat", "--experiment", "1");
          await ask("halt", "--why", "it smells");
        }
      },
    );
    expect(said.map((each) => each.replace(/the process that runs/, "it"))).toEqual([
      "0 pause: accepted by it …",
      "0 pause: nothing to do in …",
      "0 skip: accepted by it …",
      "0 resume: accepted by it …",
      "0 repeat: accepted by it …",
      "0 halt: accepted by it …",
    ]);
    expect(status).toBe(4);
    const asked = events.filter(({ event }) => event === "person.requested");
    expect(asked.map(({ request, why }) => [request, why])).toEqual([
      ["pause", "tea"],
      ["pause", undefined],
      ["skip", "no need to wait"],
      ["resume", "back"],
      ["repeat", undefined],
      ["halt", "it smells"],
    ]);
    expect(asked.every(({ by }) => by !== undefined && by !== "")).toBe(true);
    expect(events.filter(({ event }) => event === "measurement.recorded")).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ event: "campaign.concluded", reason: "halted by a person" });
    const { stdout } = await labloopIn(folder, "verify", "--json", "--quiet");
    expect(jsonLines(stdout)[0]).toMatchObject({ intact: true });
    const shown = await labloopIn(folder, "show", "--experiment", "3");
    expect(shown.stdout).toContain("repeats      experiment 1");
    const campaign = await labloopIn(folder, "show");
    expect(campaign.stdout).toMatch(/asked for {4}skip, by .*: no need to wait\n/);
  });

  it("refuses what it can't understand", async () => {
    const folder = bathBench(CAMPAIGN);
    const answers: string[] = [];
    await followed<Event>(folder, REAL_TIME, async ({ action }, signal) => {
      if (action !== "set-setpoint") return;
      for (const words of [
        ["pause", "--at", "noon"],
        ["repeat", "--experiment", "7"],
      ]) {
        const { status, stderr } = await labloopIn(folder, ...words);
        answers.push(`${status} ${stderr}`);
      }
      signal("SIGKILL");
    });
    expect(answers[0]).toMatch(/^2 .*--at takes experiment, step or now, not "noon"/);
    expect(answers[1]).toMatch(/^2 .*has begun no experiment 7/);
  });
});

describe("a campaign that no process runs", () => {
  it("is halted all the same: its instruments are made safe, and the lab is locked until that is acknowledged", async () => {
    const folder = await realBench();
    const killed = await followed<Event>(folder, ["run", "campaign.yaml", "--live"], ({ action }, signal) => {
      if (action === "set-setpoint") signal("SIGKILL");
    });
    expect(killed.status).toBeUndefined();
    const { status, stdout } = await labloopIn(folder, "halt", "--json", "--quiet", "--why", "smoke");
    const events = jsonLines<Event>(stdout);
    expect(events.map(({ event }) => event)).toEqual([
      // It made the instruments safe when the process died.
      "watchdog.fired",
      "campaign.resumed",
      "person.requested",
      "instruments.parked",
      "campaign.concluded",
    ]);
    expect(events[1]?.found).toMatchObject({ bath: { temperature: expect.any(Number) } });
    expect(events[4]).toMatchObject({ reason: "halted by a person" });
    expect(status).toBe(4);
    const again = await labloopIn(folder, "run", "campaign.yaml", "--live");
    expect(again.stderr).toContain("[campaign.latched]");
    const acknowledged = await labloopIn(folder, "acknowledge");
    expect(acknowledged.stderr).toMatch(/acknowledged: halted by .*: smoke/);
  });

  it("is taken over in an emergency from a process that doesn't answer", async () => {
    const folder = await realBench();
    let halted: Promise<{ status: number | null; stdout: string }> | undefined;
    const frozen = await followed<Event>(folder, ["run", "campaign.yaml", "--live"], ({ action }, signal) => {
      if (action !== "set-setpoint" || halted !== undefined) return;
      signal("SIGSTOP");
      halted = labloopIn(folder, "halt", "--json", "--quiet");
    });
    expect(frozen.status).toBeUndefined();
    const { status, stdout } = (await halted) ?? {};
    expect(status).toBe(4);
    expect(jsonLines<Event>(stdout ?? "").at(-1)).toMatchObject({ reason: "halted by a person" });
  }, 20_000);

  it("goes on by itself where the operator said so, and tells beforehand what becomes of open commands", async () => {
    const folder = await realBench();
    // It dies while the bath is set, so that this command has no result.
    await followed<Event>(folder, ["run", "campaign.yaml", "--live"], ({ event }, signal) => {
      if (event === "experiment.reviewed") signal("SIGKILL");
    });
    const never = await labloopIn(folder, "run", "campaign.yaml", "--live", "--resume", "never");
    expect(never.stderr).toContain("[campaign.unfinished]");
    const wrong = await labloopIn(folder, "run", "campaign.yaml", "--live", "--resume", "perhaps");
    expect(wrong.status).toBe(2);
    const child = spawn(
      process.execPath,
      [resolve("dist/src/operator/cli/main.js"), "run", "campaign.yaml", "--live", "--resume", "auto"],
      { cwd: folder, env: { ...process.env, LABLOOP_DB: "labloop.db" }, stdio: ["ignore", "ignore", "pipe"] },
    );
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stderr })) {
      lines.push(line);
      if (line.includes("found on the bench")) child.kill("SIGKILL");
    }
    expect(lines.join("\n")).toMatch(/this campaign was begun before and isn't finished/);
    expect(lines.join("\n")).toMatch(/bath\.set-setpoint of experiment 1 had no result: it is set again/);
    expect(lines.join("\n")).toMatch(
      /resumed by .*commands in doubt: 1\.1; found on the bench: bath: temperature/,
    );
  });
});
