import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { type AnyMachineSnapshot, type AnyStateMachine, initialTransition, transition } from "xstate";
import { oneParameterDefinition } from "../../test/support/one-parameter.ts";
import { unitOf } from "../base/unit.ts";
import { type CampaignContext, type CampaignEvent, createCampaignMachine } from "./campaign-machine.ts";
import type { LoopDefinition } from "./definition.ts";
import {
  createExperimentMachine,
  type ExperimentContext,
  type ExperimentEvent,
} from "./experiment-machine.ts";
import type { Instruction } from "./plan.ts";
import { type MachineState, type PureMachine, pureMachine } from "./pure-machine.ts";

const ONE = unitOf("1");

function action(name: string, always: boolean): Instruction {
  const step = { role: "rig", action: name, effect: "read", within: 1000, arguments: {} } as const;
  return { kind: "action", always, step: { ...step, as: "point", readings: { y: ONE } } };
}

const definition: LoopDefinition = {
  ...oneParameterDefinition([action("a", false), action("b", false), action("c", true)]),
  batch: 2,
};

const fault = { code: "instrument.alarm", message: "stalled" };
const setting = { x: 0.5 };
const reasons = { method: "random", predicted: {}, perHypothesis: [] } as const;
const by = { by: "ada", now: 0 };

/** Every event that a campaign knows, in the forms between which its machine distinguishes. */
const CAMPAIGN_EVENTS: readonly CampaignEvent[] = [
  { type: "campaign.started", name: "c", seed: 1, mode: "virtual", files: {}, now: 0 },
  { type: "suggestion.made", command: "decide.1", decision: 1, suggestions: [], now: 0 },
  {
    type: "suggestion.made",
    command: "d",
    decision: 1,
    suggestions: [
      { setting, reasons },
      { setting, reasons },
    ],
    now: 0,
  },
  ...[1, 2, 3, 4].map((experiment) => ({ type: "experiment.ready", experiment, now: 0 }) as const),
  ...[1, 2, 3, 4].flatMap((experiment) =>
    (["measured", "unusable", "refused", "failed", "in doubt"] as const).map(
      (outcome) => ({ type: "experiment.ended", experiment, outcome, now: 0 }) as const,
    ),
  ),
  ...[[], ["noisy"]].map(
    (unusable) =>
      ({
        type: "measurement.recorded",
        command: "1.measure",
        experiment: 1,
        setting,
        values: { y: { value: 3, unit: "1", standardUncertainty: 0 } },
        unusable,
        now: 0,
      }) as const,
  ),
  {
    type: "belief.updated",
    command: "1.update",
    experiment: 1,
    report: { experiment: 1, movements: [] },
    now: 0,
  },
  ...(["pause", "resume", "discard", "stop", "abort", "acknowledge"] as const).map(
    (request) => ({ type: "person.requested", request, ...by }) as const,
  ),
  ...(["pause", "abort"] as const).map((then) => {
    const about = { interlock: "hot", condition: "above 90 degC", readings: [] };
    return { type: "interlock.tripped", ...about, then, fault, now: 0 } as const;
  }),
  { type: "instruments.parked", command: "park", states: {}, unknown: [], now: 0 },
  { type: "campaign.concluded", command: "conclude", reason: "interlock", experiments: 1, now: 0 },
  { type: "watchdog.fired", at: 0, why: "stalled", states: {}, unknown: [], now: 0 },
  { type: "campaign.resumed", by: "ada", inDoubt: [], now: 0 },
];

const commands = ["1.1", "1.2", "1.3", "1.4"];
const acted = { experiment: 1, instrument: "rig", action: "a", arguments: {}, now: 0 } as const;

const EXPERIMENT_EVENTS: readonly ExperimentEvent[] = [
  { type: "experiment.reviewed", command: "1.review", experiment: 1, refused: [], now: 0 },
  { type: "experiment.reviewed", command: "1.review", experiment: 1, refused: [fault], now: 0 },
  { type: "experiment.started", now: 0 },
  { type: "experiment.discarded", now: 0 },
  ...commands.flatMap((command): ExperimentEvent[] => [
    { type: "action.finished", command, ...acted, readings: { y: 2 } },
    { type: "action.finished", command, ...acted, readings: { y: 3 }, flags: ["saturated: y"] },
    { type: "action.failed", command, ...acted, fault, effect: "none" },
    { type: "action.failed", command, ...acted, fault, effect: "unknown" },
    { type: "timer.elapsed", command, experiment: 1, now: 0 },
    { type: "person.answered", command, experiment: 1, text: "", answer: "", now: 0 },
  ]),
  ...[[], ["noisy"]].map(
    (unusable): ExperimentEvent => ({
      type: "measurement.recorded",
      command: "1.measure",
      experiment: 1,
      setting,
      values: {},
      unusable,
      now: 0,
    }),
  ),
  {
    type: "belief.updated",
    command: "1.update",
    experiment: 1,
    report: { experiment: 1, movements: [] },
    now: 0,
  },
];

/**
 * Events of which most lead on: an index among those that change something now, or, where it is none of those,
 * among all.
 */
const choices = fc.array(fc.record({ which: fc.nat(1000), any: fc.boolean(), minutes: fc.nat(3) }), {
  maxLength: 60,
});
type Choices = readonly { readonly which: number; readonly any: boolean; readonly minutes: number }[];

/** Steps a machine in three ways by the same events, and compares them after each. */
function compare<C, E extends { readonly now: number }, I>(
  machine: AnyStateMachine,
  pure: PureMachine<C, E, I>,
  input: I,
  events: readonly E[],
  chosen: Choices,
): void {
  let [snapshot] = initialTransition(machine, input) as [AnyMachineSnapshot, unknown];
  let state = pure.begin(input);
  expect({ value: state.value, context: state.context }).toEqual({
    value: snapshot.value,
    context: snapshot.context as C,
  });
  let now = 0;
  for (const { which, any, minutes } of chosen) {
    now += minutes * 60_000;
    const known = any ? events : events.filter((event) => snapshot.can(event as never));
    const event = { ...(known[which % (known.length || 1)] ?? events[0]), now } as E;
    const [after, actions] = transition(machine, snapshot, event as never) as [
      AnyMachineSnapshot,
      readonly { type: string; params: unknown }[],
    ];
    const stepped = pure.transition(state, event);
    const kept = JSON.parse(JSON.stringify(state)) as MachineState<C>;
    const resolved = pure.transition(kept, event);
    for (const { state: reached, actions: asked, done } of [stepped, resolved]) {
      expect({ value: reached.value, context: reached.context }).toEqual({
        value: after.value,
        context: after.context as C,
      });
      expect(asked.map(({ type, params }) => ({ type, params }))).toEqual(
        actions.map(({ type, params }) => ({ type, params })),
      );
      expect(done).toBe(after.status === "done");
    }
    snapshot = after;
    state = stepped.state;
  }
}

describe("a machine with one inert actor", () => {
  prop.prop([choices], { numRuns: 200 })(
    "steps the campaign's machine as xstate's own transition() does",
    (chosen) => {
      const machine = createCampaignMachine(definition);
      const pure = pureMachine<CampaignContext, CampaignEvent, undefined>(machine, undefined);
      compare(machine, pure, undefined, CAMPAIGN_EVENTS, chosen);
    },
  );

  prop.prop([choices], { numRuns: 200 })(
    "steps an experiment's machine as xstate's own transition() does",
    (chosen) => {
      const machine = createExperimentMachine(definition.experiment);
      type Input = { readonly number: number; readonly setting: { readonly x: number } };
      // Made with another input than the one the experiment begins with.
      const pure = pureMachine<ExperimentContext, ExperimentEvent, Input>(machine, {
        number: 0,
        setting: { x: 0 },
      });
      compare(machine, pure, { number: 1, setting }, EXPERIMENT_EVENTS, chosen);
    },
  );

  it("gives the actions that a step asks for as data, and doesn't do them", () => {
    const pure = pureMachine<CampaignContext, CampaignEvent, undefined>(
      createCampaignMachine(definition),
      undefined,
    );
    const { state, actions, done } = pure.transition(
      pure.begin(undefined),
      CAMPAIGN_EVENTS[0] as CampaignEvent,
    );
    expect(actions.filter(({ type }) => type === "order")).toMatchObject([
      { params: { kind: "decide", id: "decide.1", decision: 1, count: 2 } },
    ]);
    expect([(state.value as { mode: string }).mode, done]).toEqual(["running", false]);
  });

  it("steps on from a state of another machine by its data", () => {
    type Pure = PureMachine<CampaignContext, CampaignEvent, undefined>;
    const large: Pure = pureMachine(createCampaignMachine(definition), undefined);
    const small: Pure = pureMachine(createCampaignMachine({ ...definition, batch: 1 }), undefined);
    const { actions } = small.transition(large.begin(undefined), CAMPAIGN_EVENTS[0] as CampaignEvent);
    expect(actions.filter(({ type }) => type === "order")).toMatchObject([{ params: { count: 1 } }]);
  });

  it("leaves a state as it was, so that one state can be stepped on from twice", () => {
    const pure = pureMachine<CampaignContext, CampaignEvent, undefined>(
      createCampaignMachine(definition),
      undefined,
    );
    const begun = pure.transition(pure.begin(undefined), CAMPAIGN_EVENTS[0] as CampaignEvent).state;
    const text = JSON.stringify(begun);
    const paused = pure.transition(begun, { type: "person.requested", request: "pause", ...by });
    const stopped = pure.transition(begun, { type: "person.requested", request: "stop", ...by });
    expect(paused.state.value).toMatchObject({ mode: "paused" });
    expect(stopped.state.value).toMatchObject({ mode: "parking" });
    expect(JSON.stringify(begun)).toBe(text);
  });
});
