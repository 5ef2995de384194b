/**
 * Adds an action as data to what a transition returns. Within `setup`, xstate doesn't type actions that enqueue
 * their siblings, so this is done at one place.
 */
export function issue(enqueue: unknown, type: "command" | "order", params: unknown): void {
  (enqueue as (action: { type: string; params: unknown }) => void)({ type, params });
}

/** An action as `transition()` returns it. */
export interface IssuedAction {
  readonly type: string;
  readonly params: unknown;
}
