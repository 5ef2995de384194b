import { parseQuantity } from "../../../base/quantity.ts";
import { suggest } from "../../../base/suggest.ts";
import { sameDimension, toSi, unitOf } from "../../../base/unit.ts";
import {
  type Alarm,
  byUrgency,
  isStanding,
  isUnacknowledged,
  stateOf,
  whyNotShelved,
} from "../../../lab/alarm/alarm.ts";
import { isDriven, isHeld } from "../../../lab/ownership.ts";
import type { PersonRequest } from "../../../loop/event.ts";
import type { CampaignRow, Store } from "../../../record/store.ts";
import { type AlarmsOfCampaign, alarmRecord, alarmsOf, isInterrupted } from "../alarms-of.ts";
import { CliError } from "../cli-error.ts";
import { describeDuration } from "../describe.ts";
import { alarmLines, describeAttention } from "../describe-alarm.ts";
import { EXIT } from "../exit-code.ts";
import { findCampaign, withDatabase } from "../session.ts";
import { type CommonOptions, openTerminal, type Terminal } from "../terminal.ts";
import { askedHere, keepBeside, type RequestOptions, requestInTurn } from "./request.ts";

/** `labloop alarms`: what wants attention, the most urgent first. */
export async function alarms(
  id: string | undefined,
  options: CommonOptions & { all?: boolean },
): Promise<number> {
  const terminal = openTerminal(options);
  return withDatabase(options, async (store) => {
    const all = options.all === true;
    const rows = id === undefined ? await rowsOf(store, all) : [await findCampaign(store, id)];
    const told = await Promise.all(rows.map((row) => alarmsOf(store, row)));
    const some = told.filter((each) => each !== undefined);
    const shown = some.map((each) => tell(terminal, each, all || id !== undefined));
    for (const [i, row] of rows.entries())
      if (told[i] === undefined)
        terminal.warn(`${row.key}: its files can't be read any more, see \`labloop verify\``);
    if (!shown.includes(true)) terminal.say("nothing wants your attention");
    return EXIT.concluded;
  });
}

/** Campaigns whose alarms matter now: those that run or were interrupted, and those whose trip still holds a lab. */
async function rowsOf(store: Store, all: boolean): Promise<CampaignRow[]> {
  const rows = await store.campaigns();
  if (all) return rows;
  const latched = new Set(await store.latched());
  return rows.filter((row) => isHeld(row) || isInterrupted(row) || latched.has(row.key));
}

/** Tells the alarms of one campaign; whether there was anything to tell. */
function tell(terminal: Terminal, { row, zone, book }: AlarmsOfCampaign, all: boolean): boolean {
  const shown = byUrgency(Object.values(book)).filter((each) => all || stateOf(each) !== "normal");
  if (terminal.json)
    for (const each of shown) terminal.emit({ event: "alarm", campaign: row.id, ...alarmRecord(each) });
  else if (shown.length > 0) {
    const attention = describeAttention(terminal, shown) ?? "alarms: nothing wants attention";
    terminal.print(`${terminal.paint("bold", row.key)}  ${row.name}  ${attention}`);
    const inOrder = [...shown.filter(isStanding), ...shown.filter((each) => !isStanding(each))];
    for (const each of inOrder)
      for (const line of alarmLines(terminal, each, zone)) terminal.print(`  ${line}`);
  }
  return shown.length > 0;
}

/** `labloop alarms acknowledge`: a person has seen an alarm, or all of them. */
export async function acknowledge(
  name: string,
  id: string | undefined,
  options: RequestOptions,
): Promise<number> {
  return request({ request: "acknowledge-alarm", alarm: name }, id, options, ({ book, row }, terminal) => {
    if (name === "all") return;
    const alarm = alarmIn({ book, row }, name);
    if (!isUnacknowledged(alarm))
      terminal.say(`${name} is ${stateOf(alarm)}: there is nothing to acknowledge`);
    if (alarm.lasts === "latch")
      terminal.say(`it goes on holding the lab until \`labloop acknowledge ${row.key}\``);
  });
}

/** `labloop alarms shelve`: puts an alarm aside for a while. */
export async function shelve(
  name: string,
  id: string | undefined,
  options: RequestOptions & { for: string },
): Promise<number> {
  const time = timeOf(options.for);
  const wanted = { request: "shelve", alarm: name, for: time } as const;
  return request(wanted, id, options, ({ book, row, policy }) => {
    if (options.why === undefined)
      throw notShelved(name, "it isn't said why", 'add --why "…" for who comes next');
    const reason = whyNotShelved(alarmIn({ book, row }, name));
    if (reason !== undefined)
      throw notShelved(name, reason, "acknowledge it instead, and do something about it");
    if (time > policy.longestShelf)
      throw notShelved(
        name,
        `${describeDuration(time)} is longer than the lab allows`,
        `write ${describeDuration(policy.longestShelf)} or less; what is broken for longer is out of service (\`off:\` in the lab file)`,
      );
  });
}

/** `labloop alarms unshelve`: takes an alarm back that was put aside. */
export async function unshelve(
  name: string,
  id: string | undefined,
  options: RequestOptions,
): Promise<number> {
  return request({ request: "unshelve", alarm: name }, id, options, (campaign) => {
    alarmIn(campaign, name);
  });
}

/**
 * Asks something about the alarms of a campaign.
 *
 * @param check - throws when it can't be
 */
async function request(
  wanted: Omit<PersonRequest, "by">,
  id: string | undefined,
  options: RequestOptions,
  check: (campaign: AlarmsOfCampaign, terminal: Terminal) => void,
): Promise<number> {
  const terminal = openTerminal(options);
  const running = await withDatabase(options, async (store) => {
    const row = await findCampaign(store, id, isDriven).catch((error: unknown) => {
      if (id !== undefined) throw error;
      return findCampaign(store, undefined);
    });
    const campaign = await alarmsOf(store, row);
    if (campaign !== undefined) check(campaign, terminal);
    if (row.state !== "concluded" || isHeld(row)) return row.key;
    if (wanted.request !== "acknowledge-alarm")
      throw notShelved(wanted.alarm ?? "", `campaign ${row.key} is over`, "acknowledge it instead");
    const told = `${wanted.request}: kept beside the journal of ${row.key}, which is over`;
    await keepBeside({ terminal, store, row }, askedHere(wanted, options), [told]);
    return undefined;
  });
  return running === undefined ? EXIT.concluded : requestInTurn([wanted], running, options);
}

function alarmIn({ book, row }: Pick<AlarmsOfCampaign, "book" | "row">, name: string): Alarm {
  const alarm = Object.hasOwn(book, name) ? book[name] : undefined;
  if (alarm !== undefined) return alarm;
  throw new CliError({
    code: "campaign.no-alarm",
    message: `campaign ${row.key} has no alarm "${name}"`,
    advice: suggest(name, Object.keys(book), "it has"),
  });
}

function notShelved(name: string, why: string, advice: string): CliError {
  return new CliError({ code: "campaign.not-shelved", message: `${name} can't be shelved: ${why}`, advice });
}

/** Milliseconds of a time such as "30min". */
function timeOf(text: string): number {
  const quantity = parseQuantity(text);
  if (quantity.kind !== "problem" && sameDimension(quantity.unit.dimension, unitOf("s").dimension)) {
    const time = Math.round(toSi(quantity.value, quantity.unit) * 1000);
    if (time > 0) return time;
  }
  throw new CliError({
    code: "cli.bad-option",
    message: `--for takes a time, not "${text}"`,
    advice: "write a number and a unit, such as 30min or 2h",
  });
}
