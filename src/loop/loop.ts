import type { Setting } from "../hypothesis/parameter.ts";
import {
  type CampaignContext,
  type CampaignEvent,
  type CampaignOrder,
  createCampaignMachine,
  type ExperimentReport,
} from "./campaign-machine.ts";
import { isAtWork } from "./campaign-mode.ts";
import type { Command } from "./command.ts";
import type { LoopDefinition } from "./definition.ts";
import type { LoopEvent } from "./event.ts";
import {
  createExperimentMachine,
  type ExperimentContext,
  type ExperimentDefinition,
  type ExperimentEvent,
  type ExperimentInput,
  isResting,
  startingValues,
} from "./experiment-machine.ts";
import type { Turn } from "./procedure-state.ts";
import { type MachineState, type PureMachine, pureMachine } from "./pure-machine.ts";
import { type Agenda, EMPTY_AGENDA } from "./sharing/agenda.ts";
import type { LookaheadInput } from "./sharing/lookahead.ts";
import type { Sharing } from "./sharing/sharing.ts";
import { type GivenTurn, giveTurns } from "./sharing/turns.ts";

/** The state of a campaign and of the experiments in flight; plain data, a fold over the journal. */
export interface LoopState {
  readonly campaign: MachineState<CampaignContext>;
  readonly experiments: Readonly<Record<number, MachineState<ExperimentContext>>>;
  /** In what order experiments that share the lab go on. */
  readonly agenda?: Agenda;
}

/** The state after an event, and the effects that it asks for. */
export interface Stepped {
  readonly state: LoopState;
  readonly commands: readonly Command[];
  /** Experiments that ended with this event, with their last state. */
  readonly ended: readonly ExperimentContext[];
}

/** The pure core of a campaign: (state, event) → (state', commands). */
export interface Loop {
  readonly definition: LoopDefinition;
  begin(): LoopState;
  /**
   * @param state - the state before
   * @param event - what happened
   * @param now - when, in milliseconds since 1970
   */
  step(state: LoopState, event: LoopEvent, now: number): Stepped;
}

/** The machines of a campaign, joined: events of an experiment go to its machine, which reports to the campaign's. */
export function createLoop(definition: LoopDefinition): Loop {
  const machines: Machines = {
    campaign: pureMachine(createCampaignMachine(definition), undefined),
    experiment: pureMachine(createExperimentMachine(definition.experiment), { number: 0, setting: {} }),
  };
  return {
    definition,
    begin: () => ({
      campaign: machines.campaign.begin(undefined),
      experiments: {},
      ...(definition.experiment.sharing && { agenda: EMPTY_AGENDA }),
    }),
    step: (state, event, now) => new Step(machines, definition, state, now).run(event),
  };
}

interface Machines {
  readonly campaign: PureMachine<CampaignContext, CampaignEvent, undefined>;
  readonly experiment: PureMachine<ExperimentContext, ExperimentEvent, ExperimentInput>;
}

class Step {
  readonly #machines: Machines;
  readonly #definition: ExperimentDefinition;
  readonly #now: number;
  #campaign: MachineState<CampaignContext>;
  readonly #experiments: Record<number, MachineState<ExperimentContext>>;
  readonly #commands: Command[] = [];
  readonly #ended: ExperimentContext[] = [];
  #agenda: Agenda | undefined;

  constructor(machines: Machines, { experiment }: LoopDefinition, state: LoopState, now: number) {
    this.#machines = machines;
    this.#definition = experiment;
    this.#campaign = state.campaign;
    this.#experiments = { ...state.experiments };
    this.#agenda = state.agenda;
    this.#now = now;
  }

  run(event: LoopEvent): Stepped {
    if (FOR_PEOPLE.has(event.type.split(".")[0] as string)) return this.#stepped();
    if (event.type === "suggestion.made") this.#design(event.suggestions.map(({ setting }) => setting));
    const designed = this.#campaign.context.designed;
    const experiment = "experiment" in event ? event.experiment : undefined;
    // What only one experiment's procedure waits for says nothing to the campaign.
    if (!PROCEDURE_EVENTS.has(event.type)) this.#toCampaign(event);
    if (experiment !== undefined) this.#toExperiment(experiment, event);
    if (event.type === "measurement.recorded" && this.#campaign.context.designed > designed)
      this.#review(designed + 1, event.setting, event.experiment);
    if (event.type === "person.requested") {
      // Only where the campaign takes a repetition it has designed one.
      if (event.repeated !== undefined && this.#campaign.context.designed > designed)
        this.#review(designed + 1, event.repeated.setting);
      if (experiment === undefined)
        for (const each of this.#campaign.context.performing) this.#toExperiment(each, event);
    }
    this.#takeTurns(event);
    return this.#stepped();
  }

  /** Lets steps begin that were waiting for an instrument, and one more experiment where there is room for it. */
  #takeTurns(event: LoopEvent): void {
    const { sharing } = this.#definition;
    if (sharing === undefined || this.#agenda === undefined) return;
    if (event.type === "turn.due") this.#agenda = { ...this.#agenda, due: null };
    let beginsMore = true;
    for (let goesOn = true; goesOn; ) {
      if (!isAtWork(this.#campaign)) return;
      const turns = giveTurns(this.#turnsInput(sharing, this.#agenda, beginsMore));
      this.#agenda = turns.agenda;
      for (const [experiment, given] of byExperiment(turns.given))
        this.#toExperiment(experiment, { type: "experiment.turn", turns: given });
      const before = this.#campaign;
      if (turns.room) this.#toCampaign({ type: "experiment.room" });
      const isMore = isFurther(before, this.#campaign);
      // Nothing is kept free for an experiment that the campaign doesn't begin.
      if (turns.room && !isMore) beginsMore = false;
      goesOn = turns.given.length > 0 || turns.room;
      if (!goesOn && turns.due !== undefined) this.#lookAt(this.#agenda, turns.due);
    }
  }

  #turnsInput(sharing: Sharing, agenda: Agenda, beginsMore: boolean): LookaheadInput {
    const { performing, waiting, deciding } = this.#campaign.context;
    const underWay = performing.flatMap((number) => this.#experiments[number]?.context ?? []);
    const [first] = waiting;
    // Nothing is known of one that hasn't been decided on: it will be like the latest.
    const like = first === undefined ? underWay.at(-1) : this.#experiments[first.experiment]?.context;
    const isWanted =
      performing.length > 0 && performing.length < sharing.atOnce && !deciding && first?.ready !== false;
    const next = beginsMore &&
      isWanted &&
      like && {
        values: startingValues(this.#definition, like.setting),
        ...(like.procedure.takes && { takes: like.procedure.takes }),
      };
    return {
      plan: this.#definition.plan,
      sharing,
      underWay,
      agenda,
      now: this.#now,
      ...(next && { next }),
    };
  }

  #lookAt(agenda: Agenda, due: number): void {
    if (agenda.due !== null && agenda.due <= due) return;
    const looks = agenda.looks + 1;
    this.#agenda = { ...agenda, due, looks };
    this.#commands.push({ kind: "look", id: `look.${looks}`, at: due });
  }

  #stepped(): Stepped {
    return {
      state: {
        campaign: this.#campaign,
        experiments: this.#experiments,
        ...(this.#agenda && { agenda: this.#agenda }),
      },
      commands: this.#commands,
      ended: this.#ended,
    };
  }

  #design(settings: readonly Setting[]): void {
    const first = this.#campaign.context.designed + 1;
    for (const [i, setting] of settings.entries()) this.#review(first + i, setting);
  }

  #review(number: number, setting: Setting, repeats?: number): void {
    this.#experiments[number] = this.#machines.experiment.begin({
      number,
      setting,
      ...(repeats !== undefined && { repeats }),
    });
    this.#commands.push({ kind: "review", id: `${number}.review`, experiment: number, setting });
  }

  #toCampaign(event: LoopEvent | ExperimentReport): void {
    const { state, actions } = this.#machines.campaign.transition(this.#campaign, {
      ...event,
      now: this.#now,
    });
    this.#campaign = state;
    for (const action of actions) {
      if (action.type !== "order") continue;
      const order = action.params as CampaignOrder;
      if (
        order.kind === "begin" ||
        order.kind === "hold" ||
        order.kind === "release" ||
        order.kind === "clear" ||
        order.kind === "cut"
      )
        this.#toExperiment(order.experiment, { type: ORDERED[order.kind] });
      else this.#commands.push(order);
    }
  }

  #toExperiment(
    number: number,
    event:
      | LoopEvent
      | { readonly type: Ordered }
      | { readonly type: "experiment.turn"; readonly turns: Readonly<Record<string, Turn>> },
  ): void {
    const before = this.#experiments[number];
    if (before === undefined) return;
    const { state, actions, done } = this.#machines.experiment.transition(before, {
      ...event,
      now: this.#now,
    } as ExperimentEvent);
    this.#experiments[number] = state;
    for (const action of actions) {
      if (action.type === "command") this.#commands.push(action.params as Command);
    }
    if (done) {
      delete this.#experiments[number];
      this.#ended.push(state.context);
      this.#toCampaign({ type: "experiment.ended", experiment: number, outcome: state.context.outcome });
    } else if (event.type === "experiment.reviewed") {
      const { longest } = event;
      this.#toCampaign({
        type: "experiment.ready",
        experiment: number,
        ...(longest !== undefined && { longest }),
      });
    } else if (state.context.held) this.#rests(number, state.context);
  }

  #rests(experiment: number, context: ExperimentContext): void {
    const { hold, resting } = this.#campaign.context;
    if (resting.includes(experiment) || !isResting(this.#definition.plan, context, hold === "now")) return;
    this.#toCampaign({ type: "experiment.resting", experiment });
  }
}

/** First parts of events that are for people: they change nothing of what a campaign does. */
const FOR_PEOPLE: ReadonlySet<string> = new Set(["alarm", "notification", "question"]);

function byExperiment(given: readonly GivenTurn[]): Map<number, Record<string, Turn>> {
  const found = new Map<number, Record<string, Turn>>();
  for (const { experiment, thread, turn } of given)
    found.set(experiment, { ...found.get(experiment), [thread]: turn });
  return found;
}

/** Whether a campaign has begun an experiment or a decision. */
function isFurther(before: MachineState<CampaignContext>, after: MachineState<CampaignContext>): boolean {
  return (
    after.context.performing.length > before.context.performing.length ||
    (after.context.deciding && !before.context.deciding)
  );
}

const ORDERED = {
  begin: "experiment.started",
  hold: "experiment.held",
  release: "experiment.released",
  clear: "experiment.cleared",
  cut: "experiment.cut",
} as const;

type Ordered = (typeof ORDERED)[keyof typeof ORDERED];

const PROCEDURE_EVENTS: ReadonlySet<LoopEvent["type"]> = new Set([
  "experiment.reviewed",
  "action.finished",
  "action.failed",
  "action.overdue",
  "timer.elapsed",
  "person.answered",
  "turn.due",
]);
