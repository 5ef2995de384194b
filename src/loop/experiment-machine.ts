import {
  type AnyEventObject,
  enqueueActions,
  type MachineContext,
  type MetaObject,
  type StateMachine,
  setup,
} from "xstate";
import type { Value } from "../base/expression/evaluate.ts";
import type { Fault } from "../base/fault.ts";
import { toSi, unitOf } from "../base/unit.ts";
import type { Parameter, Setting } from "../hypothesis/parameter.ts";
import { addReading } from "../measurement/reading/reading-statistics.ts";
import type { Command } from "./command.ts";
import type { EventOf, PersonRequest } from "./event.ts";
import { issue } from "./issue.ts";
import type { Plan } from "./plan.ts";
import {
  type Advanced,
  advance,
  answered,
  failProcedure,
  onlyEnds,
  repeatLast,
  skipFlag,
  skipNext,
  waitsFor,
  withTurn,
} from "./procedure.ts";
import { beginProcedure, type ProcedureState, type Turn } from "./procedure-state.ts";
import type { Sharing } from "./sharing/sharing.ts";

/** What an experiment machine must know of its campaign; the same for every experiment. */
export interface ExperimentDefinition {
  readonly parameters: readonly Parameter[];
  /** Values of names that no parameter has, in coherent SI units. */
  readonly constants: Readonly<Record<string, Value>>;
  readonly plan: Plan;
  /** How experiments share the lab; each has it for itself where absent. */
  readonly sharing?: Sharing;
}

/** What an experiment machine remembers. */
export interface ExperimentContext extends MachineContext {
  readonly number: number;
  readonly setting: Setting;
  readonly procedure: ProcedureState;
  /** Whether its next steps wait until the campaign is resumed. */
  readonly held: boolean;
  /** The experiment that is done once more, since its result was unlike the others. */
  readonly repeats?: number;
  readonly outcome:
    | "open"
    | "measured"
    | "withheld"
    | "unusable"
    | "refused"
    | "failed"
    | "discarded"
    | "in doubt"
    | "exhausted";
}

/** What an experiment's machine begins with. */
export interface ExperimentInput {
  readonly number: number;
  readonly setting: Setting;
  readonly repeats?: number;
}

/** Events of one experiment, with the time at which they came. */
export type ExperimentEvent =
  | ((
      | EventOf<"experiment.reviewed">
      | EventOf<"action.finished">
      | EventOf<"action.failed">
      | EventOf<"timer.elapsed">
      | EventOf<"person.answered">
      | EventOf<"person.requested">
      | EventOf<"measurement.recorded">
      | EventOf<"belief.updated">
    ) & { readonly now: number })
  | { readonly type: "experiment.started"; readonly now: number }
  | { readonly type: "experiment.turn"; readonly now: number; readonly turns: Readonly<Record<string, Turn>> }
  | { readonly type: "experiment.held"; readonly now: number }
  | { readonly type: "experiment.released"; readonly now: number }
  | { readonly type: "experiment.cleared"; readonly now: number }
  | { readonly type: "experiment.cut"; readonly now: number }
  | { readonly type: "experiment.discarded"; readonly now: number };

// The one allowed home of `any`: an inferred machine type can't be declared with isolatedDeclarations.
/** The machine of one experiment. */
export type ExperimentMachine = StateMachine<
  ExperimentContext,
  ExperimentEvent & AnyEventObject,
  Record<string, never>,
  never,
  // oxlint-disable-next-line typescript/no-explicit-any
  any,
  // oxlint-disable-next-line typescript/no-explicit-any
  any,
  // oxlint-disable-next-line typescript/no-explicit-any
  any,
  string,
  string,
  ExperimentInput,
  Record<string, never>,
  ExperimentEvent & AnyEventObject,
  MetaObject,
  // oxlint-disable-next-line typescript/no-explicit-any
  any
>;

/**
 * The life of one experiment: designed → reviewed → queued → performing → measuring → assessed, or failed,
 * discarded or in doubt.
 *
 * @param definition - what is the same for every experiment of a campaign
 */
export function createExperimentMachine(definition: ExperimentDefinition): ExperimentMachine {
  const machine = setup({
    types: {
      context: {} as ExperimentContext,
      events: {} as ExperimentEvent,
      input: {} as ExperimentInput,
    },
    actions: {
      command: (_context, _params: Command) => {},
      begin: enqueueActions(({ context, event, enqueue }) => {
        const values = startingValues(definition, context.setting);
        const { state, commands } = go(
          beginProcedure(context.number, values, context.procedure.takes),
          event.now,
        );
        enqueue.assign({ procedure: state });
        for (const command of commands) issue(enqueue, "command", command);
      }),
      proceed: enqueueActions(({ context, event, enqueue }) => {
        const { state, commands } = proceed(context, withResult(context.procedure, event), event.now);
        enqueue.assign({ procedure: state });
        for (const command of commands) issue(enqueue, "command", command);
      }),
      expect: enqueueActions(({ context, event, enqueue }) => {
        if (event.type === "experiment.reviewed" && event.takes !== undefined)
          enqueue.assign({ procedure: { ...context.procedure, takes: event.takes } });
      }),
      hold: enqueueActions(({ enqueue }) => {
        enqueue.assign({ held: true });
      }),
      release: enqueueActions(({ context, event, enqueue }) => {
        const { state, commands } = go(context.procedure, event.now);
        enqueue.assign({ held: false, procedure: state });
        for (const command of commands) issue(enqueue, "command", command);
      }),
      clear: enqueueActions(({ context, event, enqueue }) => {
        const failed = failProcedure(context.procedure, discardedBy(CLOSING_WINDOW), false);
        const { state, commands } = go(failed, event.now);
        enqueue.assign({ held: false, procedure: state });
        for (const command of commands) issue(enqueue, "command", command);
      }),
      cut: enqueueActions(({ context, enqueue }) => {
        const failed = failProcedure(context.procedure, discardedBy(CLOSING_WINDOW), false);
        enqueue.assign({ held: false, procedure: { ...failed, threads: [] } });
      }),
      measure: enqueueActions(({ context, enqueue }) => {
        const command: Command = {
          kind: "measure",
          id: `${context.number}.measure`,
          experiment: context.number,
        };
        issue(enqueue, "command", command);
      }),
      update: enqueueActions(({ context, enqueue }) => {
        const command: Command = {
          kind: "update",
          id: `${context.number}.update`,
          experiment: context.number,
        };
        issue(enqueue, "command", command);
      }),
      outcome: enqueueActions(({ enqueue }, params: { outcome: ExperimentContext["outcome"] }) => {
        enqueue.assign({ outcome: params.outcome });
      }),
    },
    guards: {
      exhausted: ({ event }) => event.type === "experiment.reviewed" && event.exhausted === true,
      refused: ({ event }) => event.type === "experiment.reviewed" && event.refused.length > 0,
      unusable: ({ event }) => event.type === "measurement.recorded" && event.unusable.length > 0,
      withheld: ({ event }) => event.type === "measurement.recorded" && event.withheld === true,
      expected: ({ context, event }) =>
        "command" in event && waitsFor(context.procedure, event.command) !== undefined,
      asksDiscard: ({ context, event }) =>
        event.type === "person.requested" &&
        event.request === "discard" &&
        context.procedure.failure === null,
      asksOfHeld: ({ context, event }) =>
        event.type === "person.requested" &&
        context.held &&
        (event.request === "skip" || (event.request === "retry" && context.procedure.failure === null)),
      thrownAway: ({ context }) =>
        context.procedure.threads.length === 0 &&
        context.procedure.failure?.unknown === false &&
        context.procedure.failure.fault.code === DISCARDED,
      performed: ({ context }) =>
        context.procedure.threads.length === 0 && context.procedure.failure === null,
      failed: ({ context }) =>
        context.procedure.threads.length === 0 && context.procedure.failure?.unknown === false,
      inDoubt: ({ context }) =>
        context.procedure.threads.length === 0 && context.procedure.failure?.unknown === true,
    },
  }).createMachine({
    id: "experiment",
    initial: "designed",
    context: ({ input }) => ({
      number: input.number,
      setting: input.setting,
      procedure: beginProcedure(input.number, {}),
      held: false,
      ...(input.repeats !== undefined && { repeats: input.repeats }),
      outcome: "open",
    }),
    states: {
      designed: {
        on: {
          "experiment.reviewed": [
            { guard: "exhausted", target: "exhausted" },
            { guard: "refused", target: "discarded" },
            { target: "queued", actions: "expect" },
          ],
          "experiment.discarded": "discarded",
        },
      },
      queued: {
        on: {
          "experiment.started": { target: "performing", actions: "begin" },
          "experiment.discarded": "discarded",
        },
      },
      performing: {
        always: [
          { guard: "performed", target: "measuring" },
          { guard: "thrownAway", target: "thrownAway" },
          { guard: "failed", target: "failed" },
          { guard: "inDoubt", target: "inDoubt" },
        ],
        on: {
          "action.finished": { guard: "expected", actions: "proceed" },
          "action.failed": { guard: "expected", actions: "proceed" },
          "timer.elapsed": { guard: "expected", actions: "proceed" },
          "person.answered": { guard: "expected", actions: "proceed" },
          "person.requested": [
            { guard: "asksDiscard", actions: "proceed" },
            { guard: "asksOfHeld", actions: "proceed" },
          ],
          "experiment.turn": { actions: "proceed" },
          "experiment.held": { actions: "hold" },
          "experiment.released": { actions: "release" },
          "experiment.cleared": { actions: "clear" },
          "experiment.cut": { actions: "cut" },
        },
      },
      measuring: {
        entry: "measure",
        on: {
          "measurement.recorded": [
            {
              guard: "unusable",
              target: "assessed",
              actions: { type: "outcome", params: { outcome: "unusable" } },
            },
            {
              guard: "withheld",
              target: "assessed",
              actions: { type: "outcome", params: { outcome: "withheld" } },
            },
            { target: "learning" },
          ],
        },
      },
      learning: {
        entry: "update",
        on: {
          "belief.updated": {
            target: "assessed",
            actions: { type: "outcome", params: { outcome: "measured" } },
          },
        },
      },
      assessed: { type: "final" },
      thrownAway: { type: "final", entry: { type: "outcome", params: { outcome: "discarded" } } },
      failed: { type: "final", entry: { type: "outcome", params: { outcome: "failed" } } },
      inDoubt: { type: "final", entry: { type: "outcome", params: { outcome: "in doubt" } } },
      exhausted: { type: "final", entry: { type: "outcome", params: { outcome: "exhausted" } } },
      discarded: { type: "final", entry: { type: "outcome", params: { outcome: "refused" } } },
    },
  });
  return machine as unknown as ExperimentMachine;

  /** A procedure that is held takes what comes, and begins nothing. */
  function proceed({ held }: ExperimentContext, state: ProcedureState, now: number): Advanced {
    return held ? { state, commands: [] } : go(state, now);
  }

  function go(state: ProcedureState, now: number): Advanced {
    return advance(definition.plan, state, now, definition.sharing !== undefined);
  }

  function withRequest(state: ProcedureState, { request, by }: PersonRequest): ProcedureState {
    if (request === "skip") return skipNext(state, by);
    if (request === "retry") return repeatLast(definition.plan, state);
    return failProcedure(state, discardedBy(by), false);
  }

  function withResult(state: ProcedureState, event: ExperimentEvent): ProcedureState {
    switch (event.type) {
      case "person.requested":
        return withRequest(state, event);
      case "experiment.turn":
        return Object.entries(event.turns).reduce((given, [id, turn]) => withTurn(given, id, turn), state);
      case "action.finished":
        return withReadings(answered(state, event.command), waitsFor(state, event.command)?.at, event);
      case "action.failed":
        if (event.skippedBy !== undefined) return withSkip(state, event.command, event.skippedBy);
        return event.discardedBy === undefined
          ? failProcedure(answered(state, event.command), event.fault, event.effect === "unknown")
          : failProcedure(answered(state, event.command), discardedBy(event.discardedBy), false);
      case "timer.elapsed":
      case "person.answered":
        return event.skippedBy === undefined
          ? answered(state, event.command)
          : withSkip(state, event.command, event.skippedBy);
      default:
        return state;
    }
  }

  function withSkip(state: ProcedureState, command: string, by: string): ProcedureState {
    const at = waitsFor(state, command)?.at;
    const flag = skipFlag(at === undefined ? undefined : definition.plan[at], by);
    return { ...answered(state, command), flags: [...state.flags, flag] };
  }

  function withReadings(
    state: ProcedureState,
    at: number | undefined,
    event: EventOf<"action.finished">,
  ): ProcedureState {
    const instruction = at === undefined ? undefined : definition.plan[at];
    if (instruction?.kind !== "action" || instruction.step.as === undefined) return state;
    const values = { ...state.values };
    const readings = { ...state.readings };
    for (const [name, unit] of Object.entries(instruction.step.readings)) {
      const reading = event.readings[name];
      if (reading === undefined) continue;
      const key = `${instruction.step.as}.${name}`;
      const value = toSi(reading, unit);
      values[key] = value;
      readings[key] = addReading(readings[key], value);
    }
    const flags = (event.flags ?? []).filter((flag) => !state.flags.includes(flag));
    return {
      ...state,
      values,
      readings,
      flags: flags.length === 0 ? state.flags : [...state.flags, ...flags],
    };
  }
}

/** Whether a held experiment has come to rest: nothing is under way that would spoil its sample if it was broken off. */
export function isResting(plan: Plan, { held, procedure }: ExperimentContext, breaksOff: boolean): boolean {
  return (
    held &&
    procedure.threads.every(({ at, waiting }) => {
      const instruction = waiting.kind === "command" ? plan[at] : undefined;
      return instruction?.kind !== "action" || (breaksOff && instruction.step.effect !== "once");
    })
  );
}

const DISCARDED = "experiment.discarded";

/** By whom experiments are discarded that a window doesn't leave time for. */
export const CLOSING_WINDOW = "the closing window";

/** Why a command that was asked for needs not begin any more: its sample was discarded meanwhile. */
export function givenUp({ procedure }: ExperimentContext, command: string): Fault | undefined {
  const { failure } = procedure;
  return failure?.fault.code === DISCARDED && onlyEnds(procedure, command) ? failure.fault : undefined;
}

/** Why a procedure isn't gone on with when its sample is discarded. */
function discardedBy(by: string): Fault {
  return { code: DISCARDED, message: `the sample was discarded, as ${by} says` };
}

/** What a procedure begins with: constants and the values of a setting, in coherent SI units, by name. */
export function startingValues(
  { constants, parameters }: Pick<ExperimentDefinition, "constants" | "parameters">,
  setting: Setting,
): Record<string, Value> {
  return { ...constants, ...settingValues(parameters, setting) };
}

/** The values of a setting in coherent SI units, by parameter name; categories stay texts. */
export function settingValues(parameters: readonly Parameter[], setting: Setting): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const parameter of parameters) {
    if (parameter.kind === "constant") {
      values[parameter.name] = toSi(parameter.value, unitOf(parameter.unit));
      continue;
    }
    const value = setting[parameter.name];
    if (value === undefined) continue;
    values[parameter.name] =
      typeof value === "number" && parameter.kind !== "categorical"
        ? toSi(value, unitOf(parameter.unit))
        : value;
  }
  return values;
}
