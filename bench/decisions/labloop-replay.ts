import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { DataSet } from "./data-set.ts";
import type { TableCampaign } from "./table-campaign.ts";

const command = fileURLToPath(new URL("../../../dist/src/operator/cli/main.js", import.meta.url));

/** Labloop's own campaign over a table, in a process of its own. */
export async function labloopReplay(
  { name, file, roles }: DataSet,
  { budget, seed, start }: TableCampaign,
): Promise<number[]> {
  const args = ["--budget", String(budget), "--seed", String(seed), "--start", start.join(",")];
  const child = spawn(process.execPath, [command, "replay", file, ...roles, ...args, "--json", "--quiet"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part: string) => {
    text += part;
  });
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  if (status !== 0) throw new Error(`labloop replay of ${name} ended with ${status}`);
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { event: string; row?: number })
    .flatMap(({ event, row }) => (event === "measurement.recorded" ? [row as number] : []));
}
