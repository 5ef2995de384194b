import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as scenarios from "./scenarios.ts";

const only = process.argv.slice(2);
for (const [name, run] of Object.entries(scenarios)) {
  if (typeof run !== "function" || (only.length && !only.includes(name))) continue;
  const folder = mkdtempSync(join(tmpdir(), "labloop-bench-"));
  console.log(name, await run(folder));
  rmSync(folder, { recursive: true });
}
