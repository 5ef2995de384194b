import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "../../base/clock.ts";

/** A file that somebody put down. */
export interface FoundFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** A folder into which a person or another program puts files. */
export interface Folder {
  readonly name: string;
  list(): Promise<readonly FoundFile[]>;
  /** Bytes of a file, or undefined when it is gone or larger than `most`. */
  read(name: string, most: number): Promise<Uint8Array | undefined>;
  close(): Promise<void>;
}

/** Looks into a folder of this computer; one that is missing looks empty. */
export function openFolder(path: string, clock: Clock): Folder {
  const look = async (name: string): Promise<FoundFile[]> => {
    const found = await stat(join(path, name)).catch(() => undefined);
    return found?.isFile() === true ? [{ name, size: found.size, modified: found.mtimeMs }] : [];
  };
  return {
    name: path,
    list: () =>
      clock.external(
        readdir(path).then(
          async (names) => (await Promise.all(names.map(look))).flat(),
          () => [],
        ),
      ),
    read: (name, most) =>
      clock.external(
        look(name).then(async ([file]) =>
          file === undefined || file.size > most
            ? undefined
            : readFile(join(path, name)).catch(() => undefined),
        ),
      ),
    close: async () => undefined,
  };
}
