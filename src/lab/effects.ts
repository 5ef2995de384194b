import type { Clock } from "../base/clock.ts";
import type { Fault } from "../base/fault.ts";
import { nextOpenSpan, type Window } from "../campaign/window/window.ts";
import type { Setting } from "../hypothesis/parameter.ts";
import type { Instrument } from "../instrument/contract/instrument.ts";
import type { Command, PerformCommand } from "../loop/command.ts";
import type { EventOf, LoopEvent } from "../loop/event.ts";
import type { History } from "../loop/history.ts";
import type { Loop } from "../loop/loop.ts";
import type { Measured } from "../loop/measure.ts";
import type { BeliefUpdate } from "../update/bayes/update-belief.ts";
import type { AskPerson } from "./ask-person.ts";
import type { Compute } from "./compute/compute.ts";
import type { Supervisor } from "./interlock/supervisor.ts";
import { learnFrom } from "./learn-from.ts";
import { measureExperiment } from "./measure-experiment.ts";
import { Moments } from "./moments.ts";
import type { AlarmRaising } from "./notify/reachable.ts";
import { parkInstruments, tellParked } from "./park-instruments.ts";
import { askStep } from "./perform/ask-step.ts";
import type { BreakOffs } from "./perform/break-offs.ts";
import { Performer } from "./perform/performer.ts";
import { waitStep } from "./perform/wait-step.ts";
import type { Progress } from "./progress.ts";
import { reviewExperiment } from "./review-experiment.ts";
import type { Guard } from "./safety/guard.ts";
import type { LabShare, ParkingKind } from "./share/seat.ts";

/** What the effects of a campaign act on. */
export interface EffectAbilities {
  readonly loop: Loop;
  readonly clock: Clock;
  readonly compute: Pick<Compute, "decide" | "update">;
  /** Instruments by role. */
  readonly instruments: Readonly<Record<string, Instrument>>;
  /** Puts a question to the person in the lab. */
  readonly ask: AskPerson;
  /** When actions may happen; at any time when absent. */
  readonly windows?: readonly Window[];
  /** Carries out a safe procedure of the lab; gives what went wrong. */
  readonly safeProcedure?: (name: string) => Promise<readonly Fault[]>;
  /** Judges the lab's interlocks; there are none when absent. */
  readonly supervisor?: Pick<Supervisor, "permit">;
  /** Keeps the rules of safety; there are none when absent. */
  readonly guard?: Pick<Guard, "review" | "permit">;
  /** The lab that it shares with other campaigns; it has the lab for itself when absent. */
  readonly share?: Pick<LabShare, "lease" | "parks">;
  /** What is usual; nothing is found unusual when absent. */
  readonly history?: History;
  /** What an experiment measures in place of what its readings give, in a rehearsal. */
  readonly outcomes?: (experiment: number, setting: Setting) => Measured;
}

/** What effects need of the campaign that they are of. */
export interface EffectsOptions extends EffectAbilities {
  /** What the campaign has come to. */
  progress(): Progress;
  /** Aborted when nothing goes on but the making safe. */
  readonly abort: AbortController;
  readonly breakOffs: Pick<BreakOffs, "on">;
  /** Raises alarms over what is unlike what is usual; there are no alarms when absent. */
  readonly findings?: AlarmRaising;
  /** Whether even what is under way waits, where it may be done again. */
  isPaused(): boolean;
  /** Waits until the campaign is resumed. */
  resumed(): Promise<void>;
  /** Has an event journaled that is the result of no command. */
  tell(event: LoopEvent): void;
  /** Takes the belief of which the event of a command is only the report. */
  learned(command: string, belief: BeliefUpdate["belief"]): void;
}

/** Carries out the commands of a campaign. */
export class Effects {
  readonly #options: EffectsOptions;
  readonly #moments: Moments;
  readonly #performer: Performer;

  constructor(options: EffectsOptions) {
    this.#options = options;
    this.#moments = new Moments(options.clock);
    this.#performer = new Performer({
      ...options,
      definition: options.loop.definition,
      signal: options.abort.signal,
      experiment: (number) => options.progress().state.experiments[number]?.context,
    });
  }

  /** Until a command has its result, in whatever way it ended. */
  async carryOut(command: Command): Promise<LoopEvent> {
    const { loop, ask, breakOffs, share, abort } = this.#options;
    const { definition } = loop;
    switch (command.kind) {
      case "decide":
        return this.#decide(command);
      case "review":
        return reviewExperiment({ ...this.#options, definition }, command);
      case "perform":
        return this.#performer.perform(command);
      case "wait":
        return waitStep({ moments: this.#moments, breakOffs }, command);
      case "ask":
        return askStep({ ask, breakOffs }, command);
      case "measure": {
        const { state } = this.#options.progress();
        return measureExperiment({ ...this.#options, definition, signal: abort.signal }, state, command);
      }
      case "update":
        return this.#update(command);
      case "open":
        return this.#open(command);
      case "close":
        await this.#moments.until(command.at);
        return { type: "window.closing", command: command.id, ends: command.ends };
      case "lease":
        await share?.lease();
        return { type: "lease.given", command: command.id };
      case "look":
        await this.#moments.until(command.at);
        return { type: "turn.due", command: command.id };
      case "rest": {
        const parked = await parkInstruments(this.#options, this.#parking("rest"));
        return { type: "instruments.rested", command: command.id, ...tellParked(parked) };
      }
      case "park":
        return this.#park(command);
      case "conclude":
        return this.#conclude(command.id);
    }
  }

  /**
   * Finds out what became of a command that may not be repeated, whose result was lost with a former process.
   *
   * @returns undefined when it was not done
   */
  settle(command: PerformCommand): Promise<LoopEvent | undefined> {
    return this.#performer.settle(command);
  }

  /** Ends all waiting for moments. */
  end(): void {
    this.#moments.end();
  }

  async #decide(command: Extract<Command, { kind: "decide" }>): Promise<LoopEvent> {
    const { clock, compute, loop, progress } = this.#options;
    const { state, belief } = progress();
    const { waiting, designed } = state.campaign.context;
    const running = Object.values(state.experiments).map(({ context }) => context.setting);
    const pending: Setting[] = [...waiting.map(({ setting }) => setting), ...running];
    const suggestions = await clock.external(
      compute.decide({
        kind: "decide",
        problem: loop.definition.problem,
        data: belief.observations,
        belief,
        pending,
        count: command.count,
        decision: designed,
      }),
    );
    return { type: "suggestion.made", command: command.id, decision: command.decision, suggestions };
  }

  async #update({ id, experiment }: Extract<Command, { kind: "update" }>): Promise<LoopEvent> {
    const { clock, compute, loop, progress } = this.#options;
    const task = learnFrom(compute, loop.definition.problem, progress(), experiment);
    const updated = await clock.external(task);
    if (updated === undefined)
      throw new Error(`experiment ${experiment} is to be learned from but has no measurement`);
    const { belief, report } = updated;
    this.#options.learned(id, belief);
    return { type: "belief.updated", command: id, experiment, report };
  }

  /** Until actions may happen for so long. */
  async #open({ id, least }: Extract<Command, { kind: "open" }>): Promise<LoopEvent> {
    const { clock, windows = [] } = this.#options;
    const span = nextOpenSpan(windows, clock.now(), least);
    if (span === undefined) return { type: "window.opened", command: id, until: null };
    if (span.from > clock.now()) await this.#moments.until(span.from);
    return { type: "window.opened", command: id, until: span.to };
  }

  async #park({ id, urgent, procedure }: Extract<Command, { kind: "park" }>): Promise<LoopEvent> {
    const { abort, safeProcedure } = this.#options;
    if (urgent && !abort.signal.aborted) abort.abort(new Error("the campaign is brought to a safe state"));
    const failed = procedure === undefined ? [] : ((await safeProcedure?.(procedure)) ?? []);
    const made = tellParked(await parkInstruments(this.#options, this.#parking("park")));
    const unknown = [...failed, ...made.unknown];
    return { type: "instruments.parked", command: id, ...made, unknown };
  }

  /** In an emergency, what others use is made safe too. */
  #parking(kind: ParkingKind): ParkingKind {
    const { reason } = this.#options.progress().state.campaign.context;
    return reason === "interlock" || reason === "halted by a person" ? "all" : kind;
  }

  #conclude(id: string): EventOf<"campaign.concluded"> {
    const { account, reason } = this.#options.progress().state.campaign.context;
    const { best } = account;
    return {
      type: "campaign.concluded",
      command: id,
      reason: reason ?? "nothing left to try",
      experiments: account.measured + account.failed,
      ...(best !== null && {
        best: { experiment: best.experiment, setting: best.setting, outcome: best.outcome },
      }),
    };
  }
}
