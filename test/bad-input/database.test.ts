import { spawn, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { type Ended, labloopIn, testFolder } from "../support/labloop.ts";

const CAMPAIGN = resolve("examples/colour-match/campaign.yaml");
const MAIN = resolve("dist/src/operator/cli/main.js");
const RUN = ["run", CAMPAIGN, "--simulate", "--quiet"];

/** Runs statements in a database from a process of its own. */
function sql(file: string, statements: string): string {
  const program = `const db = new (require("better-sqlite3"))(process.argv[1]);
    const [rows] = process.argv[2].split(";").map((text) => text.trim()).filter(Boolean)
      .map((text) => { const made = db.prepare(text); return made.reader ? made.all() : made.run(); }).slice(-1);
    console.log(JSON.stringify(rows));`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["-e", program, file, statements], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** All that a database holds, to see that nothing was lost or added. */
function contents(file: string): string {
  return sql(
    file,
    `SELECT (SELECT group_concat("hash") FROM "Event") AS events, (SELECT group_concat("key" || "state" || "headSeq") FROM "Campaign") AS campaigns`,
  );
}

/** Does something while another process holds a lock of a database. */
async function whileLocked<T>(file: string, work: () => Promise<T>): Promise<T> {
  const program = `const db = new (require("better-sqlite3"))(process.argv[1]); db.exec("BEGIN IMMEDIATE");
    console.log("locked"); process.stdin.resume();`;
  const child = spawn(process.execPath, ["-e", program, file], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    await new Promise((done, fail) => {
      child.stdout.once("data", done);
      child.once("exit", () => fail(new Error("the lock was not taken")));
    });
    return await work();
  } finally {
    child.removeAllListeners("exit");
    child.kill("SIGKILL");
  }
}

function told({ stderr, stdout, status }: Ended): { status: number | null; lines: string[] } {
  expect(stdout).toBe("");
  return { status, lines: stderr.trimEnd().split("\n") };
}

describe.concurrent("a database", () => {
  it("from a newer version is left as it is", async () => {
    const folder = testFolder();
    const file = join(folder, "labloop.db");
    await labloopIn(folder, "list");
    sql(
      file,
      `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name") VALUES ('x', 'y', '29990101000000_future')`,
    );
    const before = contents(file);
    expect(told(await labloopIn(folder, ...RUN))).toEqual({
      status: 2,
      lines: [
        'error: labloop.db: this database was written by a newer version of labloop (it has "29990101000000_future")',
        "  → install that version of labloop, or choose another database with --db [record.newer-version]",
      ],
    });
    expect(contents(file)).toBe(before);
  });

  it("that another process has locked is told after a short wait, and left as it is", async () => {
    const folder = testFolder();
    await labloopIn(folder, "list");
    const ended = await whileLocked(join(folder, "labloop.db"), () => labloopIn(folder, ...RUN));
    expect(told(ended)).toEqual({
      status: 2,
      lines: [
        "error: labloop.db: the database is locked by another process",
        "  → end the other process, or choose another database with --db [record.locked]",
      ],
    });
  });

  it("that another process has locked can be read all the same", async () => {
    const folder = testFolder();
    await labloopIn(folder, "list");
    const { status, stderr } = await whileLocked(join(folder, "labloop.db"), () => labloopIn(folder, "list"));
    expect(stderr).toContain("no campaign yet");
    expect(status).toBe(0);
  });

  it("that is a folder is told", async () => {
    const folder = testFolder();
    mkdirSync(join(folder, "labloop.db"));
    expect(told(await labloopIn(folder, ...RUN))).toEqual({
      status: 2,
      lines: [
        "error: labloop.db: this is a folder, not a database",
        `  → name a file in it: --db ${join("labloop.db", "labloop.db")} [record.cannot-open]`,
      ],
    });
  });

  it("that is no database is told, and left as it is", async () => {
    const folder = testFolder();
    const text = "notes of a colleague\n".repeat(100);
    writeFileSync(join(folder, "labloop.db"), text);
    expect(told(await labloopIn(folder, ...RUN))).toEqual({
      status: 2,
      lines: [
        "error: labloop.db: the file is no labloop database",
        "  → choose another file with --db [record.not-a-database]",
      ],
    });
    expect(readFileSync(join(folder, "labloop.db"), "utf8")).toBe(text);
  });

  it("of another program is told, and left as it is", async () => {
    const folder = testFolder();
    const file = join(folder, "labloop.db");
    sql(file, "CREATE TABLE samples (name)");
    const before = readFileSync(file);
    expect(told(await labloopIn(folder, ...RUN))).toEqual({
      status: 2,
      lines: [
        'error: labloop.db: this database belongs to another program (it has the table "samples")',
        "  → choose another file with --db [record.not-a-database]",
      ],
    });
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it("below a file can't be made", async () => {
    const folder = testFolder();
    writeFileSync(join(folder, "file"), "");
    const database = join("file", "labloop.db");
    expect(told(await labloopIn(folder, ...RUN, "--db", database))).toEqual({
      status: 2,
      lines: [
        `error: ${database}: the database can't be opened`,
        "  → look whether its folder exists and may be written to, or choose another file with --db [record.cannot-open]",
      ],
    });
  });

  it("that is damaged is told by its address", async () => {
    const folder = testFolder();
    const file = join(folder, "labloop.db");
    await labloopIn(folder, "list");
    sql(file, "PRAGMA journal_mode = DELETE");
    const bytes = readFileSync(file);
    // Behind the first page, so that it still looks like a database.
    writeFileSync(file, bytes.fill(0xa5, 4096));
    const { status, lines } = told(await labloopIn(folder, ...RUN));
    expect(lines).toEqual([
      "error: labloop.db: the database file is damaged",
      "  → keep the file, restore a copy, and run `labloop verify` on it [record.damaged]",
    ]);
    expect(status).toBe(1);
  });
});

/** Who may not read everything: this user, or nobody where this is root. */
const SOMEBODY = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

describe.skipIf(process.platform === "win32")("a file without the right to it", () => {
  it("is named when it can't be read", () => {
    const folder = testFolder();
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, "campaign.yaml"), "labloop: 1\n", { mode: 0o000 });
    const { status, stderr } = spawnSync(process.execPath, [MAIN, "validate", "campaign.yaml"], {
      cwd: folder,
      encoding: "utf8",
      ...SOMEBODY,
    });
    expect(stderr).toBe(
      [
        'error: "campaign.yaml" can\'t be read: this user may not read it',
        "  → look at the path and its rights [file.unreadable]",
        "",
      ].join("\n"),
    );
    expect(status).toBe(2);
  });

  it("is named when it is a database that can't be written", async () => {
    const folder = testFolder();
    await labloopIn(folder, "list");
    for (const each of ["", "labloop.db"]) chmodSync(join(folder, each), 0o555);
    const { status, stderr } = spawnSync(process.execPath, [MAIN, ...RUN], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, LABLOOP_DB: "labloop.db" },
      ...SOMEBODY,
    });
    chmodSync(folder, 0o755);
    expect(stderr).toMatch(
      /^error: labloop\.db: the database (may not be written to|can't be opened)\n {2}→ .* \[record\.(read-only|cannot-open)\]\n$/,
    );
    expect(status).toBe(2);
  });
});

/** The program of Linux that gives a process mounts of its own. */
const NAMESPACE = "unshare";

/** Whether a user may mount a small file system of their own here (Linux user namespaces). */
const MOUNTS =
  process.platform === "linux" &&
  spawnSync(NAMESPACE, ["-rm", "sh", "-c", "mount -t tmpfs tmpfs /tmp"]).status === 0;

describe("a disk that is full in the middle of a run", () => {
  // A file system of 400 kB: the schema fits, the journal doesn't.
  it.skipIf(!MOUNTS)("is told; once there is space the campaign goes on, and nothing was lost", () => {
    const folder = testFolder();
    const lab = `"${process.execPath}" "${MAIN}"`;
    const script = `
      mkdir disk && mount -t tmpfs -o size=400k tmpfs disk || exit 99
      ${lab} ${RUN.join(" ")}; echo "ended $?" >&2
      mount -o remount,size=64m disk
      ${lab} verify; echo "verified $?" >&2
      ${lab} resume --quiet --json | tail -1; echo "resumed" >&2
      ${lab} verify; echo "verified $?" >&2`;
    const { stdout, stderr } = spawnSync(NAMESPACE, ["-rm", "sh", "-c", script], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, LABLOOP_DB: "disk/labloop.db" },
    });
    const key = /labloop resume (\S+)`/.exec(stderr)?.[1];
    expect(stderr.split("\n").slice(0, 5)).toEqual([
      "error: disk/labloop.db: the disk is full; nothing half-written was left behind",
      "  → free some space, then go on with `labloop resume` [record.disk-full]",
      expect.stringMatching(/^ {2}nothing more is begun; in their safe state: .*water \(/),
      `  the journal holds everything up to here; go on with \`labloop resume ${key}\``,
      "ended 1",
    ]);
    expect(stderr.match(/: intact, \d+ entries, hash /g)).toHaveLength(2);
    expect(stdout).toContain('"event":"campaign.concluded"');
  });

  // The kernel's limit on a file's size fails the write itself, without any right to mount.
  it.skipIf(process.platform === "win32")(
    "as by a quota is told, and the journal is intact up to there",
    async () => {
      const folder = testFolder();
      const { status, stderr } = spawnSync(
        "bash",
        ["-c", `ulimit -f 280; exec "$@"`, "bash", process.execPath, MAIN, ...RUN],
        { cwd: folder, encoding: "utf8", env: { ...process.env, LABLOOP_DB: "labloop.db" } },
      );
      expect(stderr.split("\n").slice(0, 2)).toEqual([
        "error: labloop.db: the disk refuses to read or write the file; nothing half-written was left behind",
        "  → look at free space, quotas and the disk's health, then go on with `labloop resume` [record.disk-failed]",
      ]);
      expect(status).toBe(1);
      const verified = await labloopIn(folder, "verify");
      expect(verified.stderr).toMatch(/: intact, [1-9]\d* entries/);
      expect(verified.status).toBe(0);
    },
  );
});

describe("a fault of labloop itself", () => {
  it("has a stack trace with --debug alone", async () => {
    const folder = testFolder();
    mkdirSync(join(folder, "labloop.db"));
    expect((await labloopIn(folder, "list")).stderr).not.toContain("    at ");
    expect((await labloopIn(folder, "list", "--debug")).stderr).toContain("    at ");
    expect(existsSync(join(folder, "labloop.db", "labloop.db"))).toBe(false);
  });
});
