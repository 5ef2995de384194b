import { userInfo } from "node:os";
import { describeFault, type Fault } from "../../base/fault.ts";
import type { MadeSafe } from "../../lab/make-all-safe.ts";
import type { Observer } from "../../lab/observer.ts";
import type { Started } from "../../lab/run-campaign.ts";
import type { RunningCampaign } from "../../lab/running-campaign.ts";
import type { LoopDefinition } from "../../loop/definition.ts";
import type { EventOf, LoopEvent } from "../../loop/event.ts";
import type { ReplyDesk } from "../http/reply-desk.ts";
import type { PostOffice } from "../notify/post-office.ts";
import { type CampaignView, openView } from "./campaign-view.ts";
import { describeDuration, describeOutcome, describeSetting, jsonLine } from "./describe.ts";
import { EXIT, exitCodeOf } from "./exit-code.ts";
import { atKeyboard } from "./keyboard.ts";
import { advise, report, type Terminal } from "./terminal.ts";

/** What a followed campaign is shown with. */
export interface FollowOptions {
  readonly terminal: Terminal;
  readonly definition: LoopDefinition;
  readonly zone: string;
  readonly mode: "live" | "real-time" | "virtual";
  readonly id: string;
  /** Seconds of lab time in one, where it isn't one. */
  readonly speed?: number;
  /** Brings messages to people; they are only shown when absent. */
  readonly post?: PostOffice;
  /** Takes answers by the links in messages. */
  readonly replies?: ReplyDesk;
  /** Starts the campaign with this observer. */
  start(observer: Observer): Promise<Started>;
}

/** Follows a campaign to its end: shows what happens, takes Ctrl-C, gives the exit code. */
export async function follow(options: FollowOptions): Promise<number> {
  const { terminal, definition, mode, replies } = options;
  let view: CampaignView | undefined = openView({
    terminal,
    definition,
    zone: options.zone,
    simulated: mode !== "live",
    ...(isByTheWall(options) && { now: () => Date.now() }),
  });
  const began = performance.now();
  const over = new AbortController();
  let campaign: RunningCampaign | undefined;
  const acknowledge = async ({ fault }: EventOf<"interlock.tripped">): Promise<void> => {
    if (!(await isAcknowledged(terminal, fault, over.signal))) return;
    await campaign?.request({ request: "acknowledge", by: person() });
    await campaign?.request({ request: "resume", by: person() });
  };
  const observer: Observer = {
    onEntry: (entry, event) => {
      if (terminal.json) terminal.emit(jsonLine(options.id, entry, event));
      view?.event(event, Date.parse(entry.time));
      replies?.observe(event, Date.parse(entry.time));
      if (event.type === "interlock.tripped" && event.then === "pause") void acknowledge(event);
    },
    onState: (state, now) => view?.state(state, now),
    onAlarms: (book) => view?.alarms(book),
    announce: (announcement) => view?.announce(announcement, mode === "live"),
    note: (text) => terminal.say(`note: ${text}`),
    ...(options.post && { post: options.post }),
    ask: (text, confirm, answers, back) => {
      const signal = back === undefined ? over.signal : AbortSignal.any([over.signal, back]);
      return ask(terminal, mode, { text, confirm, answers, signal });
    },
  };
  const deaf = await replies?.open();
  if (deaf !== undefined) advise(terminal, [deaf]);
  const started = await options.start(observer);
  if (started.kind === "refused") {
    await replies?.close();
    view.close();
    report(terminal, started.faults);
    return REFUSED[started.reason];
  }
  const { running } = started;
  campaign = running;
  replies?.attach(running);
  const release = onSignals(terminal, running.key, (request) => {
    void running.request({ request, by: person(), why: "Ctrl-C" });
  });
  const end = await running.ended;
  release();
  over.abort();
  await replies?.close();
  view.close();
  view = undefined;
  if (end.kind === "broken") {
    report(terminal, [end.fault], end.cause);
    tellSafety(terminal, end.instruments);
    terminal.warn(`  the journal holds everything up to here; go on with \`labloop resume ${running.key}\``);
    await sendTheRest(terminal, options.post);
    return EXIT.fault;
  }
  summarise(
    options,
    running.key,
    end.event,
    running.clock.now() - running.startedAt,
    performance.now() - began,
  );
  await sendTheRest(terminal, options.post);
  return exitCodeOf(end.event.reason);
}

/** Whether a second of the campaign is one of the wall. */
function isByTheWall({ mode, speed }: Pick<FollowOptions, "mode" | "speed">): boolean {
  return mode !== "virtual" && speed === undefined;
}

/** Milliseconds for which messages are still tried when a campaign is over: a mail server may ask to come again. */
const LAST_MESSAGES = 600_000;

/** Waits for the last messages, and says which weren't sent. */
async function sendTheRest(terminal: Terminal, post: PostOffice | undefined): Promise<void> {
  if (post === undefined || post.underWay === 0) return;
  const timer = setTimeout(
    () => terminal.say("the last messages to people are being sent; Ctrl-C doesn't wait for them"),
    SOON,
  );
  const before = post.underWay;
  const failed = await post.close(AbortSignal.timeout(LAST_MESSAGES));
  clearTimeout(timer);
  for (const { to, channel, fault } of failed)
    terminal.warn(`${terminal.paint("yellow", "not told:")} ${to} by ${channel}: ${describeFault(fault)}`);
  if (failed.length === 0) terminal.say(`${before} last messages are sent`);
}

/** Milliseconds after which somebody at the terminal wonders what labloop waits for. */
const SOON = 2000;

/** Says which instruments are safe, and loudly which nobody knows about. */
function tellSafety(terminal: Terminal, made: MadeSafe | undefined): void {
  if (made === undefined) {
    terminal.warn("  the instruments are left to the process that has taken the campaign over");
    return;
  }
  for (const [role, fault] of Object.entries(made.unknown))
    terminal.warn(
      `\u0007  ${terminal.paint("red", `${role} MAY NOT BE SAFE, go and look:`)} ${describeFault(fault)}`,
    );
  const safe = Object.entries(made.safe).map(([role, state]) => `${role} (${state})`);
  if (safe.length > 0) terminal.warn(`  nothing more is begun; in their safe state: ${safe.join(", ")}`);
}

function summarise(
  options: FollowOptions,
  key: string,
  event: Extract<LoopEvent, { type: "campaign.concluded" }>,
  labTime: number,
  wallTime: number,
): void {
  const { terminal, definition } = options;
  const { best } = event;
  const took = isByTheWall(options)
    ? describeDuration(labTime)
    : `${describeDuration(labTime)} of lab time in ${(wallTime / 1000).toFixed(1)} s`;
  terminal.say("");
  if (best !== undefined) {
    terminal.say(
      `best: ${describeOutcome(best.outcome)} with ${describeSetting(best.setting, definition.experiment.parameters)} (experiment ${best.experiment})`,
    );
  }
  const why = event.reason === "nothing left to try" ? " (every setting was tried or refused)" : "";
  terminal.say(
    `${terminal.paint("bold", event.reason)} after ${event.experiments} experiments${why}, ${took}`,
  );
  terminal.say(
    terminal.paint(
      "dim",
      `\`labloop show ${key}\` tells what was found and why, \`labloop verify ${key}\` proves its journal`,
    ),
  );
}

/** Exit codes of campaigns that don't start. */
const REFUSED = {
  input: EXIT.badInput,
  held: EXIT.badInput,
  done: EXIT.badInput,
  instrument: EXIT.instrument,
  tripped: EXIT.interlock,
} as const;

/** Whether the person at the terminal acknowledges a trip that paused the campaign, before the campaign is over. */
async function isAcknowledged(terminal: Terminal, { advice }: Fault, over: AbortSignal): Promise<boolean> {
  terminal.warn(`\u0007  → ${advice}${process.stdin.isTTY ? "" : " --resume"}`);
  if (!process.stdin.isTTY) return false;
  const typed = await atKeyboard(over, (question) => question("  press Enter to acknowledge and go on: "));
  // Otherwise the campaign ended, or was acknowledged from elsewhere and ended later.
  return typed.kind === "typed";
}

/** The name of the person at the terminal. */
export function person(): string {
  try {
    return userInfo().username;
  } catch {
    return "operator";
  }
}

/** The first Ctrl-C stops after the running experiment, the second aborts to a safe state. */
function onSignals(
  terminal: Terminal,
  key: string,
  request: (request: "stop" | "abort") => void,
): () => void {
  let count = 0;
  const interrupt = (): void => {
    count += 1;
    if (count === 1) {
      terminal.warn(
        `stopping after the running experiment; Ctrl-C again aborts to a safe state, \`labloop resume ${key}\` goes on after a kill`,
      );
      request("stop");
    } else if (count === 2) {
      terminal.warn("aborting: every instrument is brought to its safe state");
      request("abort");
    }
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return () => {
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  };
}

interface PersonsQuestion {
  readonly text: string;
  readonly confirm: boolean;
  readonly answers: readonly string[] | undefined;
  readonly signal: AbortSignal;
}

/** Puts a question to the person; nobody is there in a simulation, so everything asked for counts as done. */
async function ask(
  terminal: Terminal,
  mode: FollowOptions["mode"],
  { text, confirm, answers, signal }: PersonsQuestion,
): Promise<string> {
  if (mode !== "live" || !confirm) return mode === "live" ? "shown" : "simulated";
  terminal.warn(`\u0007${terminal.paint("bold", "Please:")} ${text}`);
  if (!process.stdin.isTTY) {
    terminal.warn(
      "  nobody can answer here: the campaign waits; answer with `labloop answer`, or abort it with `labloop abort`",
    );
    return new Promise(() => {});
  }
  const prompt = answers === undefined ? "press Enter when it is done" : answers.join(", ");
  const typed = await atKeyboard(signal, (question) => question(`  ${text}: ${prompt}: `));
  // What was taken back, or can't be answered any more since the input ended, nobody waits for.
  if (typed.kind === "interrupted") return new Promise(() => {});
  return typed.value === "" && answers === undefined ? "done" : typed.value;
}
