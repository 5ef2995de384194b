import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";

/** Bytes of the header of a write-ahead log, and of each of its frames (sqlite.org/fileformat2.html, section 4.1). */
const HEADER = 32;
const FRAME = 24;

/**
 * Bytes of a write that its process didn't finish, at the end of a SQLite database's write-ahead log. SQLite leaves them
 * out when it opens the file; they were never acknowledged. Frames of an earlier round, which have other salts, don't
 * count.
 *
 * @param file - the database, which no living process writes to
 */
export function tornTail(file: string): number {
  const log = `${file}-wal`;
  if (!existsSync(log)) return 0;
  const handle = openSync(log, "r");
  try {
    return unfinished(handle, fstatSync(handle).size);
  } finally {
    closeSync(handle);
  }
}

function unfinished(handle: number, size: number): number {
  if (size === 0) return 0;
  const header = Buffer.alloc(HEADER);
  if (readSync(handle, header, 0, HEADER, 0) < HEADER) return size;
  const page = header.readUInt32BE(8);
  const frame = Buffer.alloc(FRAME);
  let whole = HEADER;
  let at = HEADER;
  for (; at < size; at += FRAME + page) {
    const read = readSync(handle, frame, 0, FRAME, at);
    if (read === FRAME && !frame.subarray(8, 16).equals(header.subarray(16, 24))) break;
    const isCommit = read === FRAME && frame.readUInt32BE(4) > 0;
    if (isCommit && at + FRAME + page <= size) whole = at + FRAME + page;
  }
  return Math.min(at, size) - whole;
}
