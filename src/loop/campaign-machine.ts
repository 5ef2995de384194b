import {
  type AnyEventObject,
  and,
  enqueueActions,
  type MachineContext,
  type MetaObject,
  type StateMachine,
  setup,
  stateIn,
} from "xstate";
import type { Setting } from "../hypothesis/parameter.ts";
import {
  type Account,
  bookBelief,
  bookMeasurement,
  bookUse,
  missingConsumable,
  openAccount,
  reasonToEnd,
} from "./account.ts";
import type { Command } from "./command.ts";
import type { LoopDefinition, WindowRules } from "./definition.ts";
import type { ConcludedReason, EventOf, LoopEvent, PauseAt, PersonRequest, RequestKind } from "./event.ts";
import type { ExperimentContext } from "./experiment-machine.ts";
import { issue } from "./issue.ts";
import { askLease, type Lease, leaseUnused, leaseUsed, waitedForLease, withLease } from "./lease.ts";

/** An experiment that was designed and has not begun. */
interface Waiting {
  readonly experiment: number;
  readonly setting: Setting;
  readonly ready: boolean;
  /** Whether there is too little in stock for it: the campaign ends at its turn. */
  readonly exhausted?: true;
  /** Milliseconds that it takes at most. */
  readonly longest?: number;
}

/** What a campaign machine remembers. */
export interface CampaignContext extends MachineContext {
  readonly account: Account;
  readonly decisions: number;
  /** Experiments designed so far; the last one's number. */
  readonly designed: number;
  readonly deciding: boolean;
  readonly waiting: readonly Waiting[];
  readonly performing: readonly number[];
  readonly reason: ConcludedReason | null;
  readonly urgent: boolean;
  /** Safe procedure that the lab's interlock asked for. */
  readonly procedure?: string;
  /** Where the running experiments are held while the campaign is paused; null when they go on to their ends. */
  readonly hold: HoldAt | null;
  /** Held experiments of which nothing is under way any more. */
  readonly resting: readonly number[];
  /** Milliseconds that each experiment under way takes at most for itself, where windows have to be kept. */
  readonly longest?: Readonly<Record<number, number>>;
  /** Until when actions may happen, milliseconds since 1970; null while no window is open. */
  readonly openUntil: number | null;
  /** Since when the next window is waited for, milliseconds since 1970; null while it isn't. */
  readonly awaitsWindow: number | null;
  /** Windows that were asked for so far. */
  readonly windows: number;
  /** Leave to begin an experiment, in a lab that is shared with other campaigns. */
  readonly lease?: Lease;
}

/** Where experiments are held: before their next steps, or also in what may be done again. */
export type HoldAt = Exclude<PauseAt, "experiment">;

/** What the machines of experiments report to the campaign's. */
export type ExperimentReport =
  | { readonly type: "experiment.ready"; readonly experiment: number; readonly longest?: number }
  | { readonly type: "experiment.resting"; readonly experiment: number }
  /** One more experiment could begin beside those under way. */
  | { readonly type: "experiment.room" }
  | {
      readonly type: "experiment.ended";
      readonly experiment: number;
      readonly outcome: ExperimentContext["outcome"];
    };

/** Events of a campaign, with the time at which they came. */
export type CampaignEvent = (LoopEvent | ExperimentReport) & { readonly now: number };

/**
 * A command, or an order to an experiment's machine: to begin, to begin no step, to go on, or to end since a window closes,
 * with its clean-up or without.
 */
export type CampaignOrder =
  | Command
  | { readonly kind: "begin"; readonly experiment: number }
  | { readonly kind: "hold"; readonly experiment: number }
  | { readonly kind: "release"; readonly experiment: number }
  | { readonly kind: "clear"; readonly experiment: number }
  | { readonly kind: "cut"; readonly experiment: number };

// The one allowed home of `any`: an inferred machine type can't be declared with isolatedDeclarations.
/** The machine of one campaign. */
export type CampaignMachine = StateMachine<
  CampaignContext,
  CampaignEvent & AnyEventObject,
  Record<string, never>,
  never,
  // oxlint-disable-next-line typescript/no-explicit-any
  any,
  // oxlint-disable-next-line typescript/no-explicit-any
  any,
  // oxlint-disable-next-line typescript/no-explicit-any
  any,
  // oxlint-disable-next-line typescript/no-explicit-any
  any,
  string,
  never,
  Record<string, never>,
  CampaignEvent & AnyEventObject,
  MetaObject,
  // oxlint-disable-next-line typescript/no-explicit-any
  any
>;

const BEGINNING: CampaignContext = {
  account: openAccount(0),
  decisions: 0,
  designed: 0,
  deciding: false,
  waiting: [],
  performing: [],
  reason: null,
  urgent: false,
  hold: null,
  resting: [],
  openUntil: null,
  awaitsWindow: null,
  windows: 0,
};

/** A window that closes ends what runs, also while the campaign is paused or stopping. */
const CLOSING = { guard: "closes", actions: "close" } as const;

/**
 * From every state in which instruments may be at work; once they are being parked, that is what a trip wants. A trip that
 * pauses leaves alone what doesn't run.
 */
const TRIP = [{ guard: "onlyPauses" }, { target: "parking", actions: "book" }] as const;

/** What is taken in while a campaign pauses, or is paused. */
const WHILE_PAUSED = {
  "suggestion.made": { actions: "book" },
  "experiment.ready": { actions: "book" },
  "window.opened": { actions: ["book", "open"] },
  "window.closing": CLOSING,
  "experiment.ended": { actions: "book" },
  "lease.given": { actions: ["book", "giveBack"] },
  "measurement.recorded": { actions: "book" },
  "belief.updated": { actions: "book" },
  "person.requested": [
    { guard: "asksPause", actions: "hold" },
    { guard: "asksRepeat", actions: "book" },
    { guard: "mayResume", target: "running", actions: ["release", "next"] },
    { guard: "asksStop", target: "stopping", actions: "book" },
    { guard: "asksAbort", target: "parking", actions: "book" },
  ],
  "interlock.tripped": TRIP,
} as const;

/**
 * The life of a campaign in three regions: what it may do (mode), whether the lab is safe (safety) and what it is
 * at (stage). It knows no instrument: experiments report to it that they are ready and that they have ended.
 *
 * @param definition - goal, budget and stop rules
 */
export function createCampaignMachine(definition: LoopDefinition): CampaignMachine {
  const machine = setup({
    types: { context: {} as CampaignContext, events: {} as CampaignEvent },
    actions: {
      order: (_context, _params: CampaignOrder) => {},
      book: enqueueActions(({ context, event, enqueue }) => {
        enqueue.assign(book(definition, context, event));
      }),
      next: enqueueActions(({ context, event, enqueue }) => {
        const { context: after, orders } = next(definition, context, event);
        enqueue.assign(after);
        for (const order of orders) issue(enqueue, "order", order);
      }),
      hold: enqueueActions(({ context, event, enqueue }) => {
        const at = heldAt(event);
        if (at === null || context.hold === "now") return;
        enqueue.assign({ hold: at });
        for (const experiment of context.performing) issue(enqueue, "order", { kind: "hold", experiment });
      }),
      release: enqueueActions(({ context, enqueue }) => {
        if (!context.hold) return;
        enqueue.assign({ hold: null, resting: [] });
        for (const experiment of context.performing) issue(enqueue, "order", { kind: "release", experiment });
      }),
      giveBack: enqueueActions(({ context, event, enqueue }) => {
        if (context.lease !== undefined) enqueue.assign(leaseUnused(waitedForLease(context, event.now)));
      }),
      open: enqueueActions(({ context, enqueue }) => {
        const { window } = definition;
        if (window === undefined || context.openUntil === null) return;
        const [id, at] = [`window.${context.windows}`, context.openUntil - window.park];
        const clear = {
          kind: "close",
          id: `${id}.clear`,
          at: at - window.cleanUp,
          ends: "experiments",
        } as const;
        issue(enqueue, "order", clear);
        issue(enqueue, "order", { kind: "close", id: `${id}.close`, at, ends: "all" });
      }),
      close: enqueueActions(({ context, event, enqueue }) => {
        if (event.type !== "window.closing") return;
        if (event.ends === "all") {
          enqueue.assign({ openUntil: null });
          issue(enqueue, "order", { kind: "rest", id: `window.${context.windows}.rest` });
        }
        const kind = event.ends === "all" ? "cut" : "clear";
        for (const experiment of context.performing) issue(enqueue, "order", { kind, experiment });
      }),
      park: enqueueActions(({ context, enqueue }) => {
        const { urgent, procedure } = context;
        issue(enqueue, "order", { kind: "park", id: "park", urgent, ...(procedure && { procedure }) });
      }),
      conclude: enqueueActions(({ enqueue }) => {
        issue(enqueue, "order", { kind: "conclude", id: "conclude" });
      }),
    },
    guards: {
      ending: ({ context }) => context.reason !== null,
      quiet: ({ context }) => context.performing.length === 0,
      atRest: ({ context }) => context.performing.every((each) => context.resting?.includes(each)),
      asksPause: ({ event }) => asks(event, "pause"),
      mayResume: and([({ event }) => asks(event, "resume"), stateIn({ safety: "nominal" })]),
      asksStop: ({ event }) => asks(event, "stop"),
      asksAbort: ({ event }) => asks(event, "abort") || asks(event, "halt"),
      asksHalt: ({ event }) => asks(event, "halt"),
      closes: ({ context, event }) => event.type === "window.closing" && closesNow(context, event.command),
      asksRepeat: ({ event }) => asks(event, "repeat"),
      acknowledges: ({ event }) => asks(event, "acknowledge"),
      onlyPauses: ({ event }) => event.type === "interlock.tripped" && event.then === "pause",
    },
  }).createMachine({
    id: "campaign",
    type: "parallel",
    context: BEGINNING,
    states: {
      mode: {
        initial: "idle",
        states: {
          idle: {
            on: {
              "campaign.started": { target: "running", actions: ["book", "next"] },
              "interlock.tripped": TRIP,
            },
          },
          running: {
            always: { guard: "ending", target: "stopping" },
            exit: "giveBack",
            on: {
              "suggestion.made": { actions: ["book", "next"] },
              "experiment.ready": { actions: ["book", "next"] },
              "experiment.room": { actions: "next" },
              "lease.given": { actions: ["book", "next"] },
              "window.opened": { actions: ["book", "open", "next"] },
              "window.closing": { guard: "closes", actions: ["close", "next"] },
              "experiment.ended": { actions: ["book", "next"] },
              "measurement.recorded": { actions: "book" },
              "belief.updated": { actions: "book" },
              "person.requested": [
                { guard: "asksPause", target: "pausing", actions: "hold" },
                { guard: "asksRepeat", actions: ["book", "next"] },
                { guard: "asksStop", target: "stopping", actions: "book" },
                { guard: "asksAbort", target: "parking", actions: "book" },
              ],
              "interlock.tripped": [{ guard: "onlyPauses", target: "pausing" }, TRIP[1]],
            },
          },
          pausing: {
            always: [
              { guard: "ending", target: "stopping" },
              { guard: "atRest", target: "paused" },
            ],
            on: { ...WHILE_PAUSED, "experiment.resting": { actions: "book" } },
          },
          paused: { on: WHILE_PAUSED },
          stopping: {
            entry: "release",
            always: { guard: "quiet", target: "parking" },
            on: {
              "window.opened": { actions: ["book", "open"] },
              "window.closing": CLOSING,
              "experiment.ended": { actions: "book" },
              "measurement.recorded": { actions: "book" },
              "belief.updated": { actions: "book" },
              "person.requested": { guard: "asksAbort", target: "parking", actions: "book" },
              "interlock.tripped": TRIP,
            },
          },
          parking: {
            entry: "park",
            on: {
              "instruments.parked": { target: "concluding", actions: "book" },
              "interlock.tripped": [{ guard: "onlyPauses" }, { actions: "book" }],
              "person.requested": { guard: "asksHalt", actions: "book" },
            },
          },
          concluding: { entry: "conclude", on: { "campaign.concluded": "concluded" } },
          concluded: { type: "final" },
        },
      },
      safety: {
        initial: "nominal",
        states: {
          nominal: {
            on: {
              "interlock.tripped": "tripped",
              "person.requested": { guard: "asksHalt", target: "tripped" },
            },
          },
          tripped: { on: { "person.requested": { guard: "acknowledges", target: "nominal" } } },
        },
      },
      stage: {
        initial: "deciding",
        states: {
          deciding: { on: { "suggestion.made": "performing" } },
          performing: { on: { "measurement.recorded": "updating", "experiment.ended": "deciding" } },
          updating: { on: { "experiment.ended": "deciding" } },
        },
      },
    },
  });
  return machine as unknown as CampaignMachine;
}

/** Whether the closing that a command waited for is that of the window which is open. */
export function closesNow(
  { openUntil, windows }: Pick<CampaignContext, "openUntil" | "windows">,
  command: string,
): boolean {
  return openUntil !== null && command.startsWith(`window.${windows}.`);
}

function asks(event: CampaignEvent, request: RequestKind): boolean {
  return event.type === "person.requested" && event.request === request;
}

function heldAt(event: CampaignEvent): HoldAt | null {
  const at = event.type === "person.requested" ? (event.at ?? "experiment") : "experiment";
  return at === "experiment" ? null : at;
}

/** What an event changes in the campaign's books. */
function book(definition: LoopDefinition, context: CampaignContext, event: CampaignEvent): CampaignContext {
  const { account } = context;
  switch (event.type) {
    case "campaign.started":
      return { ...context, account: openAccount(event.now) };
    case "suggestion.made":
      return {
        ...context,
        deciding: false,
        designed: context.designed + event.suggestions.length,
        waiting: [
          ...context.waiting,
          ...event.suggestions.map(({ setting }, i) => ({
            experiment: context.designed + 1 + i,
            setting,
            ready: false,
          })),
        ],
        reason: event.suggestions.length === 0 ? (context.reason ?? "nothing left to try") : context.reason,
      };
    case "experiment.ready":
      return {
        ...context,
        waiting: context.waiting.map((each) =>
          each.experiment === event.experiment
            ? { ...each, ready: true, ...(event.longest !== undefined && { longest: event.longest }) }
            : each,
        ),
      };
    case "window.opened":
      return {
        ...context,
        awaitsWindow: null,
        // Time in which nothing may happen is no time of the budget.
        account: {
          ...account,
          startedAt: account.startedAt + event.now - (context.awaitsWindow ?? event.now),
        },
        openUntil: event.until,
        reason: event.until === null ? (context.reason ?? "no window left") : context.reason,
      };
    case "lease.given":
      return withLease(context, event.command);
    case "experiment.resting":
      return context.resting.includes(event.experiment)
        ? context
        : { ...context, resting: [...context.resting, event.experiment] };
    case "measurement.recorded":
      return bookResult(definition, context, event);
    case "belief.updated":
      return { ...context, account: bookBelief(account, definition, event.report) };
    case "experiment.ended":
      return bookEnd(definition, context, event);
    case "person.requested":
      return bookRequest(context, event);
    case "interlock.tripped":
      return {
        ...context,
        reason: "interlock",
        urgent: true,
        ...(event.procedure !== undefined && { procedure: event.procedure }),
      };
    case "instruments.parked":
      return event.unknown.length > 0 ? { ...context, reason: "outcome unknown" } : context;
    default:
      return context;
  }
}

function bookEnd(
  definition: LoopDefinition,
  context: CampaignContext,
  event: Extract<CampaignEvent, { type: "experiment.ended" }>,
): CampaignContext {
  const { account } = context;
  const performing = context.performing.filter((each) => each !== event.experiment);
  const waiting = context.waiting.filter((each) => each.experiment !== event.experiment);
  const after = { ...context, performing, waiting };
  switch (event.outcome) {
    case "exhausted": {
      const turn = context.waiting.map((each) =>
        each.experiment === event.experiment ? { ...each, ready: true, exhausted: true as const } : each,
      );
      return { ...context, waiting: turn };
    }
    case "refused":
      return {
        ...after,
        account: { ...account, refused: account.refused + 1, refusalsInARow: account.refusalsInARow + 1 },
      };
    case "in doubt":
      return { ...after, account: withFailure(account), reason: context.reason ?? "outcome unknown" };
    // A withheld result counts as none until the repetition agrees with it.
    case "withheld":
    case "discarded": {
      const booked = { ...account, failed: account.failed + 1 };
      const reason = context.reason ?? reasonToEnd(booked, definition, event.now);
      return { ...after, account: booked, reason };
    }
    case "failed":
    case "unusable":
      return { ...after, account: withFailure(account) };
    default:
      return { ...after, reason: context.reason ?? reasonToEnd(account, definition, event.now) };
  }
}

function bookResult(
  definition: LoopDefinition,
  context: CampaignContext,
  event: EventOf<"measurement.recorded">,
): CampaignContext {
  if (event.withheld) return withRepetition(context, event.setting);
  if (event.unusable.length > 0) return context;
  const { account } = context;
  const { confirms } = event;
  // What agrees with a withheld result makes it one that counts.
  const before =
    confirms === undefined
      ? account
      : bookMeasurement({ ...account, failed: account.failed - 1 }, definition, confirms);
  return { ...context, account: bookMeasurement(before, definition, event) };
}

/** With an experiment in front of all that wait, at a setting that was tried. */
function withRepetition(context: CampaignContext, setting: Setting): CampaignContext {
  const again = { experiment: context.designed + 1, setting, ready: false };
  return { ...context, designed: context.designed + 1, waiting: [again, ...context.waiting] };
}

function withFailure(account: Account): Account {
  return {
    ...account,
    failed: account.failed + 1,
    failuresInARow: account.failuresInARow + 1,
    refusalsInARow: 0,
  };
}

function bookRequest(context: CampaignContext, { request, repeated }: PersonRequest): CampaignContext {
  if (request === "abort") return { ...context, reason: "aborted by a person", urgent: true };
  if (request === "halt") return { ...context, reason: "halted by a person", urgent: true };
  if (repeated !== undefined) return withRepetition(context, repeated.setting);
  return { ...context, reason: context.reason ?? "stopped by a person" };
}

/** What to do when the campaign may go on: begin a waiting experiment, decide on more, or end. */
function next(
  definition: LoopDefinition,
  before: CampaignContext,
  event: CampaignEvent,
): { context: CampaignContext; orders: readonly CampaignOrder[] } {
  const { now } = event;
  const context = waitedForLease(before, now);
  const reason = context.reason ?? reasonToEnd(context.account, definition, now);
  if (reason !== null) return { context: { ...context, reason }, orders: [] };
  if (!hasRoom(definition, context, event) || context.deciding) return { context, orders: [] };
  const [first] = context.waiting;
  if (first === undefined) return decide(definition, context);
  if (!first.ready) return { context, orders: [] };
  if (first.exhausted || missingConsumable(context.account, definition, first.setting) !== undefined) {
    return { context: { ...context, reason: "consumables used up" }, orders: [] };
  }
  const least = leastOf(definition.window, first, context);
  if (least !== undefined && (context.openUntil === null || now + least > context.openUntil))
    return untilOpen(leaseUnused(context), least, now);
  if (definition.leased && context.lease?.standing !== "given")
    return askLease(context, first.experiment, now);
  return {
    context: {
      ...leaseUsed(context),
      account: bookUse(context.account, definition, first.setting),
      waiting: context.waiting.slice(1),
      performing: [...context.performing, first.experiment],
      ...(first.longest !== undefined && { longest: longestWith(context, first.experiment, first.longest) }),
    },
    orders: [{ kind: "begin", experiment: first.experiment }],
  };
}

/** What the experiments under way take at most, and one that joins them. */
function longestWith(
  { performing, longest = {} }: CampaignContext,
  experiment: number,
  milliseconds: number,
): Record<number, number> {
  const known = performing.map((each) => [each, longest[each] ?? 0]);
  return { ...(Object.fromEntries(known) as Record<number, number>), [experiment]: milliseconds };
}

/** Whether one more experiment may be under way. */
function hasRoom(
  { experiment: { sharing } }: LoopDefinition,
  { performing }: CampaignContext,
  event: CampaignEvent,
): boolean {
  if (performing.length === 0) return true;
  return sharing !== undefined && event.type === "experiment.room" && performing.length < sharing.atOnce;
}

/**
 * Milliseconds that a window has to stay open for an experiment to begin; undefined where no window has to be kept. It may
 * have to wait for everything that those under way do at most.
 */
function leastOf(
  rules: WindowRules | undefined,
  { longest = 0 }: Waiting,
  { performing, longest: others = {} }: CampaignContext,
): number | undefined {
  if (rules === undefined) return undefined;
  const before = performing.reduce((sum, each) => sum + (others[each] ?? 0), 0);
  return rules.lastStart ?? before + longest + rules.park;
}

/** Waits for the next window; where one is open, there is no use of the instruments before it ends. */
function untilOpen(
  context: CampaignContext,
  least: number,
  now: number,
): { context: CampaignContext; orders: readonly CampaignOrder[] } {
  // Those under way go on to their ends first.
  if (context.awaitsWindow !== null || context.performing.length > 0) return { context, orders: [] };
  const windows = context.windows + 1;
  const orders: CampaignOrder[] = [{ kind: "open", id: `window.${windows}`, least }];
  if (context.openUntil !== null) orders.unshift({ kind: "rest", id: `window.${context.windows}.rest` });
  return { context: { ...context, openUntil: null, awaitsWindow: now, windows }, orders };
}

function decide(
  definition: LoopDefinition,
  context: CampaignContext,
): { context: CampaignContext; orders: readonly CampaignOrder[] } {
  const { account } = context;
  const left = definition.budget.experiments - account.measured - account.failed - context.performing.length;
  if (left <= 0) return { context, orders: [] };
  const decision = context.decisions + 1;
  return {
    context: { ...context, decisions: decision, deciding: true },
    orders: [{ kind: "decide", id: `decide.${decision}`, decision, count: Math.min(definition.batch, left) }],
  };
}
