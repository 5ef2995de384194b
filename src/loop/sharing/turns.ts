import type { ExperimentContext } from "../experiment-machine.ts";
import type { ProcedureState, Turn } from "../procedure-state.ts";
import type { Agenda } from "./agenda.ts";
import { Lookahead, type LookaheadInput, NEXT } from "./lookahead.ts";
import { Reservations } from "./reservations.ts";

/** Leave for a thread of an experiment to begin its next step. */
export interface GivenTurn {
  readonly experiment: number;
  readonly thread: string;
  readonly turn: Turn;
}

/** Whose turn it is. */
export interface Turns {
  readonly given: readonly GivenTurn[];
  /** Whether one more experiment could begin at once. */
  readonly room: boolean;
  /** When it may be somebody's turn though nothing happens before; absent where nothing waits on purpose. */
  readonly due?: number;
  readonly agenda: Agenda;
}

/** A step that waits for its turn, and when that is planned to be. */
interface Candidate {
  readonly experiment: number;
  readonly held: ProcedureState["held"];
  readonly thread: string;
  /** Its instruction. */
  readonly at: number;
  readonly start: number;
}

/**
 * Looks ahead over all experiments under way and the next one, and gives turns to the steps that are to begin now: only
 * where what they need is there, and only so that every experiment can still come to its end.
 */
export function giveTurns(input: LookaheadInput): Turns {
  const { plan, sharing, underWay, now } = input;
  const ahead = new Lookahead(input);
  const reservations = new Reservations(plan, sharing, underWay);
  const given: GivenTurn[] = [];
  const give = ({ experiment, held, thread, at }: Candidate): boolean => {
    const turn = reservations.reserve(experiment, held, at);
    if (turn !== undefined) given.push({ experiment, thread, turn });
    return turn !== undefined;
  };
  const later = candidatesOf(underWay, ahead).filter((each) => each.start > now || !give(each));
  const next = { experiment: NEXT, held: undefined, thread: "", ...ahead.next };
  const due = dueOf([...later, next], reservations, now);
  // Where the first of the timetable must wait so that nobody is locked out, or it has no place for anybody, others go on.
  const isStuck = due === Infinity || later.some(({ start }) => start <= now || start === Infinity);
  if (given.length === 0 && isStuck && !isBusy(underWay)) later.some(give);
  return {
    given,
    room: ahead.next.start <= now,
    agenda: ahead.agenda,
    ...(due < Infinity && { due: Math.ceil(due) }),
  };
}

/** When the first begins that waits on purpose: what it needs is there, so nothing else may happen before its time. */
function dueOf(later: readonly Candidate[], reservations: Reservations, now: number): number {
  const onPurpose = later.filter(
    ({ experiment, held, at, start }) =>
      start > now && start < Infinity && reservations.couldReserve(experiment, held, at),
  );
  return Math.min(...onPurpose.map(({ start }) => start));
}

function candidatesOf(underWay: readonly ExperimentContext[], ahead: Lookahead): Candidate[] {
  const all = underWay
    .filter(({ held }) => !held)
    .flatMap(({ number, procedure }) =>
      procedure.threads
        .filter(({ waiting }) => waiting.kind === "turn")
        .map(({ id, at }) => ({
          experiment: number,
          held: procedure.held,
          thread: id,
          at,
          start: ahead.startOf(number, id),
        })),
    );
  return all.sort((a, b) => a.start - b.start || a.experiment - b.experiment);
}

/** Whether something is under way at whose end turns are given again. */
function isBusy(underWay: readonly ExperimentContext[]): boolean {
  return underWay.some(
    ({ held, procedure }) => held || procedure.threads.some(({ waiting }) => waiting.kind === "command"),
  );
}
