import { readFile, stat } from "node:fs/promises";

/** Bytes; the largest table of candidates has 64 Mi characters of up to four. */
const LARGEST = 256 * 2 ** 20;

/**
 * Reads a text file, unless it could have no end or fill the memory.
 *
 * @throws Error with the system's code, or with a message that tells what it is
 */
export async function readTextFile(file: string): Promise<string> {
  const found = await stat(file);
  if (found.isCharacterDevice() || found.isBlockDevice()) throw new Error("it is a device, not a file");
  if (found.size > LARGEST) throw new Error(`it has ${found.size} bytes; at most ${LARGEST} are read`);
  return readFile(file, "utf8");
}
