import type { Clock } from "../../../../base/clock.ts";
import { nearestName } from "../../../../base/fault.ts";
import type { Instrument } from "../../../../instrument/index.ts";
import type { LabDescription, LabInstrument } from "../../../../lab/lab-description.ts";
import { loadLab } from "../../../../lab/load-campaign.ts";
import { openRealLab, openSimulatedLab } from "../../../../lab/open-lab.ts";
import { SystemClock } from "../../../../lab/system-clock.ts";
import { virtualTime } from "../../../../lab/virtual-time.ts";
import { CliError } from "../../cli-error.ts";
import { EXIT } from "../../exit-code.ts";
import { type CommonOptions, openTerminal, report, type Terminal } from "../../terminal.ts";
import { terminalPerson } from "../../terminal-person.ts";

/** Options of every command that reaches for one instrument. */
export interface OneOptions extends CommonOptions {
  readonly live?: boolean;
  readonly simulate?: boolean;
}

/** One instrument of a lab, connected. */
export interface OpenOne {
  readonly terminal: Terminal;
  readonly described: LabInstrument;
  readonly instrument: Instrument;
  readonly clock: Clock;
  /** Ends with Ctrl-C. */
  readonly signal: AbortSignal;
  readonly live: boolean;
}

/** Bytes that went over an instrument's line. */
export interface Traced {
  readonly name: string;
  readonly from: ">" | "<";
  readonly bytes: string;
}

/** How an instrument is reached. */
interface Reach {
  /** Simulated instruments in real time, for what a person watches. */
  readonly realTime?: boolean;
  /** Is told every chunk of bytes. */
  readonly trace?: (terminal: Terminal, traced: Traced) => void;
}

/**
 * Connects one instrument of a lab, does something with it, and closes it again.
 *
 * @returns what the work gives, or the exit code of an instrument that doesn't answer
 * @throws CliError when there is no such instrument
 */
export async function withInstrument(
  labFile: string,
  name: string,
  options: OneOptions,
  { realTime = false, trace }: Reach,
  work: (opened: OpenOne) => Promise<number>,
): Promise<number> {
  const terminal = openTerminal(options);
  if (options.live === options.simulate)
    throw new CliError({
      code: "cli.no-mode",
      message: "say which instrument to reach for",
      advice: "--live for the real one, --simulate for its twin",
    });
  const { lab, described } = await find(labFile, name);
  const live = options.live === true;
  const clock = live || realTime ? new SystemClock() : virtualTime(lab.start);
  const abort = new AbortController();
  process.once("SIGINT", () => abort.abort(new Error("interrupted at the terminal")));
  const person = live ? terminalPerson(terminal) : undefined;
  const opened = await (live ? openRealLab : openSimulatedLab)({
    lab,
    roles: { [name]: name },
    clock,
    seed: 1,
    signal: abort.signal,
    ...(person && { person }),
    ...(trace && {
      trace: (name: string, from: ">" | "<", bytes: string) => trace(terminal, { name, from, bytes }),
    }),
    note: (text) => terminal.say(terminal.paint("dim", `note: ${text}`)),
  });
  if (opened.kind === "failed") {
    report(terminal, [opened.fault]);
    return EXIT.instrument;
  }
  try {
    const instrument = opened.instruments[name] as Instrument;
    return await work({ terminal, described, instrument, clock, signal: abort.signal, live });
  } finally {
    await opened.close();
  }
}

async function find(
  labFile: string,
  name: string,
): Promise<{ lab: LabDescription; described: LabInstrument }> {
  const loading = await loadLab(labFile);
  if (loading.kind === "faults") throw new CliError(...(loading.faults as [never, ...never[]]));
  const described = loading.lab.instruments[name];
  if (described !== undefined) return { lab: loading.lab, described };
  const names = Object.keys(loading.lab.instruments);
  const near = nearestName(name, names);
  throw new CliError({
    code: "lab.unknown-instrument",
    message: `${labFile} has no instrument "${name}"`,
    advice: near === undefined ? `it has ${names.join(", ")}` : `did you mean "${near}"?`,
  });
}
