import type { Announcement } from "../../lab/alarm/announcer.ts";
import type { AlarmBook } from "../../lab/alarm/fold-alarms.ts";
import { nothingWithinLimits } from "../../loop/account.ts";
import type { LoopDefinition } from "../../loop/definition.ts";
import type { EventOf, LoopEvent } from "../../loop/event.ts";
import type { ExperimentContext } from "../../loop/experiment-machine.ts";
import type { LoopState } from "../../loop/loop.ts";
import type { Instruction } from "../../loop/plan.ts";
import {
  describeApproval,
  describeDuration,
  describeFiring,
  describeOutcome,
  describeOverdue,
  describeParking,
  describeReasons,
  describeRequestDetail,
  describeResumption,
  describeSetting,
  describeSuspects,
  describeTime,
  describeValues,
} from "./describe.ts";
import { announce, describeAttention } from "./describe-alarm.ts";
import type { Terminal } from "./terminal.ts";

/** Shows a running campaign to people. */
export interface CampaignView {
  event(event: LoopEvent, time: number): void;
  /** Tells of an alarm; loud: with the bell, and also with --quiet. */
  announce(announcement: Announcement, loud: boolean): void;
  state(state: LoopState, now: number): void;
  /** The alarms as they are. */
  alarms(book: AlarmBook): void;
  /** Takes the live lines away, so that other text can follow. */
  close(): void;
}

/** What a view must know of the campaign. */
export interface ViewOptions {
  readonly terminal: Terminal;
  readonly definition: LoopDefinition;
  readonly zone: string;
  readonly simulated: boolean;
  /** The campaign's clock, where it goes on between events; the time of the last event stands still otherwise. */
  readonly now?: () => number;
}

/** Milliseconds between two paintings. */
const REPAINT = 100;
/** Milliseconds after which a quiet campaign says that it is alive, off a terminal. */
const HEARTBEAT = 60_000;
/** Milliseconds after which the clock in the picture moves on while nothing happens. */
const TICK = 1000;

/** The view that suits where the text goes: painted in place on a terminal, plain lines elsewhere. */
export function openView(options: ViewOptions): CampaignView {
  const facts = new Facts(options);
  return options.terminal.live ? new LiveView(options, facts) : new PlainView(options, facts);
}

/** What both views show. */
class Facts {
  readonly #options: ViewOptions;
  alarms: AlarmBook = {};
  state: LoopState | undefined;
  now = 0;
  reason = "";
  experiment = 0;
  setting = "";

  constructor(options: ViewOptions) {
    this.#options = options;
  }

  /** What wants attention, in one line; undefined when nothing does. */
  attention(): string | undefined {
    return describeAttention(this.#options.terminal, Object.values(this.alarms));
  }

  /** The line that an event is worth, if it is worth one. */
  line(event: LoopEvent): string | undefined {
    const { terminal, definition } = this.#options;
    const { parameters } = definition.experiment;
    const { paint } = terminal;
    switch (event.type) {
      case "suggestion.made":
        this.reason = event.suggestions.map(({ reasons }) => describeReasons(reasons))[0] ?? "";
        this.setting = event.suggestions.map(({ setting }) => describeSetting(setting, parameters))[0] ?? "";
        return undefined;
      case "action.finished":
        this.experiment = event.experiment;
        return undefined;
      case "measurement.recorded": {
        this.experiment = event.experiment;
        const unusable =
          event.unusable.length > 0 ? `  ${paint("yellow", "unusable:")} ${event.unusable.join("; ")}` : "";
        const suspect = describeSuspects(event).map(
          (each) => `\n     ${paint("yellow", "unlike the others:")} ${each}`,
        );
        const number = String(event.experiment).padStart(String(definition.budget.experiments).length);
        return `${paint("bold", `#${number}`)}  ${describeSetting(event.setting, parameters)}  →  ${describeValues(event.values)}${unusable}${suspect.join("")}`;
      }
      case "belief.updated":
        return this.#belief(event.report);
      case "action.overdue":
        return `${paint("yellow", "overdue:")} ${describeOverdue(event)}`;
      case "action.failed":
        return `${paint("red", "failed:")} experiment ${event.experiment}, ${event.instrument}.${event.action}: ${event.fault.message}${event.effect === "unknown" ? paint("red", doubtOf(event)) : ""}`;
      case "experiment.reviewed":
        return reviewed(event);
      case "person.answered":
        return `note: ${event.text}`;
      case "person.requested":
        return `${paint("yellow", event.request)} asked for by ${event.by}${describeRequestDetail(event)}`;
      case "interlock.tripped":
        return `${paint("red", `${event.then}:`)} ${event.fault.message}`;
      case "alarm.cleared":
        return paint("dim", `alarm ${event.alarm} is over`);
      case "question.answered":
        return `${event.by} answers${event.via === "link" ? " by a link" : ""}: ${event.answer} (${event.text})`;
      case "notification.queued":
        return paint(
          "dim",
          `${event.simulated ? "would tell" : "tells"} ${event.to.join(", ")}: ${event.title}`,
        );
      case "notification.failed":
        return `${paint("yellow", "not told:")} ${event.to} by ${event.channel}: ${event.fault.message}`;
      case "watchdog.fired":
        return `${paint("red", "watchdog:")} ${describeFiring(event)}`;
      case "campaign.resumed":
        return describeResumption(event);
      case "window.opened":
        return event.until === null
          ? paint("yellow", "no window is left in which an experiment fits")
          : `the window is open until ${describeTime(event.until, this.#options.zone)}`;
      case "window.closing":
        return event.ends === "experiments" ? undefined : "the window closes";
      case "instruments.rested":
      case "instruments.parked":
        return event.unknown.length > 0
          ? `${paint("red", "not parked:")} ${event.unknown.map(({ message }) => message).join("; ")}`
          : describeParking(event);
      default:
        return undefined;
    }
  }

  #belief(report: Extract<LoopEvent, { type: "belief.updated" }>["report"]): string | undefined {
    if (this.#options.definition.problem.hypotheses.every(({ kind }) => kind !== "law")) return undefined;
    const weights = report.movements.map(
      ({ name, weightAfter }) => `${name} ${(100 * weightAfter).toFixed(1)} %`,
    );
    return this.#options.terminal.paint("dim", `     belief: ${weights.join(", ")}`);
  }

  bestLine(): string {
    const account = this.state?.campaign.context.account;
    const best = account?.best;
    if (best === null || best === undefined)
      return account !== undefined && nothingWithinLimits(account, this.#options.definition)
        ? "no result within the limits yet"
        : "no result yet";
    return `${describeOutcome(best.outcome)} in experiment ${best.experiment}`;
  }

  progress(): { done: number; of: number; mode: string; stage: string } {
    const campaign = this.state?.campaign;
    const value = campaign?.value as { mode?: string; stage?: string } | undefined;
    const { measured = 0, failed = 0 } = campaign?.context.account ?? {};
    return {
      done: measured + failed,
      of: this.#options.definition.budget.experiments,
      mode: value?.mode ?? "",
      stage: value?.stage ?? "",
    };
  }

  /** What the experiments in flight are at: "cyan.dispense, water.dispense", or "#4 waiting  #5 cyan.dispense". */
  doing(): string {
    const { performing = [], awaitsWindow, lease } = this.state?.campaign.context ?? {};
    if (typeof awaitsWindow === "number") return "waiting for the next window";
    if (typeof lease?.waitsSince === "number") return "waiting for its turn on the lab";
    const underWay = performing.flatMap((number) => this.state?.experiments[number]?.context ?? []);
    if (this.#options.definition.experiment.sharing === undefined)
      return underWay.flatMap((each) => this.#stepsOf(each)).join(", ");
    return underWay
      .map((each) => `#${each.number} ${this.#stepsOf(each).join(", ") || "waiting for its turn"}`)
      .join("  ");
  }

  #stepsOf({ procedure }: ExperimentContext): string[] {
    const { plan } = this.#options.definition.experiment;
    return procedure.threads.flatMap(({ at, waiting }) =>
      waiting.kind === "command" ? describeStep(plan[at]) : [],
    );
  }

  /** Time left if every experiment takes as long as those before. */
  left(): string {
    const account = this.state?.campaign.context.account;
    const { done, of } = this.progress();
    if (account === undefined || done === 0) return "";
    const elapsed = this.now - account.startedAt;
    const end = this.now + (elapsed / done) * (of - done);
    return `at most ${describeDuration(end - this.now)} more, until ${describeTime(end, this.#options.zone)}`;
  }
}

class PlainView implements CampaignView {
  readonly #facts: Facts;
  readonly #terminal: Terminal;
  readonly #heartbeat: NodeJS.Timeout;
  #spoken = true;

  constructor({ terminal }: ViewOptions, facts: Facts) {
    this.#facts = facts;
    this.#terminal = terminal;
    this.#heartbeat = setInterval(() => {
      const { done, of, mode } = facts.progress();
      const alarms = facts.attention();
      const best = `${facts.bestLine()}${alarms === undefined ? "" : `; ${alarms}`}`;
      if (!this.#spoken) terminal.say(`${mode}: ${done} of ${of} experiments; ${best}`);
      this.#spoken = false;
    }, HEARTBEAT);
    this.#heartbeat.unref();
  }

  event(event: LoopEvent): void {
    const line = this.#facts.line(event);
    if (line === undefined) return;
    this.#spoken = true;
    this.#terminal.say(line);
  }

  announce(announcement: Announcement, loud: boolean): void {
    this.#spoken = true;
    announce(this.#terminal, announcement, loud);
  }

  alarms(book: AlarmBook): void {
    this.#facts.alarms = book;
  }

  state(state: LoopState, now: number): void {
    this.#facts.state = state;
    this.#facts.now = now;
  }

  close(): void {
    clearInterval(this.#heartbeat);
  }
}

class LiveView implements CampaignView {
  readonly #options: ViewOptions;
  readonly #facts: Facts;
  readonly #tick: NodeJS.Timeout;
  #painted = 0;
  #last = 0;

  constructor(options: ViewOptions, facts: Facts) {
    this.#options = options;
    this.#facts = facts;
    this.#tick = setInterval(() => {
      if (facts.state === undefined || performance.now() - this.#last < TICK / 2) return;
      facts.now = options.now?.() ?? facts.now;
      this.#clear();
      this.#paint();
    }, TICK);
    this.#tick.unref();
  }

  event(event: LoopEvent): void {
    const line = this.#facts.line(event);
    if (line === undefined) return;
    this.#clear();
    this.#options.terminal.say(line);
    this.#paint();
  }

  announce(announcement: Announcement, loud: boolean): void {
    this.#clear();
    announce(this.#options.terminal, announcement, loud);
    this.#paint();
  }

  alarms(book: AlarmBook): void {
    this.#facts.alarms = book;
  }

  state(state: LoopState, now: number): void {
    this.#facts.state = state;
    this.#facts.now = now;
    if (performance.now() - this.#last > REPAINT) {
      this.#clear();
      this.#paint();
    }
  }

  close(): void {
    clearInterval(this.#tick);
    this.#clear();
  }

  #clear(): void {
    if (this.#painted > 0) this.#options.terminal.write(`\u001b[${this.#painted}A\u001b[0J`);
    this.#painted = 0;
  }

  #paint(): void {
    this.#last = performance.now();
    const { terminal, zone, simulated } = this.#options;
    const facts = this.#facts;
    const { done, of, mode, stage } = facts.progress();
    const alarms = facts.attention();
    const full = Math.round((24 * done) / Math.max(1, of));
    const lines = [
      `${terminal.paint("bold", simulated ? "SIMULATED" : "LIVE")}  ${mode}, ${stage}  ${describeTime(facts.now, zone)}  ${facts.doing()}`,
      `[${"█".repeat(full)}${"·".repeat(24 - full)}] ${done} of ${of} experiments  ${facts.left()}`,
      `best so far: ${facts.bestLine()}`,
      `trying: ${facts.setting}`,
      `why: ${facts.reason}`,
      ...(alarms === undefined ? [] : [alarms]),
    ];
    const width = terminal.width() - 1;
    terminal.write(`${lines.map((line) => clip(line, width)).join("\n")}\n`);
    this.#painted = lines.length;
  }
}

function describeStep(step: Instruction | undefined): string[] {
  switch (step?.kind) {
    case "action":
      return [`${step.step.role}.${step.step.action}`];
    case "wait":
      return ["waiting"];
    case "note":
      return step.confirm ? ["asking a person"] : [];
    default:
      return [];
  }
}

/** Cuts a line to the width of the terminal; colours take no width. */
function clip(line: string, width: number): string {
  let shown = 0;
  let cut = "";
  // oxlint-disable-next-line no-control-regex
  for (const part of line.match(/\u001b\[[0-9;]*m|./gu) ?? []) {
    if (part.length > 2 && part.startsWith("\u001b")) cut += part;
    else if (++shown <= width) cut += part;
  }
  return cut;
}

function doubtOf({ discardedBy }: EventOf<"action.failed">): string {
  const settled = discardedBy === undefined ? "" : `; the sample is discarded, as ${discardedBy} says`;
  return `  (what happened is unknown${settled})`;
}

/** What came of a review: who approved of the experiment, and why it is refused. */
function reviewed({
  experiment,
  refused,
  approvals = [],
}: EventOf<"experiment.reviewed">): string | undefined {
  const answers = approvals.map((each) => `experiment ${experiment}: ${describeApproval(each)}`);
  const faults = refused.map(({ message }) => message).join("; ");
  const lines = faults === "" ? answers : [...answers, `refused: experiment ${experiment}: ${faults}`];
  return lines.length === 0 ? undefined : lines.join("\n");
}
