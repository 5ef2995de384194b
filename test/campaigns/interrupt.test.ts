import { spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";

const BUILT = "dist/src/operator/cli/main.js";

it("ends at once after the second Ctrl-C, also in the middle of a long wait", async () => {
  const database = join(mkdtempSync(join(tmpdir(), "labloop-interrupt-")), "labloop.db");
  const child = spawn(
    process.execPath,
    [
      BUILT,
      "run",
      "examples/colour-match/campaign.yaml",
      "--simulate",
      "--real-time",
      "--json",
      "--quiet",
      "--db",
      database,
    ],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  const kinds: string[] = [];
  let reason = "";
  const ended = new Promise<number | null>((resolve) => {
    child.on("exit", resolve);
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line) as { event: string; instrument?: string; reason?: string };
    kinds.push(event.event);
    // Behind the water the procedure waits for five minutes.
    if (event.instrument === "water") child.kill("SIGINT");
    if (event.event === "person.requested" && kinds.filter((each) => each === event.event).length === 1)
      child.kill("SIGINT");
    reason = event.reason ?? reason;
  }
  expect(await ended).toBe(3);
  expect(reason).toBe("aborted by a person");
  expect(kinds.at(-1)).toBe("campaign.concluded");
  expect(kinds).toContain("instruments.parked");
}, 40_000);
