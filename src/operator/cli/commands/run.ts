import { workerCompute } from "../../../lab/compute/worker-compute.ts";
import { loadCampaign } from "../../../lab/load-campaign.ts";
import { thisProcess } from "../../../lab/ownership.ts";
import { isDrawn, outcomeModelOf } from "../../../lab/rehearse/outcome-model.ts";
import { startCampaign } from "../../../lab/run-campaign.ts";
import type { RunMode } from "../../../loop/event.ts";
import { openDatabase } from "../../../record/database.ts";
import { openSchedule } from "../../../record/schedule.ts";
import { unreachableServers } from "../../notify/unreachable.ts";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-code.ts";
import { follow } from "../follow.ts";
import { goOn } from "../go-on.ts";
import { introduce } from "../introduce.ts";
import { messengersOf } from "../messengers.ts";
import { databaseAddress, withDatabase } from "../session.ts";
import { advise, openTerminal, report, type Terminal } from "../terminal.ts";
import { terminalPerson } from "../terminal-person.ts";
import { resumeChoice, unfinishedToResume } from "../unfinished.ts";
import { wholeNumber } from "../whole-number.ts";
import { workers } from "../workers.ts";
import type { NightsOptions } from "./nights.ts";
import type { RunOptions } from "./run-options.ts";

/** `labloop run`: a campaign from its file to its conclusion, or several on one lab. */
export async function run(files: readonly string[], options: RunOptions): Promise<number> {
  const terminal = openTerminal(options);
  const mode = modeOf(options);
  if (mode === undefined) {
    report(terminal, [
      {
        code: "cli.no-mode",
        message:
          options.live === true
            ? "--live and what is simulated (--simulate, --real-time, --speed) exclude each other"
            : "nothing moves because of a file alone: say what to run on",
        advice: `\`labloop run ${files.join(" ")} --simulate\` for the simulated lab, \`labloop run ${files.join(" ")} --live\` for the real one`,
      },
    ]);
    return EXIT.badInput;
  }
  return runFiles(terminal, files, mode, options);
}

/** `labloop dry-run`: the same on the simulated lab, in virtual time. */
export async function dryRun(files: readonly string[], options: RunOptions & NightsOptions): Promise<number> {
  const terminal = openTerminal(options);
  const { nights, from, until, whatIf, chaos, out } = options;
  const isOutlook = [nights, from, until, whatIf, chaos, out].some((each) => each !== undefined);
  const [file = "", ...others] = files;
  if (isOutlook && others.length > 0)
    throw new CliError({
      code: "cli.one-campaign",
      message: "whole nights are rehearsed of one campaign at a time, and several are named",
      advice: "rehearse them one by one, or leave the options of nights out to run all of them once",
    });
  // What is drawn is no record of anything: such a night is told of, and not kept.
  if (isOutlook || (others.length === 0 && (await isOnlyDrawn(file, options))))
    return (await import("./nights.ts")).nights(terminal, file, options);
  return runFiles(terminal, files, "virtual", options);
}

async function runFiles(
  terminal: Terminal,
  files: readonly string[],
  mode: RunMode,
  options: RunOptions,
): Promise<number> {
  const [file = "", ...others] = files;
  if (others.length === 0) return runFile(terminal, file, mode, options);
  if (options.speed !== undefined)
    throw new CliError({
      code: "cli.one-campaign",
      message: "--speed is for one campaign at a time, and several are named",
      advice: "leave it out, or run them one by one",
    });
  return (await import("./run-together.ts")).runTogether(terminal, files, mode, options);
}

/** Whether a campaign has instruments that can't be simulated. */
async function isOnlyDrawn(file: string, { lab }: RunOptions): Promise<boolean> {
  const loading = await loadCampaign({ file, ...(lab !== undefined && { labFile: lab }) });
  return loading.kind === "loaded" && isDrawn(await outcomeModelOf(loading.loaded));
}

function modeOf({ live, simulate, realTime, speed }: RunOptions): RunMode | undefined {
  const isPaced = realTime === true || speed !== undefined;
  if (live === simulate || (live === true && isPaced)) return undefined;
  if (live === true) return "live";
  return isPaced ? "real-time" : "virtual";
}

/** Lab time that passes faster than this isn't paced by anything. */
const FASTEST = 100_000;

function readSpeed({ speed: text }: RunOptions): number | undefined {
  if (text === undefined) return undefined;
  const speed = Number(text);
  if (speed > 0 && speed <= FASTEST) return speed;
  throw new CliError({
    code: "cli.bad-option",
    message: `--speed takes a number above 0 and up to ${FASTEST}, not "${text}"`,
    advice:
      "write a number such as 50, or leave it out: a simulation then takes no longer than its arithmetic",
  });
}

async function runFile(
  terminal: Terminal,
  file: string,
  mode: RunMode,
  options: RunOptions,
): Promise<number> {
  const seed = wholeNumber("--seed", options.seed);
  const speed = readSpeed(options);
  const loading = await loadCampaign({
    file,
    ...(options.lab === undefined ? {} : { labFile: options.lab }),
    ...(seed === undefined ? {} : { seed }),
  });
  if (loading.kind === "faults") {
    report(terminal, loading.faults);
    return EXIT.badInput;
  }
  const { loaded } = loading;
  const scheduled = wholeNumber("--schedule", options.schedule);
  if (scheduled !== undefined) await confirmStart(options, scheduled);
  const choice = resumeChoice(options.resume);
  if (mode === "live") {
    const key = await withDatabase(options, (store) => unfinishedToResume(terminal, store, loaded, choice));
    if (key !== undefined) {
      await keepCampaign(options, scheduled, key);
      return goOn(terminal, key, options);
    }
  }
  const database = await openDatabase(databaseAddress(options));
  const compute = workerCompute(workers());
  const { campaign, lab, id } = loaded;
  const messengers = messengersOf(loaded, mode, options.notify === true);
  const person = mode === "live" ? terminalPerson(terminal) : undefined;
  introduce(terminal, loaded, mode, speed);
  // A server that doesn't answer must not make a rehearsal wait.
  const unreachable = mode === "virtual" ? unreachableServers(lab.notify) : undefined;
  try {
    return await follow({
      terminal,
      definition: campaign.definition,
      zone: lab.zone,
      mode,
      id,
      ...(speed !== undefined && { speed }),
      ...messengers,
      start: async (observer) => {
        const started = await startCampaign({
          loaded,
          source: file,
          mode,
          database,
          compute,
          observer,
          history: options.history === true,
          ...(speed !== undefined && { speed }),
          ...(person && { person }),
        });
        if (started.kind === "running") await keepCampaign(options, scheduled, started.running.key);
        return started;
      },
    });
  } finally {
    if (unreachable !== undefined) advise(terminal, await unreachable);
    await compute.close();
    await database.close();
  }
}

/** Takes a scheduled run for this process, before anything is begun for it. */
async function confirmStart(options: RunOptions, scheduled: number): Promise<void> {
  const confirmed = await withDatabase(options, (_, database) =>
    openSchedule(database).move(scheduled, "starting", "started", thisProcess(), options.token ?? ""),
  );
  if (confirmed) return;
  throw new CliError({
    code: "cli.not-scheduled",
    message: `run ${scheduled} of the schedule isn't this process's to start`,
    advice: "see `labloop schedule list`; `labloop serve` starts what is due",
  });
}

async function keepCampaign(options: RunOptions, scheduled: number | undefined, key: string): Promise<void> {
  if (scheduled === undefined) return;
  await withDatabase(options, (_, database) => openSchedule(database).began(scheduled, key));
}
