import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { VirtualClock } from "../../base/virtual-clock.ts";
import { openFolder } from "./folder.ts";

const clock = new VirtualClock(0, () => new Promise((resolve) => setImmediate(resolve)));

function emptyFolder(): string {
  const path = mkdtempSync(join(tmpdir(), "labloop-folder-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe("a folder", () => {
  it("lists files with size and time, and no folders", async () => {
    const path = emptyFolder();
    writeFileSync(join(path, "a.png"), "12345");
    utimesSync(join(path, "a.png"), 1_700_000_000, 1_700_000_000);
    mkdirSync(join(path, "old"));
    const folder = openFolder(path, clock);
    expect(folder.name).toBe(path);
    expect(await folder.list()).toEqual([{ name: "a.png", size: 5, modified: 1_700_000_000_000 }]);
    await folder.close();
  });

  it("looks empty while it is missing, and has its files once it is there", async () => {
    const path = join(emptyFolder(), "later");
    const folder = openFolder(path, clock);
    expect(await folder.list()).toEqual([]);
    mkdirSync(path);
    writeFileSync(join(path, "a.png"), "1");
    expect(await folder.list()).toMatchObject([{ name: "a.png", size: 1 }]);
  });

  it("reads a file's bytes", async () => {
    const path = emptyFolder();
    writeFileSync(join(path, "a"), Uint8Array.of(0, 255, 10));
    expect([...((await openFolder(path, clock).read("a", 3)) as Uint8Array)]).toEqual([0, 255, 10]);
  });

  it("doesn't read what is too large, gone, or no file", async () => {
    const path = emptyFolder();
    writeFileSync(join(path, "a"), "1234");
    mkdirSync(join(path, "old"));
    const folder = openFolder(path, clock);
    expect(await folder.read("a", 3)).toBeUndefined();
    expect(await folder.read("b", 3)).toBeUndefined();
    expect(await folder.read("old", 1e6)).toBeUndefined();
  });
});
