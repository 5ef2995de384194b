import { resolve } from "node:path";
import { nextOpenSpan } from "../../../campaign/window/window.ts";
import { labTime, timeOfDay } from "../../../lab/lab-time.ts";
import { type LoadedCampaign, loadCampaign } from "../../../lab/load-campaign.ts";
import { type Every, openSchedule, type ScheduleRow } from "../../../record/schedule.ts";
import { CliError } from "../cli-error.ts";
import { describeTime } from "../describe.ts";
import { EXIT } from "../exit-code.ts";
import { person } from "../follow.ts";
import { withDatabase } from "../session.ts";
import { advise, type CommonOptions, openTerminal, report, type Terminal } from "../terminal.ts";
import { wholeNumber } from "../whole-number.ts";

interface AddOptions extends CommonOptions {
  readonly live?: boolean;
  readonly simulate?: boolean;
  readonly at?: string;
  readonly every?: string;
  readonly missed?: string;
  readonly seed?: string;
  readonly lab?: string;
}

/** `labloop schedule add`: a campaign is to be run at a time. */
export async function add(file: string, options: AddOptions): Promise<number> {
  const terminal = openTerminal(options);
  if (options.live === options.simulate)
    throw new CliError({
      code: "cli.no-mode",
      message: "say what it is to run on",
      advice: "--live for the real lab, --simulate for the simulated one (in real time)",
    });
  const seed = wholeNumber("--seed", options.seed);
  const loading = await loadCampaign({
    file,
    ...(options.lab !== undefined && { labFile: options.lab }),
    ...(seed !== undefined && { seed }),
  });
  if (loading.kind === "faults") {
    report(terminal, loading.faults);
    return EXIT.badInput;
  }
  const { loaded } = loading;
  advise(terminal, loaded.campaign.warnings);
  const words = [
    ...(options.live === true ? ["--live"] : ["--simulate", "--real-time"]),
    ...(seed === undefined ? [] : ["--seed", String(seed)]),
    ...(options.lab === undefined ? [] : ["--lab", resolve(options.lab)]),
  ];
  const run = {
    file: resolve(file),
    words,
    zone: loaded.lab.zone,
    due: dueAt(loaded, options.at),
    every: readEvery(options.every),
    missed: readMissed(options.missed),
    by: person(),
  };
  const id = await withDatabase(options, (_, database) => openSchedule(database).add(run));
  terminal.say(`run ${id}: ${file} at ${describeTime(run.due, run.zone)} (${run.zone})${repeats(run.every)}`);
  terminal.say(terminal.paint("dim", "`labloop serve` has to be running then"));
  if (terminal.json) terminal.emit({ event: "schedule.added", id, ...run });
  return EXIT.concluded;
}

function dueAt({ lab, windows }: LoadedCampaign, text: string | undefined): number {
  const now = Date.now();
  if (text === undefined) {
    const span = windows.length === 0 ? undefined : nextOpenSpan(windows, now);
    if (span !== undefined) return span.from;
    throw new CliError({
      code: "cli.bad-time",
      message: "there is no window that could say when",
      advice: 'say it: --at "19:00", or --at "2030-01-07 19:00"',
    });
  }
  const due = timeOfDay(text, { after: now, zone: lab.zone }) ?? labTime(text, lab.zone);
  if (due !== undefined && due >= now) return due;
  throw new CliError({
    code: "cli.bad-time",
    message: due === undefined ? `--at: "${text}" is no time` : `--at: "${text}" is over`,
    advice: 'write a time such as "19:00", or "2030-01-07 19:00"',
  });
}

function readEvery(text: string | undefined): Every | null {
  if (text === undefined) return null;
  if (text === "day" || text === "week") return text;
  throw new CliError({
    code: "cli.bad-option",
    message: `--every takes day or week, not "${text}"`,
    advice: "leave it out for a run that isn't repeated",
  });
}

function readMissed(text = "run"): "run" | "skip" {
  if (text === "run" || text === "skip") return text;
  throw new CliError({
    code: "cli.bad-option",
    message: `--missed takes run or skip, not "${text}"`,
    advice: "run: as soon as the schedule is served again; skip: not at all",
  });
}

/** `labloop schedule list`: what there is on the schedule. */
export async function list(options: CommonOptions & { readonly all?: boolean }): Promise<number> {
  const terminal = openTerminal(options);
  const rows = await withDatabase(options, (_, database) => openSchedule(database).rows());
  const shown = options.all === true ? rows : rows.filter(isOpen);
  for (const row of shown) tell(terminal, row);
  if (shown.length === 0) terminal.say("nothing is scheduled");
  return EXIT.concluded;
}

/** `labloop schedule next`: what is run next. */
export async function next(options: CommonOptions): Promise<number> {
  const terminal = openTerminal(options);
  const rows = await withDatabase(options, (_, database) => openSchedule(database).rows());
  const row = rows.find(({ state }) => state === "waiting");
  if (row === undefined) terminal.say("nothing is scheduled");
  else tell(terminal, row);
  return EXIT.concluded;
}

/** `labloop schedule remove`: what isn't begun is not run. */
export async function remove(text: string, options: CommonOptions): Promise<number> {
  const terminal = openTerminal(options);
  const id = wholeNumber("the number of a run", text) ?? 0;
  const removed = await withDatabase(options, (_, database) =>
    openSchedule(database).move(id, "waiting", "removed", `by ${person()}`),
  );
  if (!removed)
    throw new CliError({
      code: "cli.not-scheduled",
      message: `there is no run ${id} that is still waiting`,
      advice: "see `labloop schedule list --all`; `labloop stop` ends a campaign that runs",
    });
  terminal.say(`run ${id} is removed`);
  return EXIT.concluded;
}

function isOpen({ state }: ScheduleRow): boolean {
  return state === "waiting" || state === "starting" || state === "started" || state === "failed";
}

function tell(terminal: Terminal, row: ScheduleRow): void {
  if (terminal.json) {
    const { note, ...others } = row;
    terminal.emit({ ...others, ...(isTaken(row) ? {} : { note }) });
    return;
  }
  const { id, file, words, due, zone, every, state, campaign, note } = row;
  const about = campaign === null ? "" : `  campaign ${campaign}`;
  const why = note === "" || isTaken(row) ? "" : `: ${note}`;
  terminal.print(
    `${String(id).padStart(3)}  ${describeTime(due, zone)}  ${state}${why}  ${file} ${words.join(" ")}${repeats(every)}${about}`,
  );
}

/** Whether the note of a run names the process that has taken it. */
function isTaken({ state }: ScheduleRow): boolean {
  return state === "starting" || state === "started";
}

function repeats(every: Every | null): string {
  return every === null ? "" : `, every ${every}`;
}
