import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { backUp } from "../../../src/record/backup.ts";
import { openDatabase } from "../../../src/record/database.ts";
import { jsonLines, labloopIn, testFolder } from "../../support/labloop.ts";
import { load, look, run, shortCampaign } from "./rig.ts";

const MAIN = resolve("dist/src/operator/cli/main.js");
const RUN = ["run", "campaign.yaml", "--simulate", "--json", "--quiet"];

/** Runs the campaign of a folder, and stops its process between two instructions once an entry was printed. */
async function frozenAt(folder: string, seq: number): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, [MAIN, ...RUN, "--db", "labloop.db"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "ignore"],
  });
  await new Promise<void>((done, fail) => {
    let printed = "";
    child.once("exit", () => fail(new Error("the campaign was over too soon")));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      if (!printed.includes(`"seq":${seq},`)) return;
      child.kill("SIGSTOP");
      done();
    });
  });
  return async () => {
    child.removeAllListeners("exit");
    const gone = new Promise((done) => {
      child.once("exit", done);
    });
    child.kill("SIGKILL");
    await gone;
  };
}

async function hashOf(folder: string, ...options: readonly string[]): Promise<unknown> {
  const { stdout, status } = await labloopIn(folder, "verify", "--json", "--quiet", ...options);
  expect(status).toBe(0);
  return jsonLines(stdout)[0]?.["hash"];
}

describe("a backup", () => {
  it.skipIf(process.platform === "win32")(
    "made in the middle of a campaign is restored, verified, and goes on to the journal of an unbroken run",
    async () => {
      const unbroken = testFolder();
      shortCampaign(unbroken, 6);
      expect((await labloopIn(unbroken, ...RUN)).status).toBe(0);
      const folder = testFolder();
      shortCampaign(folder, 6);
      const kill = await frozenAt(folder, 40);
      const made = await labloopIn(folder, "backup", "night.db");
      await kill();
      expect(made).toMatchObject({
        status: 0,
        stderr: expect.stringMatching(/1 campaigns with \d+ entries/) as string,
      });
      expect((await labloopIn(folder, "restore", "night.db", "--db", "again.db")).status).toBe(0);
      const [restored] = await look(join(folder, "again.db"));
      expect(restored).toMatchObject({
        intact: true,
        row: { state: expect.not.stringMatching("concluded") as string },
      });
      expect(restored?.row.headSeq).toBeGreaterThanOrEqual(40);
      expect((await labloopIn(folder, "resume", "--quiet", "--db", "again.db")).status).toBe(0);
      expect(await hashOf(folder, "--db", "again.db")).toBe(await hashOf(unbroken));
    },
  );

  it("made again and again while entries are written holds whole journals, and disturbs none", async () => {
    const folder = testFolder();
    const loaded = await load(shortCampaign(folder, 3));
    const [database, other] = [
      await openDatabase(join(folder, "labloop.db")),
      await openDatabase(join(folder, "labloop.db")),
    ];
    const backups: Promise<unknown>[] = [];
    const end = await run(loaded, database, {
      onEntry: ({ seq }) => {
        if (seq % 10 === 0) backups.push(backUp(other, join(folder, `backup-${seq}.db`)));
      },
    });
    expect(end.kind).toBe("concluded");
    expect(backups.length).toBeGreaterThan(2);
    await Promise.all(backups);
    await Promise.all([database.close(), other.close()]);
    for (const file of readdirSync(folder).filter((name) => name.startsWith("backup-"))) {
      expect(file).toMatch(/^backup-\d+\.db$/);
      const [held] = await look(join(folder, file));
      expect(held?.intact).toBe(true);
      expect(held?.row.headSeq).toBeGreaterThanOrEqual(Number(/\d+/.exec(file)?.[0]));
    }
  });

  it("replaces no file unasked, and is not made of a journal that was altered", async () => {
    const folder = testFolder();
    shortCampaign(folder, 1);
    await labloopIn(folder, ...RUN);
    writeFileSync(join(folder, "b.db"), "notes");
    const refused = await labloopIn(folder, "backup", "b.db");
    expect(refused.stderr).toContain('"b.db" is there already');
    expect(refused.status).toBe(2);
    expect(readFileSync(join(folder, "b.db"), "utf8")).toBe("notes");
    expect((await labloopIn(folder, "backup", "b.db", "--force")).status).toBe(0);
    expect((await look(join(folder, "b.db")))[0]?.intact).toBe(true);
    const database = await openDatabase(join(folder, "labloop.db"));
    await database.queries.$executeRawUnsafe(`UPDATE "Event" SET "time" = '' WHERE "seq" = 3`);
    await database.close();
    const altered = await labloopIn(folder, "backup", "c.db");
    expect(altered.stderr).toMatch(/campaign colour-match-\w+, entry 3: it was altered/);
    expect(altered.status).not.toBe(0);
    expect(readdirSync(folder).filter((name) => /c\.db|part/.test(name))).toEqual([]);
  });

  it("that is cut short, no database, or would replace one is not restored", async () => {
    const folder = testFolder();
    shortCampaign(folder, 1);
    await labloopIn(folder, ...RUN);
    await labloopIn(folder, "backup", "b.db");
    const there = await labloopIn(folder, "restore", "b.db");
    expect(there.stderr).toContain('"labloop.db" is there already');
    truncateSync(join(folder, "b.db"), 20_480);
    expect((await labloopIn(folder, "restore", "b.db", "--db", "new.db")).stderr).toMatch(
      /damaged|malformed/,
    );
    const none = await labloopIn(folder, "restore", "campaign.yaml", "--db", "new.db");
    expect(none.stderr).toContain("the file is no labloop database");
    expect((await labloopIn(folder, "restore", "nothing.db", "--db", "new.db")).stderr).toContain("no file");
    expect(existsSync(join(folder, "new.db"))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.includes("part"))).toEqual([]);
  });

  it("of a database server is left to the server's own tools", async () => {
    const restored = await labloopIn(
      testFolder(),
      "restore",
      "b.db",
      "--db",
      "postgresql://localhost/labloop",
    );
    expect(restored.stderr).toContain("pg_restore");
    expect(restored.status).toBe(2);
  });
});

describe("forgetting", () => {
  it("asks first, deletes concluded campaigns alone, and keeps files that others were run with", async () => {
    const folder = testFolder();
    shortCampaign(folder, 6);
    for (let i = 0; i < 2; i++) await labloopIn(folder, ...RUN);
    const kill = await frozenAt(folder, 20);
    await kill();
    const before = await look(join(folder, "labloop.db"));
    expect(before.map(({ row }) => [row.run, row.state === "concluded"])).toEqual([
      [1, true],
      [2, true],
      [3, false],
    ]);
    expect((await labloopIn(folder, "forget")).stderr).toContain("say how old");
    expect((await labloopIn(folder, "forget", "--older-than", "1 d")).stderr).toContain(
      "no concluded campaign",
    );
    const unasked = await labloopIn(folder, "forget", "--older-than", "0 s");
    expect(unasked.stderr).toContain("nobody can be asked here whether 2 campaigns are to be deleted");
    expect(unasked.status).toBe(2);
    expect(await look(join(folder, "labloop.db"))).toHaveLength(3);
    expect((await labloopIn(folder, "forget", "--older-than", "0 s", "--yes")).status).toBe(0);
    const after = await look(join(folder, "labloop.db"));
    expect(after.map(({ row }) => row.run)).toEqual([3]);
    // The files of the third are the same blocks; and the next run gets a number that is free.
    expect((await labloopIn(folder, "resume", "--quiet")).status).toBe(0);
    expect((await labloopIn(folder, ...RUN)).status).toBe(0);
    expect((await look(join(folder, "labloop.db"))).map(({ row, intact }) => [row.run, intact])).toEqual([
      [3, true],
      [4, true],
    ]);
    await labloopIn(folder, "forget", "--older-than", "0 s", "--yes");
    const database = await openDatabase(join(folder, "labloop.db"));
    for (const table of ["Campaign", "Event", "Outbox", "Snapshot", "Block"])
      expect([table, await database.queries.$queryRawUnsafe(`SELECT 1 FROM "${table}"`)]).toEqual([
        table,
        [],
      ]);
    await database.close();
  });
});
