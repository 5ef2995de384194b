import type { ActionDeclaration } from "../contract/declaration.ts";

type More = Partial<Pick<ActionDeclaration, "arguments" | "readings">>;

/** An action that names the state afterwards, and may be repeated. */
export function endState(description: string, more: More = {}): ActionDeclaration {
  return { description, effect: "end-state", arguments: {}, readings: {}, ...more };
}

/** An action that changes nothing. */
export function readOut(description: string, more: More = {}): ActionDeclaration {
  return { description, effect: "read", arguments: {}, readings: {}, ...more };
}
