/** The part of an xstate machine's definition that is drawn. */
export interface MachineConfig {
  readonly id?: string;
  readonly type?: string;
  readonly initial?: string;
  readonly states?: Readonly<Record<string, MachineConfig>>;
  readonly on?: Readonly<Record<string, Transitions>>;
  readonly always?: Transitions;
}

type Transition = string | { readonly target?: string; readonly guard?: unknown };
type Transitions = Transition | readonly Transition[];

/** A machine as a Mermaid state diagram. */
export function mermaid(machine: MachineConfig): string {
  return ["stateDiagram-v2", ...body(machine, "  ", "")].join("\n");
}

function body(node: MachineConfig, indent: string, prefix: string): string[] {
  const states = Object.entries(node.states ?? {});
  const lines: string[] = [];
  if (node.initial !== undefined) lines.push(`${indent}[*] --> ${prefix}${node.initial}`);
  for (const [name, state] of states) {
    const id = `${prefix}${name}`;
    if (state.states === undefined) lines.push(`${indent}${id}: ${name}`);
    else lines.push(`${indent}state ${id} {`, ...body(state, `${indent}  `, `${id}_`), `${indent}}`);
    if (node.type === "parallel") continue;
    lines.push(...arrows(state, id, indent, prefix));
    if (state.type === "final") lines.push(`${indent}${id} --> [*]`);
  }
  // What holds in every state of a region is drawn from each of them.
  for (const [event, given] of Object.entries(node.on ?? {})) {
    for (const transition of list(given)) {
      const target = targetOf(transition);
      if (target === undefined) continue;
      for (const [name, state] of states) {
        if (state.type !== "final")
          lines.push(`${indent}${prefix}${name} --> ${prefix}${target.replace(/^\./, "")}: ${event}`);
      }
    }
  }
  return lines;
}

function arrows(state: MachineConfig, id: string, indent: string, prefix: string): string[] {
  const given = [
    ...Object.entries(state.on ?? {}).flatMap(([event, transitions]) =>
      list(transitions).map((transition) => ({ event, transition })),
    ),
    ...list(state.always ?? []).map((transition) => ({ event: "", transition })),
  ];
  return given.flatMap(({ event, transition }) => {
    const target = targetOf(transition);
    if (target === undefined) return [];
    const guard =
      typeof transition === "object" && typeof transition.guard === "string" ? `[${transition.guard}]` : "";
    const label = `${event} ${guard}`.trim();
    return [`${indent}${id} --> ${prefix}${target}${label === "" ? "" : `: ${label}`}`];
  });
}

function targetOf(transition: Transition): string | undefined {
  return typeof transition === "string" ? transition : transition.target;
}

function list(given: Transitions): readonly Transition[] {
  return Array.isArray(given) ? (given as readonly Transition[]) : [given as Transition];
}
