import { describeFault, type Fault } from "../base/fault.ts";

/** The record can't be opened, read or written. */
export class RecordError extends Error {
  override readonly name = "RecordError";
  readonly fault: Fault;

  constructor(fault: Fault, cause?: unknown) {
    super(describeFault(fault), { cause });
    this.fault = fault;
  }
}

/** What a database said, as a fault that tells what to do. */
export function databaseFault(error: unknown, where: string): Fault {
  const text = error instanceof Error ? error.message : String(error);
  const known = KNOWN.find(({ pattern }) => pattern.test(text));
  if (known !== undefined)
    return { code: known.code, message: `${where}: ${known.message}`, advice: known.advice };
  const last = text.trim().split("\n").at(-1) ?? text;
  return {
    code: "record.database",
    message: `${where}: the database answers "${last}"`,
    advice: "run `labloop doctor` and look at the database",
  };
}

// The drivers give no codes for these through Prisma, so their texts are all there is to go by.
const KNOWN: readonly { pattern: RegExp; code: string; message: string; advice: string }[] = [
  {
    pattern: /FENCED/,
    code: "record.fenced",
    message: "another process has taken this campaign over",
    advice: "follow it with `labloop watch`; this process stops writing",
  },
  {
    pattern: /SQLITE_FULL|database or disk is full|No space left|ENOSPC/i,
    code: "record.disk-full",
    message: "the disk is full; nothing half-written was left behind",
    advice: "free some space, then go on with `labloop resume`",
  },
  {
    pattern: /SQLITE_IOERR|disk I\/O error|EFBIG|EDQUOT/i,
    code: "record.disk-failed",
    message: "the disk refuses to read or write the file; nothing half-written was left behind",
    advice: "look at free space, quotas and the disk's health, then go on with `labloop resume`",
  },
  {
    pattern: /SQLITE_BUSY|database is locked|timed out during|P1008/i,
    code: "record.locked",
    message: "the database is locked by another process",
    advice: "end the other process, or choose another database with --db",
  },
  {
    pattern: /file is not a database|SQLITE_NOTADB/i,
    code: "record.not-a-database",
    message: "the file is no labloop database",
    advice: "choose another file with --db",
  },
  {
    pattern:
      /SQLITE_CANTOPEN|unable to open database file|directory does not exist|EEXIST|ENOTDIR|EACCES|EPERM|EISDIR/i,
    code: "record.cannot-open",
    message: "the database can't be opened",
    advice: "look whether its folder exists and may be written to, or choose another file with --db",
  },
  {
    pattern: /SQLITE_READONLY|readonly database|EROFS/i,
    code: "record.read-only",
    message: "the database may not be written to",
    advice: "give this user the right to write to the file and its folder, or choose another with --db",
  },
  {
    pattern: /SQLITE_CORRUPT|malformed/i,
    code: "record.damaged",
    message: "the database file is damaged",
    advice: "keep the file, restore a copy, and run `labloop verify` on it",
  },
  {
    pattern: /ECONNREFUSED|Can't reach database server|P1001/i,
    code: "record.unreachable",
    message: "the database server can't be reached",
    advice: "start it (`docker compose up -d postgres`), and look at the address given with --db",
  },
];
