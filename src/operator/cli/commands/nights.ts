import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { fromSi } from "../../../base/unit.ts";
import type { WrittenFault } from "../../../lab/lab-schema.ts";
import { timeOfDay } from "../../../lab/lab-time.ts";
import { type LoadedCampaign, loadCampaign, type Rehearsal } from "../../../lab/load-campaign.ts";
import { failureRate } from "../../../lab/rehearse/failure-rate.ts";
import { learnDurations } from "../../../lab/rehearse/learn-durations.ts";
import type { Night } from "../../../lab/rehearse/night.ts";
import { rehearseNights } from "../../../lab/rehearse/nights.ts";
import { outcomeModelOf } from "../../../lab/rehearse/outcome-model.ts";
import { outlookOn, useOver } from "../../../lab/rehearse/outlook.ts";
import { FAULT_NAMES } from "../../../lab/scheduled-faults.ts";
import { ENOUGH_SAMPLES } from "../../../measurement/quality/usual-duration.ts";
import { ganttText } from "../../report/gantt.ts";
import { CliError } from "../cli-error.ts";
import { short } from "../describe.ts";
import { EXIT } from "../exit-code.ts";
import { chartOf, outcomesFrom, outlookRows, type Rehearsed, typicalNight } from "../outlook.ts";
import { outlookPage } from "../outlook-page.ts";
import { withDatabase } from "../session.ts";
import { advise, type CommonOptions, report, type Terminal } from "../terminal.ts";
import { wholeNumber } from "../whole-number.ts";

/** Options of a rehearsal of whole nights. */
export interface NightsOptions extends CommonOptions {
  readonly seed?: string;
  readonly lab?: string;
  readonly nights?: string;
  readonly from?: string;
  readonly until?: string;
  readonly whatIf?: readonly string[];
  /** True where no rate is given. */
  readonly chaos?: string | true;
  readonly out?: string;
}

/** Hours in which faults are sampled where the campaign has no budget of time. */
const USUAL_HOURS = 24;

/** `labloop dry-run` with nights: what to expect of a campaign before it is run. */
export async function nights(terminal: Terminal, file: string, options: NightsOptions): Promise<number> {
  const count = wholeNumber("--nights", options.nights) ?? 1;
  const seed = wholeNumber("--seed", options.seed);
  const rehearsal: Rehearsal = {
    ...(options.from !== undefined && { start: options.from }),
    faults: (options.whatIf ?? []).map(readWhatIf),
  };
  const source = { file, ...(options.lab !== undefined && { labFile: options.lab }) };
  const loading = await loadCampaign({ ...source, rehearsal, ...(seed !== undefined && { seed }) });
  if (loading.kind === "faults") {
    report(terminal, loading.faults);
    return EXIT.badInput;
  }
  const { loaded } = loading;
  const until = readUntil(loaded, options.until);
  const first = loaded.campaign.seed;
  const hours = (loaded.campaign.definition.budget.milliseconds ?? USUAL_HOURS * 3_600_000) / 3_600_000;
  const rate = await readRate(terminal, options);
  const durations = await withDatabase(options, (_, database) => learnDurations(database, loaded));
  terminal.say(
    `${terminal.paint("bold", loaded.campaign.name)}  ${count} ${count === 1 ? "night" : "nights"} from seed ${first} on, ${loaded.lab.name}, simulated, virtual time`,
  );
  advise(terminal, loaded.campaign.warnings);
  const began = performance.now();
  const tasks = Array.from({ length: count }, (_, k) => ({
    ...source,
    seed: first + k,
    rehearsal,
    durations,
    ...(rate !== undefined && { chaos: { rate, hours } }),
  }));
  const played = await rehearseNights(tasks, availableParallelism(), (done) => {
    if (terminal.live) terminal.write(`\r${done} of ${count} nights`);
  });
  if (terminal.live) terminal.write("\r\u001b[K");
  const outlook = outlookOn(played, until);
  const learned = Object.entries(durations)
    .filter(([, { length }]) => length >= ENOUGH_SAMPLES)
    .map(([name, { length }]) => `${name} (${length})`);
  const outcomes = await outcomeModelOf(loaded);
  const told = { loaded, outcomes, learned, nights: played, outlook, uses: usesOf(loaded, played), until };
  tell(terminal, told, performance.now() - began);
  if (options.out !== undefined) {
    writeFileSync(options.out, outlookPage(told));
    terminal.say(`written to ${options.out}`);
  }
  return EXIT.concluded;
}

function readWhatIf(text: string): WrittenFault {
  const [, at = "", instrument = "", fault = "", lasts] =
    /^(\d{1,2}:\d{2}|\d[\d.]*\s*[a-z]+)\s+([A-Za-z_][\w-]*)\s+([a-z]+)(?:\s+(\d.*))?$/.exec(text.trim()) ??
    [];
  const name = FAULT_NAMES.find((each) => each === fault);
  if (name === undefined)
    throw new CliError({
      code: "cli.bad-option",
      message: `--what-if doesn't understand "${text}"`,
      advice: `write when, which instrument, what and how long, such as "02:10 bath silence 5 min"; what: ${FAULT_NAMES.join(", ")}`,
    });
  return { at, instrument, fault: name, ...(lasts !== undefined && { for: lasts }) };
}

function readUntil({ lab }: LoadedCampaign, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const moment = timeOfDay(text, { after: lab.start, zone: lab.zone });
  if (moment !== undefined) return moment;
  throw new CliError({
    code: "cli.bad-option",
    message: `--until takes a time of day, not "${text}"`,
    advice: 'write a time such as "08:00"',
  });
}

async function readRate(terminal: Terminal, options: NightsOptions): Promise<number | undefined> {
  const { chaos } = options;
  if (chaos === undefined) return undefined;
  if (chaos === true) {
    const { rate, failures, hours } = await withDatabase(options, failureRate);
    terminal.say(
      failures === 0
        ? `faults at random: ${short(rate)} an hour and instrument (the records have none; this is a guess)`
        : `faults at random: ${short(rate)} an hour and instrument (${failures} in ${short(hours)} hours of the records)`,
    );
    return rate;
  }
  const rate = Number(chaos);
  if (rate > 0 && rate <= 60) return rate;
  throw new CliError({
    code: "cli.bad-option",
    message: `--chaos takes faults an hour and instrument, above 0 and up to 60, not "${chaos}"`,
    advice: "write a number such as 0.1, or leave it out",
  });
}

function usesOf({ campaign, lab }: LoadedCampaign, played: readonly Night[]): Rehearsed["uses"] {
  const ofBudget = campaign.definition.budget.consumables.map(({ name, available }) => ({
    ...useOver(
      name,
      played.map(({ used }) => used[name] ?? 0),
      available,
    ),
    unit: "1",
  }));
  const ofLab = lab.supplies.map(({ name, holds, reserve, unit }, k) => {
    const used = played.map(({ supplies }) => fromSi(supplies[k] ?? 0, unit));
    return { ...useOver(name, used, fromSi(holds - reserve, unit)), unit: unit.symbol };
  });
  return [...ofBudget, ...ofLab];
}

function tell(terminal: Terminal, told: Rehearsed, took: number): void {
  const { loaded, outcomes, nights: played, outlook, uses } = told;
  if (terminal.json) {
    const { name } = loaded.campaign;
    terminal.emit({
      event: "outlook",
      name,
      seed: loaded.campaign.seed,
      outcomes: outcomesFrom(outcomes),
      outcomeModel: outcomes,
      ...outlook,
      uses,
    });
    return;
  }
  for (const [about, text] of outlookRows(told)) terminal.print(about.padEnd(13) + text);
  const typical = typicalNight(played);
  terminal.print("");
  terminal.print(`a night as it usually goes (seed ${typical.seed})`);
  for (const line of ganttText(chartOf(told, typical), Math.min(terminal.width(), 120))) terminal.print(line);
  terminal.say("");
  terminal.say(terminal.paint("dim", `${played.length} nights in ${(took / 1000).toFixed(1)} s`));
}
