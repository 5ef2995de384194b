import { type ChildProcess, spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { bathBench, bathLab } from "../support/bath-bench.ts";
import { jsonLines, labloopIn } from "../support/labloop.ts";

const MAIN = resolve("dist/src/operator/cli/main.js");

interface Row {
  readonly id: number;
  readonly state: string;
  readonly campaign: string | null;
  readonly note?: string;
}

const served: ChildProcess[] = [];

afterAll(() => {
  for (const child of served) child.kill("SIGKILL");
});

function bench(lab?: string): string {
  return bathBench({ name: "due", budget: "experiments: 1", wait: "2 s" }, lab);
}

function serve(folder: string) {
  const child = spawn(process.execPath, [MAIN, "serve", "--db", "labloop.db"], {
    cwd: folder,
    stdio: "ignore",
  });
  served.push(child);
  return child;
}

async function rows(folder: string): Promise<Row[]> {
  const { stdout } = await labloopIn(folder, "schedule", "list", "--all", "--json", "--quiet");
  return stdout === "" ? [] : jsonLines<Row>(stdout);
}

/** Looks until a row is as it is waited for. */
async function until(folder: string, holds: (row: Row) => boolean): Promise<Row> {
  for (;;) {
    const found = (await rows(folder)).find(holds);
    if (found !== undefined) return found;
  }
}

/** What another steward would find due: its time is a minute ago. */
async function addDue(folder: string): Promise<void> {
  const added = await labloopIn(
    folder,
    "schedule",
    "add",
    "campaign.yaml",
    "--simulate",
    "--at",
    "2999-01-01 19:00",
  );
  expect(added.status).toBe(0);
  const { openDatabase } = await import("../../src/record/database.ts");
  const database = await openDatabase(join(folder, "labloop.db"));
  await database.queries.$executeRawUnsafe(`UPDATE "Schedule" SET "due" = ?`, Date.now() - 60_000);
  await database.close();
}

describe("labloop serve", () => {
  it("runs what is due, and what it printed is kept", async () => {
    const folder = bench();
    await addDue(folder);
    const child = serve(folder);
    const done = await until(folder, ({ state }) => state === "done");
    expect(done.campaign).toMatch(/^due-/);
    const ended = new Promise((resolve) => {
      child.on("exit", resolve);
    });
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    const listed = await labloopIn(folder, "list", "--json", "--quiet");
    expect(jsonLines(listed.stdout)).toHaveLength(1);
  }, 60_000);

  it("that is killed while a campaign runs leaves it alone, and the next one doesn't start it twice", async () => {
    const folder = bench();
    await addDue(folder);
    const first = serve(folder);
    await until(folder, ({ campaign }) => campaign !== null);
    first.kill("SIGKILL");
    serve(folder);
    serve(folder);
    const done = await until(folder, ({ state }) => state === "done");
    expect(done.id).toBe(1);
    const listed = await labloopIn(folder, "list", "--json", "--quiet");
    expect(jsonLines(listed.stdout)).toHaveLength(1);
  }, 60_000);
});

/** The hour on clocks in Berlin so many hours from now, with two digits. */
function hourInBerlin(later: number): string {
  const format = new Intl.DateTimeFormat("en-GB", {
    hour: "2-digit",
    hourCycle: "h23",
    timeZone: "Europe/Berlin",
  });
  return format.format(Date.now() + later * 3_600_000);
}

describe("labloop schedule", () => {
  it("lists what is next, and removes what isn't begun", async () => {
    // A window that is open at this time of day would begin the run at once.
    const [from, to] = [hourInBerlin(3), hourInBerlin(6)];
    const more = `window: { from: "${from}:00", to: "${to}:00", zone: Europe/Berlin }\n`;
    const folder = bench(bathLab({ more }));
    const added = await labloopIn(folder, "schedule", "add", "campaign.yaml", "--live", "--every", "day");
    expect(added.stderr).toMatch(
      new RegExp(`run 1: campaign\\.yaml at .* ${from}:00:00 \\(Europe/Berlin\\), every day`),
    );
    const next = await labloopIn(folder, "schedule", "next");
    expect(next.stdout).toMatch(
      new RegExp(`^ {2}1 {2}.*${from}:00:00 {2}waiting {2}.*campaign\\.yaml --live, every day`),
    );
    expect((await labloopIn(folder, "schedule", "remove", "1")).status).toBe(0);
    expect((await labloopIn(folder, "schedule", "remove", "1")).status).toBe(2);
    expect((await labloopIn(folder, "schedule", "list")).stderr).toContain("nothing is scheduled");
    expect(await rows(folder)).toMatchObject([{ state: "removed" }]);
  });

  it.each([
    [["campaign.yaml", "--at", "19:00"], /say what it is to run on/],
    [["campaign.yaml", "--live"], /there is no window that could say when/],
    [["campaign.yaml", "--live", "--at", "noon"], /"noon" is no time/],
    [["campaign.yaml", "--live", "--at", "2020-01-01 19:00"], /is over/],
    [["campaign.yaml", "--live", "--at", "19:00", "--every", "hour"], /--every takes day or week/],
    [["campaign.yaml", "--live", "--at", "19:00", "--missed", "maybe"], /--missed takes run or skip/],
    [["nothing.yaml", "--live", "--at", "19:00"], /there is no file "nothing\.yaml"/],
  ])("refuses %j", async (words, told) => {
    const { status, stderr } = await labloopIn(bench(), "schedule", "add", ...words);
    expect(stderr).toMatch(told);
    expect(status).toBe(2);
  });

  it("refuses to start a run that isn't this process's", async () => {
    const folder = bench();
    const run = ["run", "campaign.yaml", "--simulate", "--schedule", "1", "--token", "x"];
    const { status, stderr } = await labloopIn(folder, ...run);
    expect(stderr).toContain("[cli.not-scheduled]");
    expect(status).toBe(2);
  });
});
