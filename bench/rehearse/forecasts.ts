/**
 * How often what rehearsals forecast is kept by the nights that then really happen.
 *
 * Usage: npm run bench:forecasts [-- --short]
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NIGHTS as FOLLOWING, forecastsKept } from "./calibration.ts";

const SHORT = process.argv.includes("--short");
/** Share of the nights that keep a P90. */
const KEPT = { least: 0.86, most: 0.94 };
const HISTORIES = SHORT ? 1 : 10;
/** How many more tell whether a forecast is wrong, or 200 nights were unlucky. */
const MORE_HISTORIES = SHORT ? 1 : 40;

const root = fileURLToPath(new URL("../../..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "labloop-forecasts-"));
const kept = await forecastsKept(HISTORIES, folder);
const keptByMore = await forecastsKept(MORE_HISTORIES, folder);
rmSync(folder, { recursive: true });

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const isKept = (share: number): boolean => share >= KEPT.least - 1e-9 && share <= KEPT.most + 1e-9;
const lines = [
  "# How often the P90 of 60 rehearsals with learned durations is kept",
  "",
  `By nights that then really happen, ${FOLLOWING} after each history of the lab. 200 nights scatter by some 2.5 % (2.1 % by`,
  "themselves, 1.2 % by the rehearsals): what 800 nights keep is beside it.",
  "",
  `| P90 of | of ${HISTORIES * FOLLOWING} nights | goal | | of ${MORE_HISTORIES * FOLLOWING} nights |`,
  "|---|---|---|---|---|",
  ...Object.entries(kept).map(
    ([what, share]) =>
      `| ${what} | ${percent(share)} | 86 to 94 % | ${isKept(share) ? "met" : "MISSED"} | ${percent(keptByMore[what] ?? Number.NaN)} |`,
  ),
  "",
];
process.stdout.write(lines.join("\n"));
if (!SHORT) writeFileSync(join(root, "bench/rehearse/forecasts.md"), lines.join("\n"));
if (!SHORT && !Object.values(kept).every(isKept)) process.exitCode = 1;
