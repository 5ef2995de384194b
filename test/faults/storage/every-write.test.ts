import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openDatabase } from "../../../src/record/database.ts";
import { RecordError } from "../../../src/record/record-error.ts";
import { testFolder } from "../../support/labloop.ts";
import { load, look, resume, run, shortCampaign, type Trouble, troubled } from "./rig.ts";

/** What a disk says, and the code that a person is told. */
const FAILURES = [
  ["a full disk", "SQLITE_FULL: database or disk is full", "record.disk-full"],
  ["a disk that fails", "SQLITE_IOERR: disk I/O error", "record.disk-failed"],
  ["a file that may no longer be written", "attempt to write a readonly database", "record.read-only"],
] as const;

/** From the n-th change on, every change fails. */
function failing(from: number, message: string): Trouble {
  return (n) => (n < from ? undefined : Promise.reject(new Error(message)));
}

/** The n-th change is done, but its answer is lost, and so is everything after it. */
function losing(from: number): Trouble {
  return (n, go) => {
    if (n < from) return undefined;
    const lost = (): never => {
      throw new Error("SQLITE_IOERR: disk I/O error");
    };
    return n === from ? go().then(lost) : Promise.reject(new Error("SQLITE_IOERR: disk I/O error"));
  };
}

describe("a campaign", async () => {
  const folder = testFolder();
  const loaded = await load(shortCampaign(folder, 2));
  const roles = Object.keys(loaded.campaign.roles).sort();

  /** Runs with trouble, then without, in a database of its own. */
  async function runTwice(
    name: string,
    trouble: Trouble,
  ): Promise<{ code: string; changes: number; hash: string }> {
    const address = join(folder, `${name}.db`);
    const opened = await openDatabase(address);
    const { database, changes } = troubled(opened, trouble);
    const code = await run(loaded, database).then(
      (end) => {
        if (end.kind === "concluded") return "concluded";
        expect(Object.keys(end.instruments?.safe ?? {}).sort()).toEqual(roles);
        return end.fault.code;
      },
      (error: unknown) => {
        if (!(error instanceof RecordError)) throw error;
        return error.fault.code;
      },
    );
    await opened.close();
    const [left] = await look(address);
    expect(left?.intact ?? true).toBe(true);
    const again = await openDatabase(address);
    const begun = left !== undefined && left.row.headSeq > 0;
    // The claim of a process that lives is given back at its end, which a broken disk may have prevented.
    await again.queries.$executeRawUnsafe(`UPDATE "Campaign" SET "owner" = NULL`);
    if (left?.row.state !== "concluded")
      await (begun ? resume({ ...left.row, owner: null }, again) : run(loaded, again));
    await again.close();
    const after = await look(address);
    expect(after.map(({ row, intact }) => [row.run, row.state, intact])).toEqual([[1, "concluded", true]]);
    return { code, changes: changes(), hash: after[0]?.row.headHash ?? "" };
  }

  const unbroken = await runTwice("unbroken", () => undefined);

  it.each(FAILURES)(
    "meets %s at every change in turn: safe, told, whole, and it goes on",
    async (what, message, told) => {
      expect(unbroken).toMatchObject({ code: "concluded" });
      for (let n = 1; n <= unbroken.changes; n++) {
        const { code, hash } = await runTwice(`${what}-${n}`, failing(n, message));
        // The last change gives the claim back, which nothing depends on.
        expect([n, code, hash]).toEqual([n, n < unbroken.changes ? told : "concluded", unbroken.hash]);
      }
    },
  );

  it("whose disk did a change but didn't say so goes on from there, at every change in turn", async () => {
    for (let n = 1; n <= unbroken.changes; n++)
      expect((await runTwice(`lost-${n}`, losing(n))).hash).toBe(unbroken.hash);
  });

  it("waits for a disk that is slow, and comes to the same journal", async () => {
    const turns = async (go: () => PromiseLike<unknown>): Promise<unknown> => {
      for (let i = 0; i < 20; i++) await new Promise((done) => setImmediate(done));
      return go();
    };
    expect(await runTwice("slow", (_, go) => turns(go))).toMatchObject({
      code: "concluded",
      hash: unbroken.hash,
    });
  });
});
