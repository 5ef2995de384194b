import type { LabDescription } from "../../../../lab/lab-description.ts";
import { loadLab } from "../../../../lab/load-campaign.ts";
import { learnHistory } from "../../../../lab/suspicion/learn-history.ts";
import { driversOf } from "../../../../lab/suspicion/open-history.ts";
import type { Learned } from "../../../../loop/history.ts";
import { quantile } from "../../../../numerics/index.ts";
import { short } from "../../describe.ts";
import { EXIT } from "../../exit-code.ts";
import { withDatabase } from "../../session.ts";
import { type CommonOptions, openTerminal, report, type Terminal } from "../../terminal.ts";

interface UsualOptions extends CommonOptions {
  readonly simulate?: boolean;
}

/** What something usually is, and what it was last. */
interface UsualRow {
  readonly kind: "duration" | "reading";
  /** Instrument, action and reading, such as "sensor.read.dark". */
  readonly name: string;
  readonly n: number;
  readonly median: number;
  readonly p95: number;
  readonly last: number;
  readonly unit: string;
}

/** `labloop instruments usual`: how long the actions of a lab's instruments usually take, and what they usually read. */
export async function usual(labFile: string, options: UsualOptions): Promise<number> {
  const terminal = openTerminal(options);
  const loading = await loadLab(labFile);
  if (loading.kind === "faults") {
    report(terminal, loading.faults);
    return EXIT.badInput;
  }
  const { lab } = loading;
  const simulated = options.simulate === true;
  const learned = await withDatabase(options, (store) =>
    learnHistory(store, { lab: lab.name, drivers: driversOf(lab), simulated, estimate: () => 0 }),
  );
  const rows = [...durationRows(learned), ...readingRows(learned, lab)];
  if (rows.length === 0)
    terminal.say(
      `no campaign on the ${simulated ? "simulated" : "real"} instruments of "${lab.name}" is in this database${simulated ? "" : "; --simulate tells of simulated ones"}`,
    );
  show(terminal, rows);
  return EXIT.concluded;
}

function durationRows({ durations }: Learned): UsualRow[] {
  return Object.entries(durations).flatMap(([name, samples]) =>
    rowOf(
      { kind: "duration", name, unit: "s" },
      samples.map(({ took }) => took / 1000),
    ),
  );
}

function readingRows({ runs }: Learned, { instruments }: LabDescription): UsualRow[] {
  const names = [...new Set(runs.flatMap(({ readings }) => Object.keys(readings)))];
  return names.flatMap((name) => {
    const [instrument = "", action = "", ...reading] = name.split(".");
    const declared = instruments[instrument]?.declaration.actions[action]?.readings[reading.join(".")];
    const values = runs.flatMap(({ readings }) => readings[name] ?? []);
    return rowOf({ kind: "reading", name, unit: declared?.unit ?? "1" }, values);
  });
}

function rowOf(about: Pick<UsualRow, "kind" | "name" | "unit">, values: readonly number[]): UsualRow[] {
  const last = values.at(-1);
  if (last === undefined) return [];
  return [{ ...about, n: values.length, median: quantile(values, 0.5), p95: quantile(values, 0.95), last }];
}

function show(terminal: Terminal, rows: readonly UsualRow[]): void {
  if (terminal.json) {
    for (const row of rows) terminal.emit({ event: "usual", ...row });
    return;
  }
  const width = Math.max(...rows.map(({ name }) => name.length));
  for (const kind of ["duration", "reading"] as const) {
    const some = rows.filter((row) => row.kind === kind);
    if (some.length === 0) continue;
    terminal.print(terminal.paint("bold", HEADS[kind]));
    terminal.print(
      `  ${"".padEnd(width)}  ${["n", "median", "P95", "last"].map((each) => each.padStart(9)).join("")}`,
    );
    for (const { name, n, median, p95, last, unit } of some) {
      const numbers = [String(n), short(median), short(p95), short(last)].map((each) => each.padStart(9));
      terminal.print(`  ${name.padEnd(width)}  ${numbers.join("")}${unit === "1" ? "" : ` ${unit}`}`);
    }
  }
}

const HEADS = { duration: "how long actions take", reading: "what is read" } as const;
