import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emulatedTwin } from "../commands/emulated-twin.ts";
import { followed, jsonLines, labloopIn, replaced, testFolder } from "../support/labloop.ts";

const EXAMPLE = "examples/flow-reaction";

interface Event {
  readonly event: string;
  readonly time: string;
  readonly alarm?: string;
  readonly priority?: string;
  readonly request?: string;
  readonly readings?: readonly { readonly value: number }[];
}

interface Listed {
  readonly alarm: string;
  readonly state: string;
}

async function listed(folder: string, ...args: readonly string[]): Promise<Record<string, string>> {
  const { stdout } = await labloopIn(folder, "alarms", "--json", ...args);
  if (stdout.trim() === "") return {};
  return Object.fromEntries(jsonLines<Listed>(stdout).map(({ alarm, state }) => [alarm, state]));
}

describe("a campaign whose bath overheats", () => {
  const FAULT = "faults: [{ at: 1 h, instrument: bath, fault: overheat }]";

  function bench(): string {
    const folder = testFolder();
    copyFileSync(join(EXAMPLE, "campaign.yaml"), join(folder, "campaign.yaml"));
    const lab = readFileSync(join(EXAMPLE, "lab.yaml"), "utf8");
    const process = "  settings: { delay: 60 s }\n";
    writeFileSync(join(folder, "lab.yaml"), replaced(lab, { [process]: `${process}  ${FAULT}\n` }));
    return folder;
  }

  it("warns with what was read before the interlock trips, and goes the same way twice", async () => {
    const folder = bench();
    const run = ["dry-run", "campaign.yaml", "--json", "--quiet"] as const;
    const { status, stdout } = await labloopIn(folder, ...run);
    const events = jsonLines<Event>(stdout);
    const warned = events.findIndex(({ event, alarm }) => event === "alarm.raised" && alarm === "bath-warm");
    const tripped = events.findIndex(({ event }) => event === "interlock.tripped");
    expect(warned).toBeGreaterThan(0);
    expect(tripped).toBeGreaterThan(warned);
    expect(events[warned]?.readings?.[0]?.value).toBeGreaterThan(124);
    const ahead = Date.parse(events[tripped]?.time ?? "") - Date.parse(events[warned]?.time ?? "");
    expect(ahead).toBeGreaterThan(20_000);
    expect(status).toBe(4);
    const again = await labloopIn(folder, ...run, { LABLOOP_DB: "another.db" });
    expect(again.stdout).toBe(stdout);
    expect((await labloopIn(folder, "verify")).status).toBe(0);
  });

  it("has its alarms in the list until they are acknowledged, the trip until it is reset", async () => {
    const folder = bench();
    await labloopIn(folder, "dry-run", "campaign.yaml", "--quiet");
    expect(await listed(folder)).toEqual({});
    expect(await listed(folder, "--all")).toMatchObject({
      "bath-hot": "unacknowledged",
      "bath-warm": "suppressed",
    });
    const shelved = await labloopIn(folder, "alarms", "shelve", "bath-hot", "--for", "30min", "--why", "so");
    expect(shelved.stderr).toContain("bath-hot can't be shelved: it holds the lab's actions");
    expect(shelved.status).toBe(2);
    const unknown = await labloopIn(folder, "alarms", "acknowledge", "bath-hto");
    expect(unknown.stderr).toContain('did you mean "bath-hot"? [campaign.no-alarm]');
    await labloopIn(folder, "alarms", "acknowledge", "all");
    expect(await listed(folder, "--all")).toMatchObject({ "bath-hot": "latched" });
    await labloopIn(folder, "acknowledge");
    expect(await listed(folder, "--all")).toMatchObject({ "bath-hot": "normal", "bath-warm": "normal" });
    const shown = await labloopIn(folder, "show");
    expect(shown.stdout).not.toContain("\nalarms ");
  });
});

it("a rehearsal in which an alarm was acknowledged is resumed after a kill to the same journal", async () => {
  const folder = testFolder();
  const campaign = readFileSync(join(EXAMPLE, "campaign.yaml"), "utf8");
  // Long enough that the acknowledgement, which comes from another process, comes before its end.
  writeFileSync(join(folder, "campaign.yaml"), replaced(campaign, { "experiments: 15": "experiments: 200" }));
  const lab = readFileSync(join(EXAMPLE, "lab.yaml"), "utf8");
  // The bath is that hot in most experiments, so that the alarm comes early and often.
  writeFileSync(join(folder, "lab.yaml"), replaced(lab, { "max: 124 degC": "max: 40 degC" }));
  let asked = false;
  const before = await followed<Event>(folder, ["dry-run", "campaign.yaml"], ({ event, request }, signal) => {
    if (event === "alarm.raised" && !asked) void labloopIn(folder, "alarms", "acknowledge", "bath-warm");
    asked ||= event === "alarm.raised";
    if (request === "acknowledge-alarm") signal("SIGKILL");
  });
  const at = before.events.findIndex(({ request }) => request === "acknowledge-alarm");
  expect(at).toBeGreaterThan(0);
  let lines = 0;
  const after = await followed<Event>(folder, ["resume"], (_, signal) => {
    lines += 1;
    if (lines > before.lines.length + 20) signal("SIGKILL");
  });
  expect(after.lines.slice(0, at + 1)).toEqual(before.lines.slice(0, at + 1));
  const { stdout } = await labloopIn(folder, "verify", "--json", "--quiet");
  expect(jsonLines(stdout)[0]).toMatchObject({ intact: true });
});

describe("a campaign on instruments", () => {
  const CAMPAIGN = `labloop: 1
name: wait
lab: lab.yaml
seed: 1
parameters: { x: { min: 0, max: 1 } }
procedure: [{ wait: 1 s }, { measure: bath.read, as: now, within: 1 min }]
measurements: { t: { expression: now.temperature, unit: degC, noise: 1 K } }
goal: { maximise: t }
budget: { experiments: 200 }
`;
  const lab = (address: string): string => `labloop: 1
name: bench
instruments:
  bath: { driver: julabo/circulator, connect: { tcp: "${address}" } }
alarms:
  readings:
    # The room has 22 degC.
    warm: { watch: bath.temperature, max: 10 degC, priority: low, say: open the window }
  escalate: [{ after: 3 s, of: [low], to: medium }]
`;

  it("escalates what nobody acknowledges, shelves it for a while, and takes both up again after a kill", async () => {
    const folder = testFolder();
    const { address } = await emulatedTwin(folder, "julabo/circulator", "--tcp", "0");
    writeFileSync(join(folder, "campaign.yaml"), CAMPAIGN);
    writeFileSync(join(folder, "lab.yaml"), lab(address));
    const states: Record<string, string>[] = [];
    const first = await followed<Event>(folder, ["run", "campaign.yaml", "--live"], async (event, signal) => {
      if (event.event === "alarm.escalated") {
        states.push(await listed(folder));
        await labloopIn(folder, "alarms", "shelve", "warm", "--for", "6s", "--why", "so");
      }
      if (event.request === "shelve") {
        states.push(await listed(folder));
        signal("SIGKILL");
      }
    });
    expect(states).toEqual([{ warm: "unacknowledged" }, { warm: "shelved" }]);
    const kinds = ({ events }: typeof first): string[] =>
      events.flatMap(({ event, priority }) =>
        event.startsWith("alarm.") ? [`${event} ${priority ?? ""}`.trim()] : [],
      );
    expect(kinds(first)).toEqual(["alarm.raised low", "alarm.escalated medium"]);
    expect(await listed(folder)).toMatchObject({ interrupted: "unacknowledged" });
    let asked = false;
    const second = await followed<Event>(folder, ["resume"], async ({ event }) => {
      if (event !== "alarm.escalated" || asked) return;
      asked = true;
      await labloopIn(folder, "alarms", "acknowledge", "all", "--why", "seen");
      states.push(await listed(folder));
      await labloopIn(folder, "abort");
    });
    expect(kinds(second)).toEqual(["alarm.unshelved", "alarm.escalated medium"]);
    expect(states.at(-1)).toEqual({ warm: "acknowledged" });
    expect(second.events.some(({ request }) => request === "acknowledge-alarm")).toBe(true);
    expect(second.status).toBe(3);
  });
});
