import type { Clock } from "../../base/clock.ts";
import type { Folder } from "./folder.ts";

/** A folder in memory, into which a simulated instrument puts files. */
export interface MemoryFolder extends Folder {
  /** Puts a file there, or more bytes at the end of one: files of a slow writer grow. */
  put(name: string, bytes: Uint8Array): void;
}

/** Makes an empty folder in memory. */
export function memoryFolder(name: string, clock: Clock): MemoryFolder {
  const files = new Map<string, { bytes: Uint8Array; modified: number }>();
  return {
    name,
    put(file, bytes) {
      const before = files.get(file)?.bytes ?? new Uint8Array(0);
      const grown = new Uint8Array(before.length + bytes.length);
      grown.set(before);
      grown.set(bytes, before.length);
      files.set(file, { bytes: grown, modified: clock.now() });
      clock.touch();
    },
    list: async () =>
      [...files].map(([file, { bytes, modified }]) => ({ name: file, size: bytes.length, modified })),
    read: async (file, most) => {
      const found = files.get(file)?.bytes;
      return found === undefined || found.length > most ? undefined : found;
    },
    close: async () => undefined,
  };
}
