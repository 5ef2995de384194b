import { formatQuantity } from "../../../base/quantity.ts";
import { type Alarm, byUrgency, stateOf } from "../../../lab/alarm/alarm.ts";
import { inlineCompute } from "../../../lab/compute/inline-compute.ts";
import { standingOf } from "../../../lab/ownership.ts";
import { recover } from "../../../lab/recover.ts";
import { nothingWithinLimits } from "../../../loop/account.ts";
import type { EventOf } from "../../../loop/event.ts";
import { createLoop } from "../../../loop/loop.ts";
import { whyFailed } from "../../../record/export/csv-export.ts";
import { type ExperimentRecord, experimentRecords } from "../../../record/export/experiment-record.ts";
import type { JournalEntry } from "../../../record/journal-entry.ts";
import type { CampaignRow } from "../../../record/store.ts";
import { initialBelief } from "../../../update/bayes/update-belief.ts";
import type { BeliefReport } from "../../../update/explain/belief-report.ts";
import { describeMovement } from "../../../update/explain/belief-report.ts";
import { alarmRecord, alarmsAfter, outsideOf } from "../alarms-of.ts";
import { CliError } from "../cli-error.ts";
import {
  describeApproval,
  describeDuration,
  describeFiring,
  describeMode,
  describeOutcome,
  describeOverdue,
  describeReasons,
  describeSetting,
  describeShare,
  describeSuspects,
  describeTime,
  describeValues,
  short,
} from "../describe.ts";
import { describeAttention } from "../describe-alarm.ts";
import { doubtsIn, requestsIn } from "../doubts.ts";
import { EXIT } from "../exit-code.ts";
import { findCampaign, withDatabase } from "../session.ts";
import { entriesOf, readCampaign, type StoredCampaign } from "../stored-campaign.ts";
import { type CommonOptions, openTerminal, type Terminal } from "../terminal.ts";
import { type TripRecord, tripsIn } from "../trips.ts";
import { wholeNumber } from "../whole-number.ts";

type Stored = Extract<StoredCampaign, { kind: "stored" }>;

/** `labloop show`: what a campaign has found out, or all about one of its experiments. */
export async function show(
  id: string | undefined,
  options: CommonOptions & { experiment?: string },
): Promise<number> {
  const terminal = openTerminal(options);
  return withDatabase(options, async (store) => {
    const row = await findCampaign(store, id);
    const stored = await readCampaign(store, row);
    if (stored.kind === "faults") throw new CliError(...stored.faults);
    const entries = await entriesOf(store, row);
    const records = await experimentRecords(entries);
    const number = wholeNumber("--experiment", options.experiment);
    const trips = tripsIn(entries, await store.acknowledgements(row.key));
    const firings = await store.firings(row.key);
    const { alarms: policy } = stored.loaded.lab;
    const book = alarmsAfter(policy, row, entries, await outsideOf(store, row, entries));
    const alarms = byUrgency(Object.values(book)).filter((alarm) => stateOf(alarm) !== "normal");
    const told = { entries, records, trips, firings, alarms };
    if (number === undefined) await showCampaign(terminal, row, stored, told);
    else showExperiment(terminal, stored, experimentIn(records, number));
    return EXIT.concluded;
  });
}

function experimentIn(records: readonly ExperimentRecord[], number: number): ExperimentRecord {
  const record = records[number - 1];
  if (record !== undefined) return record;
  throw new CliError({
    code: "cli.no-experiment",
    message: `there is no experiment ${number} in this campaign`,
    advice: `it has ${records.length}, counted from 1`,
  });
}

/** What the journal tells. */
interface Told {
  readonly entries: readonly JournalEntry[];
  readonly records: readonly ExperimentRecord[];
  readonly trips: readonly TripRecord[];
  readonly firings: readonly EventOf<"watchdog.fired">[];
  readonly alarms: readonly Alarm[];
}

async function showCampaign(
  terminal: Terminal,
  row: CampaignRow,
  { loaded, started }: Stored,
  { entries, records, trips, firings, alarms }: Told,
): Promise<void> {
  const { definition } = loaded.campaign;
  const { parameters } = definition.experiment;
  const loop = createLoop(definition);
  const { progress } = await recover(loop, inlineCompute(), initialBelief(definition.problem), entries);
  const { account, reason } = progress.state.campaign.context;
  const state = standingOf(row);
  const { hypotheses } = progress.belief;
  if (terminal.json) {
    const { best, measured, failed, refused, used } = account;
    terminal.emit({
      campaign: row.id,
      key: row.key,
      name: row.name,
      state,
      reason,
      seed: started.seed,
      mode: started.mode,
      experiments: measured + failed,
      measured,
      failed,
      refused,
      used,
      best: best && { experiment: best.experiment, setting: best.setting, outcome: best.outcome },
      hypotheses,
      trips,
      doubts: doubtsIn(entries),
      requests: requestsIn(entries),
      alarms: alarms.map(alarmRecord),
      watchdog: firings.map(({ at, why, states, unknown }) => {
        return { time: new Date(at).toISOString(), why, states, unknown };
      }),
    });
    return;
  }
  const print = (text: string): void => terminal.print(text);
  const [first, last] = [entries[0], entries.at(-1)];
  print(
    `${terminal.paint("bold", row.name)}  ${row.key}, seed ${started.seed}, ${describeMode(started.mode)}`,
  );
  print(`state        ${state}${reason === null ? "" : `: ${reason}`}`);
  if (first !== undefined && last !== undefined) {
    const [began, ended] = [Date.parse(first.time), Date.parse(last.time)];
    print(`time         ${describeTime(began, loaded.lab.zone)}, ${describeDuration(ended - began)}`);
  }
  print(
    `experiments  ${account.measured} measured, ${account.failed} failed, ${account.refused} refused; budget ${definition.budget.experiments}`,
  );
  if (account.best !== null)
    print(
      `best         ${describeOutcome(account.best.outcome)} with ${describeSetting(account.best.setting, parameters)} (experiment ${account.best.experiment})`,
    );
  if (nothingWithinLimits(account, definition)) print("best         no result is within the limits");
  const { zone } = loaded.lab;
  const attention = describeAttention(terminal, alarms);
  if (attention !== undefined)
    print(`${attention.replace("alarms: ", "alarms       ")}; \`labloop alarms ${row.key}\``);
  for (const trip of trips) for (const line of tripLines(trip, zone)) print(line);
  for (const { time, action, experiment, settled } of doubtsIn(entries))
    print(
      `in doubt     ${action} of experiment ${experiment}, ${describeTime(Date.parse(time), zone)}: ${settled}`,
    );
  for (const { time, request, by, why } of requestsIn(entries))
    print(
      `asked for    ${request}, by ${by} at ${describeTime(Date.parse(time), zone)}${why === undefined ? "" : `: ${why}`}`,
    );
  for (const firing of firings)
    print(`watchdog     ${describeTime(firing.at, zone)}: ${describeFiring(firing)}`);
  print("");
  print("belief");
  for (const { name, predicts, weight, parameters: unknowns } of hypotheses) {
    print(`  ${describeShare(weight).padStart(7)}  ${name} for ${predicts}`);
    for (const { name: unknown, unit, mean, sd } of unknowns)
      print(`           ${unknown} = ${short(mean)} ± ${short(sd)}${unit === "1" ? "" : ` ${unit}`}`);
  }
  print("");
  print("experiments");
  for (const record of records) print(`  ${experimentLine(terminal, record, parameters)}`);
  terminal.say("");
  terminal.say(
    terminal.paint("dim", `\`labloop show ${row.key} --experiment 1\` tells all about one of them`),
  );
}

function tripLines(
  { time, interlock, condition, then, readings, acknowledged }: TripRecord,
  zone: string,
): string[] {
  const [first, ...others] = [
    `"${interlock}", ${condition}, at ${describeTime(Date.parse(time), zone)}: ${then}`,
    ...readings.map((each) => `${each.name} ${formatQuantity(each)} at ${describeTime(each.at, zone)}`),
    acknowledged === undefined
      ? "not acknowledged"
      : `acknowledged by ${acknowledged.by} at ${describeTime(Date.parse(acknowledged.time), zone)}`,
  ];
  return [`tripped      ${first}`, ...others.map((line) => `             ${line}`)];
}

function experimentLine(
  terminal: Terminal,
  record: ExperimentRecord,
  parameters: Parameters<typeof describeSetting>[1],
): string {
  const result =
    record.state === "measured"
      ? `${describeValues(record.values)}${record.suspicion === undefined ? "" : terminal.paint("yellow", "  unlike the others")}`
      : record.state === "open"
        ? terminal.paint("dim", "under way")
        : terminal.paint("red", whyFailed(record));
  return `#${String(record.number).padEnd(3)} ${describeSetting(record.setting, parameters)}  →  ${result}`;
}

function showExperiment(terminal: Terminal, { loaded }: Stored, record: ExperimentRecord): void {
  if (terminal.json) {
    terminal.emit(record);
    return;
  }
  const { parameters } = loaded.campaign.definition.experiment;
  const { zone } = loaded.lab;
  const print = (text: string): void => terminal.print(text);
  print(terminal.paint("bold", `experiment ${record.number}`));
  print(`setting      ${describeSetting(record.setting, parameters)}`);
  if (record.repeats !== undefined) print(`repeats      experiment ${record.repeats}`);
  showReasons((text) => print(text), record, parameters);
  for (const approval of record.approvals ?? []) print(`approval     ${describeApproval(approval)}`);
  for (const { time, event } of record.actions) {
    const given = describeOutcomeLike(event.arguments);
    const result =
      event.type === "action.finished"
        ? describeOutcomeLike(event.readings)
        : terminal.paint("red", event.fault.message);
    print(
      `${describeTime(Date.parse(time), zone)}  ${event.instrument}.${event.action}${given === "" ? "" : ` ${given}`}${result === "" ? "" : `  →  ${result}`}`,
    );
  }
  print(
    `result       ${record.state === "measured" ? describeValues(record.values) : whyFailed(record) || "under way"}`,
  );
  for (const line of record.suspicion === undefined ? [] : describeSuspects(record.suspicion))
    print(`suspect      ${line}`);
  for (const overdue of record.overdue ?? []) print(`overdue      ${describeOverdue(overdue)}`);
  showMovements((text) => print(text), record.report);
}

function showReasons(
  print: (text: string) => void,
  { reasons }: ExperimentRecord,
  parameters: Parameters<typeof describeSetting>[1],
): void {
  print(`why          ${describeReasons(reasons)}`);
  for (const { name, measurement, weight, mean, sd } of reasons.perHypothesis)
    print(
      `             ${name} (${describeShare(weight)}) expected ${measurement} ${short(mean)} ± ${short(sd)}`,
    );
  const { incumbent, nearest, runnerUp, acquisition } = reasons;
  if (incumbent !== undefined)
    print(
      `             best so far: experiment ${incumbent.experiment}, believed to give ${short(incumbent.value)}`,
    );
  if (nearest !== undefined)
    print(
      `             nearest tried: experiment ${nearest.experiment}, at distance ${short(nearest.distance)} of the unit cube`,
    );
  if (runnerUp !== undefined && acquisition !== undefined)
    print(
      `             ahead of ${describeSetting(runnerUp.setting, parameters)} by ${short(acquisition - runnerUp.acquisition)} in ${reasons.method}`,
    );
}

function showMovements(print: (text: string) => void, report: BeliefReport | undefined): void {
  for (const movement of report?.movements ?? []) print(`belief       ${describeMovement(movement)}`);
}

function describeOutcomeLike(values: Readonly<Record<string, number | string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${typeof value === "number" ? short(value) : value}`)
    .join(", ");
}
