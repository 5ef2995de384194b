import { type Clock, interruption } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import type { Instrument, Outcome } from "../../instrument/contract/instrument.ts";
import { mayRepeat, type PerformCommand } from "../../loop/command.ts";
import type { LoopDefinition } from "../../loop/definition.ts";
import type { LoopEvent } from "../../loop/event.ts";
import type { ExperimentContext } from "../../loop/experiment-machine.ts";
import type { History } from "../../loop/history.ts";
import type { AskPerson } from "../ask-person.ts";
import type { Supervisor } from "../interlock/supervisor.ts";
import type { AlarmRaising } from "../notify/reachable.ts";
import type { Guard } from "../safety/guard.ts";
import { type BreakingOff, type BreakOffs, brokenOff } from "./break-offs.ts";
import { findOverdue } from "./overdue-finding.ts";

/** What an action is done with. */
export interface AttemptOptions {
  /** Instruments by role. */
  readonly instruments: Readonly<Record<string, Instrument>>;
  readonly clock: Clock;
  readonly definition: Pick<LoopDefinition, "suspicion">;
  readonly ask: AskPerson;
  /** Judges the lab's interlocks; there are none when absent. */
  readonly supervisor?: Pick<Supervisor, "permit">;
  /** Keeps the rules of safety; there are none when absent. */
  readonly guard?: Pick<Guard, "permit">;
  /** What is usual; nothing is found unusual when absent. */
  readonly history?: History;
  /** Raises alarms over what is unlike what is usual; there are no alarms when absent. */
  readonly findings?: AlarmRaising;
  /** Aborts when the campaign does nothing any more. */
  readonly signal: AbortSignal;
  readonly breakOffs: Pick<BreakOffs, "on">;
  /** Where an experiment in flight stands. */
  experiment(number: number): ExperimentContext | undefined;
  /** Has an event journaled. */
  tell(event: LoopEvent): void;
}

/** How an action ended, and what it was broken off for. */
export interface Attempted {
  readonly outcome: Outcome;
  readonly broken?: BreakingOff;
}

/**
 * Has an instrument do an action once, until it has ended, is too late or is broken off.
 *
 * @param again - whether it was begun again for being overdue
 */
export async function attempt(
  options: AttemptOptions,
  command: PerformCommand,
  again: boolean,
): Promise<Attempted> {
  const instrument = instrumentFor(options.instruments, command);
  const { supervisor, guard } = options;
  const interrupt = interruption(options.signal);
  let broken: BreakingOff | undefined;
  const forget = options.breakOffs.on(command.experiment, (why) => {
    // To break off what may not be repeated would spoil the sample.
    if (why.kind === "hold" && !mayRepeat(command)) return false;
    if (broken?.kind !== "discard") broken = why;
    interrupt.abort(brokenOff(why.kind));
    return true;
  });
  const permit = supervisor && (await supervisor.permit(command, interrupt.signal));
  let outcome: Outcome;
  const unsafe =
    permit?.kind === "refused"
      ? permit.fault
      : guard && (await unsafeAt(guard, options.experiment(command.experiment), command, interrupt.signal));
  if (unsafe !== undefined) outcome = { kind: "failed", fault: unsafe, effect: "none" };
  else {
    const { clock } = options;
    const { id, role, action, within } = command;
    const late = (): Error => new Error(`${role}.${action} took longer than ${within / 1000} s`);
    const inTime = clock.at(clock.now() + within, () => interrupt.abort(late()));
    const call = { action, arguments: command.arguments, key: id };
    const breakOff = (kind: "overdue" | "fail"): void => {
      broken ??= { kind, by: "the campaign file" };
      interrupt.abort(brokenOff(kind));
    };
    const policies = options.definition.suspicion?.overdue;
    const watched = findOverdue({ ...options, policies, again, breakOff }, command);
    outcome = await instrument.perform(call, interrupt.signal);
    inTime();
    watched();
  }
  if (permit?.kind === "granted") permit.release();
  interrupt.cancel();
  forget();
  return { outcome, ...(broken && { broken }) };
}

/** The instrument that is to do an action. */
export function instrumentFor(
  instruments: AttemptOptions["instruments"],
  { role }: PerformCommand,
): Instrument {
  const instrument = instruments[role];
  if (instrument === undefined) throw new Error(`the role "${role}" has no instrument`);
  return instrument;
}

/** What rule of safety an action would break. */
async function unsafeAt(
  guard: Pick<Guard, "permit">,
  context: ExperimentContext | undefined,
  command: PerformCommand,
  signal: AbortSignal,
): Promise<Fault | undefined> {
  if (context === undefined)
    throw new Error(`${command.id} is to be done, but its experiment is not in flight`);
  return guard.permit(command, context.setting, signal);
}
