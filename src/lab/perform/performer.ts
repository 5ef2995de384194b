import type { Fault } from "../../base/fault.ts";
import { mayRepeat, type PerformCommand } from "../../loop/command.ts";
import type { LoopDefinition } from "../../loop/definition.ts";
import type { LoopEvent } from "../../loop/event.ts";
import { givenUp } from "../../loop/experiment-machine.ts";
import { failed as failedAs, finished } from "./action-result.ts";
import { afterFailure } from "./after-failure.ts";
import { type AttemptOptions, attempt, instrumentFor } from "./attempt.ts";
import { type Doubt, settleDoubt } from "./settle-doubt.ts";

/** What the actions of a campaign are done with. */
export interface PerformerOptions extends AttemptOptions {
  readonly definition: LoopDefinition;
  /** Whether even what is under way waits, where it may be done again. */
  isPaused(): boolean;
  /** Waits until the campaign is resumed. */
  resumed(): Promise<void>;
}

/** Does the actions of a campaign, and finds out what became of those whose result was lost. */
export class Performer {
  readonly #options: PerformerOptions;

  constructor(options: PerformerOptions) {
    this.#options = options;
  }

  /** Until an action has ended in whatever way; one that a person had broken off to be done again is begun again. */
  async perform(command: PerformCommand): Promise<LoopEvent> {
    const options = this.#options;
    for (let again = false; ; ) {
      const context = options.experiment(command.experiment);
      const discarded = context && givenUp(context, command.id);
      if (discarded !== undefined) return failedAs(command, discarded, "none");
      if (options.isPaused() && mayRepeat(command)) await options.resumed();
      const { outcome, broken } = await attempt(options, command, again);
      if (outcome.kind === "done") return finished(command, outcome.readings, outcome.flags);
      const { fault, effect } = outcome;
      const failed = failedAs(command, fault, effect);
      if (broken?.kind === "discard") return { ...failed, discardedBy: broken.by };
      const isKnown = effect === "none" || (broken !== undefined && mayRepeat(command));
      if (!isKnown) return this.#inDoubt({ command, fault, why: "failed" });
      if (broken?.kind === "skip") return { ...failed, skippedBy: broken.by };
      if (broken?.kind === "fail") return failed;
      if (broken?.kind === "overdue") again = true;
      if (broken !== undefined) continue;
      const decided = await afterFailure(options, command, fault);
      if (decided === "retry") continue;
      if (decided === "skip") return { ...failed, skippedBy: "a person" };
      if (decided === "discard") return { ...failed, discardedBy: "a person" };
      return failed;
    }
  }

  /**
   * Finds out what became of a command that may not be repeated; what can't be known is told as unknown.
   *
   * @returns undefined when it was not done
   */
  async settle(command: PerformCommand): Promise<LoopEvent | undefined> {
    const { id, role, action } = command;
    const { instruments, signal } = this.#options;
    const call = { action, arguments: command.arguments, key: id };
    const settled = await instrumentFor(instruments, command).settle(call, signal);
    if (settled.kind === "not done") return undefined;
    if (settled.kind === "done") return finished(command, settled.readings);
    const fault: Fault = {
      code: "instrument.outcome-unknown",
      message: `nobody knows whether ${role}.${action} was done: ${settled.why}`,
      advice: "look at the sample; the experiment is left without a measurement",
    };
    return this.#inDoubt({ command, fault, why: "lost" });
  }

  #inDoubt(doubt: Doubt): Promise<LoopEvent> {
    const { definition, ask, signal } = this.#options;
    const perform = (command: PerformCommand): Promise<LoopEvent> => this.perform(command);
    return settleDoubt({ definition, ask, signal, perform }, doubt);
  }
}
