import { resolve } from "node:path";
import type { Compute } from "../../../lab/compute/compute.ts";
import { workerCompute } from "../../../lab/compute/worker-compute.ts";
import { type LoadedCampaign, loadCampaign } from "../../../lab/load-campaign.ts";
import { startCampaign } from "../../../lab/run-campaign.ts";
import type { Seat } from "../../../lab/share/seat.ts";
import { openSharedLab } from "../../../lab/share/shared-lab.ts";
import type { RunMode } from "../../../loop/event.ts";
import { type Database, openDatabase } from "../../../record/database.ts";
import { unreachableServers } from "../../notify/unreachable.ts";
import { CliError } from "../cli-error.ts";
import { EXIT, worstOf } from "../exit-code.ts";
import { follow } from "../follow.ts";
import { introduce } from "../introduce.ts";
import { messengersOf } from "../messengers.ts";
import { databaseAddress } from "../session.ts";
import { advise, report, type Terminal } from "../terminal.ts";
import { terminalOfCampaign } from "../terminal-of-campaign.ts";
import { terminalPerson } from "../terminal-person.ts";
import { wholeNumber } from "../whole-number.ts";
import { workers } from "../workers.ts";
import type { RunOptions } from "./run-options.ts";

/** A campaign, the file that it comes from, and the lines in which it is told of. */
interface Told {
  readonly file: string;
  readonly loaded: LoadedCampaign;
  readonly terminal: Terminal;
}

/** `labloop run` of several campaigns that share one lab, all of them to their conclusions. */
export async function runTogether(
  terminal: Terminal,
  files: readonly string[],
  mode: RunMode,
  options: RunOptions,
): Promise<number> {
  const campaigns = await loadAll(terminal, files, options);
  if (campaigns === undefined) return EXIT.badInput;
  const told = campaigns.map((each) => ({ ...each, terminal: terminalFor(terminal, each, campaigns) }));
  for (const each of told) introduce(each.terminal, each.loaded, mode);
  const { lab } = (told[0] as Told).loaded;
  // A server that doesn't answer must not make a rehearsal wait.
  const unreachable = mode === "virtual" ? unreachableServers(lab.notify) : undefined;
  try {
    return await followAll(terminal, told, mode, options);
  } finally {
    if (unreachable !== undefined) advise(terminal, await unreachable);
  }
}

async function followAll(
  terminal: Terminal,
  told: readonly Told[],
  mode: RunMode,
  options: RunOptions,
): Promise<number> {
  const database = await openDatabase(databaseAddress(options));
  const compute = workerCompute(workers());
  const person = mode === "live" ? terminalPerson(terminal) : undefined;
  try {
    const opening = await openSharedLab({
      campaigns: told.map(({ loaded }) => loaded),
      mode,
      database,
      ...(person && { person }),
      note: (text) => terminal.say(`note: ${text}`),
    });
    if (opening.kind === "failed") {
      report(terminal, [opening.fault]);
      return EXIT.instrument;
    }
    const { seats } = opening;
    const means = { mode, database, compute, options };
    const ends = await Promise.allSettled(seats.map((seat, i) => followOne(told[i] as Told, seat, means)));
    const broken = ends.find(({ status }) => status === "rejected");
    if (broken?.status === "rejected") throw broken.reason;
    return worstOf(ends.flatMap((each) => (each.status === "fulfilled" ? [each.value] : [])));
  } finally {
    await compute.close();
    await database.close();
  }
}

interface Means {
  readonly mode: RunMode;
  readonly database: Database;
  readonly compute: Compute;
  readonly options: RunOptions;
}

async function followOne(
  { file, loaded, terminal }: Told,
  seat: Seat,
  { mode, database, compute, options }: Means,
): Promise<number> {
  const history = options.history === true;
  try {
    return await follow({
      terminal,
      definition: loaded.campaign.definition,
      zone: loaded.lab.zone,
      mode,
      id: loaded.id,
      ...messengersOf(loaded, mode, options.notify === true),
      start: (observer) =>
        startCampaign({ loaded, source: file, mode, database, compute, observer, history, seat }),
    });
  } catch (error) {
    // The others must not wait for one that never comes.
    await seat.giveUp();
    throw error;
  }
}

type Loaded = Pick<Told, "file" | "loaded">;

async function loadAll(
  terminal: Terminal,
  files: readonly string[],
  options: RunOptions,
): Promise<readonly Loaded[] | undefined> {
  const seed = wholeNumber("--seed", options.seed);
  const campaigns: Loaded[] = [];
  for (const file of files) {
    const loading = await loadCampaign({
      file,
      ...(options.lab === undefined ? {} : { labFile: options.lab }),
      ...(seed === undefined ? {} : { seed }),
    });
    if (loading.kind === "faults") report(terminal, loading.faults);
    else campaigns.push({ file, loaded: loading.loaded });
  }
  if (campaigns.length < files.length) return undefined;
  refuseOtherLabs(campaigns);
  refuseTwins(campaigns);
  return campaigns;
}

function refuseOtherLabs([first, ...others]: readonly Loaded[]): void {
  const other = others.find(
    ({ loaded }) => resolve(loaded.lab.file) !== resolve(first?.loaded.lab.file ?? ""),
  );
  if (first === undefined || other === undefined) return;
  throw new CliError({
    code: "cli.not-one-lab",
    message: `campaigns that run together share one lab, but ${first.file} names ${first.loaded.lab.file} and ${other.file} names ${other.loaded.lab.file}`,
    advice: "name the same lab file in both, or run them one by one",
  });
}

function refuseTwins(campaigns: readonly Loaded[]): void {
  const twin = campaigns.find(({ loaded }, i) =>
    campaigns.slice(0, i).some((each) => each.loaded.id === loaded.id),
  );
  if (twin === undefined) return;
  throw new CliError({
    code: "cli.same-campaign",
    message: `${twin.file} is named twice, or is the same as another file: ${twin.loaded.id}`,
    advice: "name each campaign once; two that differ in their seed are two campaigns",
  });
}

/** A terminal whose lines begin with the campaign's name, or with its id where names are alike. */
function terminalFor(terminal: Terminal, { loaded }: Loaded, all: readonly Loaded[]): Terminal {
  const { name } = loaded.campaign;
  const isAlone = all.filter((each) => each.loaded.campaign.name === name).length === 1;
  return terminalOfCampaign(terminal, isAlone ? name : loaded.id, loaded.id);
}
