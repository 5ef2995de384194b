import { instrumentContract, oversOf } from "labloop/instrument/testing";
import { afterAll, describe, expect, it } from "vitest";
import { hasSocat } from "../support/socat.ts";
import { publish } from "./instruments-page.ts";
import { linesOf } from "./lines.ts";
import { subjects } from "./subjects.ts";

const tried = new Map<string, { readonly kept: number; readonly all: number }>();

/** What could not be tried on this computer. */
const skipped = new Set<string>();

function shown(key: string): string {
  const found = tried.get(key);
  if (found !== undefined) return `${found.kept} of ${found.all}`;
  return skipped.has(key) ? "left out: no socat" : "–";
}

afterAll(() => {
  publish("Drivers", [
    "| driver | instrument | transport | verified | lines | in memory | through a socket | at a serial port |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ...subjects.map(({ id, description }) => {
      const { title, transport, verified } = description.driver.declaration;
      return `| \`${id}\` | ${title} | ${transport} | ${verified} | ${linesOf(id)} | ${shown(`${id} memory`)} | ${shown(`${id} tcp`)} | ${shown(`${id} pty`)} |`;
    }),
  ]);
});

describe.each(subjects)("$id", ({ id, description }) => {
  it("is the driver of its folder, and its twin is of the same kind", () => {
    expect(description.driver.declaration.id).toBe(id);
    expect(description.simulator.id).toBe(id);
  });
  describe.each(oversOf(description))("over %s", (over) => {
    const key = `${id} ${over}`;
    const missing = over === "pty" && !hasSocat;
    if (missing) skipped.add(key);
    it.skipIf(missing).each(instrumentContract(description, over))("$name", async (kept) => {
      tried.set(key, { kept: tried.get(key)?.kept ?? 0, all: (tried.get(key)?.all ?? 0) + 1 });
      await expect(kept.run()).resolves.toBeUndefined();
      tried.set(key, { kept: (tried.get(key)?.kept ?? 0) + 1, all: tried.get(key)?.all ?? 0 });
    });
  });
});
