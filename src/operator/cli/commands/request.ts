import { endOwner, isDriven } from "../../../lab/ownership.ts";
import { ACCEPTED } from "../../../lab/person-requests.ts";
import type { PauseAt, PersonRequest, RequestKind } from "../../../loop/event.ts";
import { createLoop, type Loop } from "../../../loop/loop.ts";
import { experimentRecords } from "../../../record/export/experiment-record.ts";
import { eventOf, type JournalEntry } from "../../../record/journal-entry.ts";
import type { CampaignRow, Store } from "../../../record/store.ts";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-code.ts";
import { person } from "../follow.ts";
import { goOn } from "../go-on.ts";
import { findCampaign, withDatabase } from "../session.ts";
import { entriesOf, readCampaign } from "../stored-campaign.ts";
import { type CommonOptions, openTerminal, report, type Terminal } from "../terminal.ts";
import { wholeNumber } from "../whole-number.ts";

/** Milliseconds to wait for the running process to take a request. */
const PATIENCE = 10_000;
/** The same in an emergency, before the process is ended and the instruments are taken over from it. */
const EMERGENCY_PATIENCE = 2000;
const INTERVAL = 100;

/** What a request is made with. */
export interface RequestOptions extends CommonOptions {
  readonly why?: string;
  readonly at?: string;
  readonly experiment?: string;
}

/** `labloop pause`, `skip`, `halt` and the others: asks something of a campaign, which another process may run. */
export async function request(
  kind: RequestKind,
  id: string | undefined,
  options: RequestOptions,
): Promise<number> {
  const terminal = openTerminal(options);
  const asked = await withDatabase(options, async (store) => {
    const row = await findCampaign(store, id, isDriven).catch(() => findCampaign(store, id, isUnfinished));
    const wanted = { request: kind, by: person(), ...(await detail(kind, store, row, options)) };
    const code = isDriven(row) ? await ask(terminal, store, row, [wanted]) : undefined;
    if (code !== undefined || !isDriven(row) || (kind === "halt" && (await endOwner(row))))
      return { row, wanted, code };
    return { row, wanted, code: noAnswer(terminal, row) };
  });
  if (asked.code !== undefined) return asked.code;
  const { row, wanted } = asked;
  if (ENDING.has(kind) && isUnfinished(row)) return goOn(terminal, row.key, options, wanted);
  report(terminal, [notRunning(row)]);
  return EXIT.badInput;
}

/** Requests that are carried out even when no process runs the campaign: it is taken up for that. */
const ENDING: ReadonlySet<RequestKind> = new Set(["stop", "abort", "halt"]);

function isUnfinished({ state }: CampaignRow): boolean {
  return state !== "concluded";
}

async function detail(
  kind: RequestKind,
  store: Store,
  row: CampaignRow,
  { why, at, experiment }: RequestOptions,
): Promise<Partial<PersonRequest>> {
  const told = { ...(why !== undefined && { why }), ...(at !== undefined && { at: pauseAt(at) }) };
  if (kind === "skip" || kind === "retry" || kind === "discard")
    return { ...told, ...(await underWay(store, row, kind, wholeNumber("--experiment", experiment))) };
  if (kind !== "repeat") return told;
  return { ...told, repeated: await experimentToRepeat(store, row, wholeNumber("--experiment", experiment)) };
}

/** Which of the experiments under way is meant; where there are several, a person has to say. */
async function underWay(
  store: Store,
  row: CampaignRow,
  kind: RequestKind,
  number: number | undefined,
): Promise<Pick<PersonRequest, "experiment">> {
  const stored = await readCampaign(store, row);
  if (stored.kind === "faults") return number === undefined ? {} : { experiment: number };
  const { definition } = stored.loaded.campaign;
  // One at a time is the one that is meant.
  if (number === undefined && definition.experiment.sharing === undefined) return {};
  const numbers = performingIn(createLoop(definition), await entriesOf(store, row));
  if (number === undefined && numbers.length < 2) return {};
  if (number !== undefined && numbers.includes(number)) return { experiment: number };
  throw new CliError({
    code: "campaign.no-experiment",
    message:
      number === undefined
        ? `campaign ${row.key} has several experiments under way: ${numbers.join(", ")}`
        : `campaign ${row.key} has no experiment ${number} under way`,
    advice:
      numbers.length === 0
        ? `see \`labloop show ${row.key}\``
        : `say which one: \`labloop ${kind} --experiment ${numbers[0]}\``,
  });
}

/** The experiments that are under way at the end of a journal. */
function performingIn(loop: Loop, entries: readonly JournalEntry[]): readonly number[] {
  let state = loop.begin();
  for (const entry of entries) ({ state } = loop.step(state, eventOf(entry), Date.parse(entry.time)));
  return state.campaign.context.performing;
}

function pauseAt(at: string): PauseAt {
  if (at === "experiment" || at === "step" || at === "now") return at;
  throw new CliError({
    code: "cli.bad-option",
    message: `--at takes experiment, step or now, not "${at}"`,
    advice:
      "experiment: after the running experiment; step: after the running step; now: as soon as possible",
  });
}

async function experimentToRepeat(
  store: Store,
  row: CampaignRow,
  number: number | undefined,
): Promise<NonNullable<PersonRequest["repeated"]>> {
  const records = await experimentRecords(store.entries(row.key));
  // What was only suggested so far has nothing to be repeated.
  const begun = records.filter(({ actions, state }) => actions.length > 0 || state === "measured");
  const found = number === undefined ? begun.at(-1) : begun.find((each) => each.number === number);
  if (found !== undefined) return { experiment: found.number, setting: found.setting };
  throw new CliError({
    code: "campaign.no-experiment",
    message:
      number === undefined
        ? `campaign ${row.key} has begun no experiment yet`
        : `campaign ${row.key} has begun no experiment ${number}`,
    advice: `see \`labloop show ${row.key}\``,
  });
}

/** Asks several things at once, which the running process takes in this order. */
export async function requestInTurn(
  asked: readonly Omit<PersonRequest, "by">[],
  id: string | undefined,
  options: RequestOptions,
): Promise<number> {
  const terminal = openTerminal(options);
  return withDatabase(options, async (store) => {
    const row = await findCampaign(store, id, isDriven);
    if (isDriven(row)) {
      const wanted = asked.map((each) => askedHere(each, options));
      return (await ask(terminal, store, row, wanted)) ?? noAnswer(terminal, row);
    }
    report(terminal, [notRunning(row)]);
    return EXIT.badInput;
  });
}

/** What the person at this terminal asks for. */
export function askedHere(asked: Omit<PersonRequest, "by">, { why }: RequestOptions): PersonRequest {
  return { ...asked, by: person(), ...(why !== undefined && { why }) };
}

/** Keeps what is asked of a campaign that is over beside its journal, and tells that. */
export async function keepBeside(
  { terminal, store, row }: { readonly terminal: Terminal; readonly store: Store; readonly row: CampaignRow },
  asked: PersonRequest,
  told: readonly string[],
): Promise<void> {
  await store.keepAfterwards(row.key, asked, new Date().toISOString());
  for (const line of told) terminal.say(line);
  if (terminal.json) terminal.emit({ event: "request.accepted", campaign: row.id, request: asked.request });
}

/** Puts requests to the process that runs a campaign, and waits for its answers; undefined when it gives none. */
async function ask(
  terminal: Terminal,
  store: Store,
  row: CampaignRow,
  wanted: readonly PersonRequest[],
): Promise<number | undefined> {
  const numbers: number[] = [];
  for (const each of wanted) numbers.push(await store.request(row.key, each, new Date().toISOString()));
  const patience = wanted.some(({ request: kind }) => kind === "halt") ? EMERGENCY_PATIENCE : PATIENCE;
  const until = Date.now() + patience;
  for (const [i, { request: kind }] of wanted.entries()) {
    const answer = await answerTo(store, row, numbers[i] as number, until);
    if (answer === undefined) return undefined;
    const told = answer === ACCEPTED ? "accepted by the process that runs" : "nothing to do in";
    terminal.say(`${kind}: ${told} ${row.key}`);
    const event = answer === ACCEPTED ? "request.accepted" : "request.without-effect";
    if (terminal.json) terminal.emit({ event, campaign: row.id, request: kind });
  }
  return EXIT.concluded;
}

async function answerTo(
  store: Store,
  row: CampaignRow,
  number: number,
  until: number,
): Promise<string | undefined> {
  for (;;) {
    const answer = await store.answerTo(number);
    if (answer !== undefined || Date.now() > until || !isDriven(row)) return answer;
    await new Promise((resolve) => {
      setTimeout(resolve, INTERVAL);
    });
  }
}

function noAnswer(terminal: Terminal, { key }: CampaignRow): number {
  report(terminal, [
    {
      code: "campaign.no-answer",
      message: `the process that runs ${key} doesn't answer`,
      advice: "look at the bench; if nobody drives it, end that process and use `labloop resume`",
    },
  ]);
  return EXIT.unknown;
}

function notRunning({ key, state }: CampaignRow) {
  return {
    code: "campaign.not-running",
    message: `no process runs campaign ${key} (${state})`,
    advice: state === "concluded" ? "there is nothing to do" : `go on with \`labloop resume ${key}\``,
  };
}
