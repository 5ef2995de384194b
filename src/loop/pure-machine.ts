import { type AnyActorScope, type AnyMachineSnapshot, type AnyStateMachine, createActor } from "xstate";
import type { IssuedAction } from "./issue.ts";

/** Where one machine stands, as plain data. */
export interface MachineState<C> {
  readonly value: unknown;
  readonly context: C;
}

/** A machine's state after an event, and the actions that it asks for as data. */
export interface Transitioned<C> {
  readonly state: MachineState<C>;
  readonly actions: readonly IssuedAction[];
  /** Whether the machine has come to its end. */
  readonly done: boolean;
}

/** A machine as two pure functions. */
export interface PureMachine<C, E, I> {
  begin(input: I): MachineState<C>;
  transition(state: MachineState<C>, event: E): Transitioned<C>;
}

/**
 * What xstate's `initialTransition()` and `transition()` do, with one inert actor for the machine instead of one
 * for every step: creating it costs several times what the step itself costs. The machines here spawn no
 * children, so nothing of a step stays in the actor.
 *
 * @param machine - the machine
 * @param input - any input with which the machine can begin; the inert actor is made with it
 */
export function pureMachine<C, E, I>(machine: AnyStateMachine, input: I): PureMachine<C, E, I> {
  const self = createActor(machine, { input });
  const inert: Omit<AnyActorScope, "actionExecutor"> = {
    self,
    system: self.system,
    id: "",
    sessionId: "",
    logger: () => {},
    defer: () => {},
    emit: () => {},
    stopChild: () => {},
  };
  return {
    begin: (given) =>
      new Reached<C>(machine.getInitialSnapshot({ ...inert, actionExecutor: () => {} }, given)),
    transition: (state, event) => {
      const actions: IssuedAction[] = [];
      const scope: AnyActorScope = { ...inert, actionExecutor: (action) => actions.push(action) };
      const before = Reached.snapshot(state, machine) ?? machine.resolveState(state as never);
      const after: AnyMachineSnapshot = machine.transition(before, event, scope);
      return { state: new Reached<C>(after), actions, done: after.status === "done" };
    },
  };
}

/** A state that remembers the snapshot it was made from, which needs not be resolved from plain data then. */
class Reached<C> implements MachineState<C> {
  readonly value: unknown;
  readonly context: C;
  readonly #snapshot: AnyMachineSnapshot;

  constructor(snapshot: AnyMachineSnapshot) {
    this.value = snapshot.value;
    this.context = snapshot.context as C;
    this.#snapshot = snapshot;
  }

  /** The snapshot of a state, where it is one of this machine. */
  static snapshot(state: object, machine: AnyStateMachine): AnyMachineSnapshot | undefined {
    return #snapshot in state && state.#snapshot.machine === machine ? state.#snapshot : undefined;
  }
}
