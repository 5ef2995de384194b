import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonLines, labloopIn, testFolder } from "../support/labloop.ts";

const EXAMPLE = "examples/colour-match";

function bench(lab: string, campaign = "", holidays?: string): string {
  const folder = testFolder();
  const read = (file: string): string => readFileSync(join(EXAMPLE, file), "utf8");
  writeFileSync(join(folder, "campaign.yaml"), `${read("campaign.yaml")}${campaign}`);
  writeFileSync(join(folder, "lab.yaml"), `${read("lab.yaml")}${lab}`);
  if (holidays !== undefined) writeFileSync(join(folder, "holidays.ics"), holidays);
  return folder;
}

const NIGHT = 'window: { from: "19:00", to: "20:00", days: [mon, tue], holidays: holidays.ics }\n';

/** The days before 8 January 2030, a Tuesday, are holidays. */
const HOLIDAYS = [
  "BEGIN:VCALENDAR",
  "VERSION:2.0",
  "PRODID:-//lab//EN",
  "BEGIN:VEVENT",
  "UID:1",
  "DTSTAMP:20290101T000000Z",
  "DTSTART;VALUE=DATE:20300101",
  "DTEND;VALUE=DATE:20300108",
  "END:VEVENT",
  "END:VCALENDAR",
  "",
].join("\r\n");

describe.concurrent("labloop validate tells of windows", () => {
  it.each([
    [
      "with a time that is none",
      'window: { from: "25:00", to: "07:00" }\n',
      "",
      ["lab.yaml:", "time of day"],
    ],
    ["without an end", 'window: { from: "19:00" }\n', "", ['"window" has no "to"']],
    [
      "of an unknown day",
      'window: { from: "19:00", to: "22:00", days: [monday] }\n',
      "",
      ["lab.yaml:", '"window.days[0]" has to be "mon"'],
    ],
    [
      "of an unknown zone",
      'window: { from: "19:00", to: "22:00", zone: Europe/Berlint }\n',
      "",
      ['"Europe/Berlint" is no time zone', "[lab.bad-time]"],
    ],
    [
      "that are never open at the same time",
      'window: { from: "19:00", to: "22:00" }\n',
      'window: { from: "08:00", to: "18:00" }\n',
      ["campaign.yaml:", "never open at the same time", "[campaign.no-window]"],
    ],
    [
      "that are too short for an experiment",
      "",
      'window: { from: "08:00", to: "08:10" }\n',
      ["an experiment takes up to", "at most 10 min each", "[campaign.window-too-short]"],
    ],
    [
      "with holidays that aren't there",
      NIGHT,
      "",
      ["lab.yaml:", '"holidays.ics" can\'t be read', "[lab.bad-holidays]"],
    ],
  ])("%s", async (_, lab, campaign, told) => {
    const { status, stderr } = await labloopIn(bench(lab, campaign), "validate", "campaign.yaml");
    for (const part of told) expect(stderr).toContain(part);
    expect(status).toBe(2);
  });

  it("with holidays that can't be read, by their line", async () => {
    const folder = bench(NIGHT, "", HOLIDAYS.replace("20300108", "20301308"));
    const { status, stderr } = await labloopIn(folder, "validate", "campaign.yaml");
    expect(stderr).toContain('"holidays.ics", line 8: DTEND has no date: "20301308"');
    expect(status).toBe(2);
  });

  it("with an experiment of which nobody knows how long it takes", async () => {
    const folder = bench('window: { from: "19:00", to: "22:00" }\n');
    const file = join(folder, "campaign.yaml");
    const asks = readFileSync(file, "utf8").replace(
      "procedure:\n",
      "procedure:\n  - { note: look, confirm: true }\n",
    );
    writeFileSync(file, asks);
    const refused = await labloopIn(folder, "validate", "campaign.yaml");
    expect(refused.stderr).toContain("[campaign.window-unbounded]");
    writeFileSync(file, `${asks}window: { from: "19:00", to: "22:00", last_start: 20 min }\n`);
    expect((await labloopIn(folder, "validate", "campaign.yaml")).status).toBe(0);
  });
});

it("a rehearsal keeps to windows and holidays, and is parked in between", async () => {
  const folder = bench(NIGHT, "", HOLIDAYS);
  const { status, stdout } = await labloopIn(folder, "dry-run", "campaign.yaml", "--json", "--quiet");
  expect(status).toBe(0);
  const events = jsonLines<{ event: string; time: string; until?: number }>(stdout);
  const opened = events.filter(({ event }) => event === "window.opened");
  // 19:00 in Berlin on Tuesday the 8th, then on the next Monday.
  expect(opened[0]?.time).toBe("2030-01-08T18:00:00.000Z");
  expect(opened[1]?.time).toBe("2030-01-14T18:00:00.000Z");
  for (const { time } of events.filter(({ event }) => event === "action.finished"))
    expect(new Date(time).getUTCHours()).toBe(18);
  expect(events.filter(({ event }) => event === "instruments.rested").length).toBe(opened.length - 1);
  const again = await labloopIn(folder, "verify", "--json", "--quiet");
  expect(jsonLines(again.stdout)[0]).toMatchObject({ intact: true });
});
