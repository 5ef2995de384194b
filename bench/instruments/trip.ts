/**
 * How soon instruments are made safe: after the trip of an interlock, while 64 instruments are polled and the campaign's
 * worker computes suggestions; and by the watchdog, after the process of a live campaign was stopped.
 *
 * Usage: npm run bench:trip [-- --short]; without it bench/instruments/trip.md is rewritten.
 */
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { recorded, ScaledClock } from "labloop/instrument/testing";
import { runLine, tableHead, tableRow } from "../decisions/report.ts";
import { baths } from "./baths.ts";
import { busyCompute } from "./busy-compute.ts";
import { stallTimes } from "./stall-times.ts";
import { tripTimes } from "./trip-times.ts";

const short = process.argv.includes("--short");
const RESULTS = 100;

/** Times of a thing, with the greatest that is allowed at a share of them. */
interface Figure {
  readonly name: string;
  readonly times: readonly number[];
  readonly goal: number;
  readonly share: number;
}

/** Time from the trip of an interlock to the first command that makes an instrument safe; whether the worker was at work each time. */
async function trips(): Promise<Figure & { readonly said: string }> {
  const clock = new ScaledClock(1);
  let hot = false;
  let safe = (): void => undefined;
  const instruments = await baths(clock, {
    misbehaviour: {
      shown: (_, value) => (hot ? 120 : value),
      twice: () => false,
      wrongChecksum: () => false,
    },
    between: (stream) =>
      recorded(stream, (from, bytes) => {
        if (from === ">" && bytes.startsWith("out_mode_05 0")) safe();
      }),
  });
  const compute = await busyCompute(RESULTS);
  let busy = 0;
  const times = await tripTimes(
    {
      clock,
      instruments: Object.fromEntries(instruments.map((each, i) => [`bath${i}`, each])),
      overheat: (now) => {
        if (now && compute.isBusy()) busy += 1;
        hot = now;
      },
      onSafe: (commanded) => {
        safe = commanded;
      },
    },
    short ? 10 : 300,
  );
  await compute.end();
  for (const each of instruments) await each.close();
  const typical = at(compute.took, 0.5).toFixed(0);
  const said = `A suggestion of a Gaussian process over ${RESULTS} results was being computed at ${busy} of the ${times.length} trips; one took ${typical} ms (median of ${compute.took.length}).`;
  const name = "trip of an interlock to the first safe command, 64 instruments polled at 10 Hz";
  return { name, times, goal: 50, share: 0.99, said };
}

/** The value below which a share lies. */
function at(times: readonly number[], share: number): number {
  return Float64Array.from(times).sort()[Math.min(times.length - 1, Math.floor(share * times.length))] ?? NaN;
}

/** Load average of the last minute: what else the computer does shows in the tail of the times. */
function loadNow(): string {
  return (loadavg()[0] ?? NaN).toFixed(1);
}

const before = loadNow();
const tripped = await trips();
const stalled: Figure = {
  name: "SIGSTOP of a live campaign to the pump's standstill, by the watchdog (`after: 1 s`)",
  times: await stallTimes(short ? 2 : 20),
  goal: 2000,
  share: 1,
};
const ms = (value: number): string => value.toLocaleString("en", { maximumSignificantDigits: 3 });
const rows = [tripped, stalled].map(({ name, times, goal, share }) =>
  tableRow([
    name,
    String(times.length),
    ...[0.5, 0.99, 1].map((each) => ms(at(times, each))),
    `${share === 1 ? "max" : "p99"} < ${goal}`,
    at(times, share) < goal ? "met" : "**missed**",
  ]),
);
const lines = [
  "# Until instruments are safe",
  "",
  runLine([], `${short ? "short" : "whole"} run`),
  "",
  `Processes that wanted a core, on the average of the last minute: ${before} before, ${loadNow()} after, of ${cpus().length} cores.`,
  "",
  ...tableHead(["times in ms", "trials", "p50", "p99", "max", "goal", ""]),
  ...rows,
  "",
  tripped.said,
];
console.log(lines.join("\n"));
if (!short)
  writeFileSync(
    fileURLToPath(new URL("../../../bench/instruments/trip.md", import.meta.url)),
    `${lines.join("\n")}\n`,
  );
