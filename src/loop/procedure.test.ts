import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { planOf } from "../../test/support/plan-of.ts";
import type { Value } from "../base/expression/evaluate.ts";
import { parseExpression } from "../base/expression/parse.ts";
import { unitOf } from "../base/unit.ts";
import type { Command } from "./command.ts";
import type { Argument, Plan } from "./plan.ts";
import { advance, answered, argumentValue, failProcedure, waitsFor } from "./procedure.ts";
import { beginProcedure, type ProcedureState } from "./procedure-state.ts";

const fault = { code: "instrument.alarm", message: "stalled" };

/** A procedure under way, and what it asked for so far. */
class Performance {
  readonly log: string[] = [];
  readonly pending: Command[] = [];
  now = 0;
  state: ProcedureState;
  readonly #plan: Plan;

  constructor(yaml: string, values: Readonly<Record<string, Value>> = {}) {
    this.#plan = planOf(yaml);
    this.state = beginProcedure(7, values);
    this.#advance(this.state);
  }

  /** Answers the oldest command of this name, which may change values. */
  done(name: string, values: Readonly<Record<string, Value>> = {}): this {
    const state = answered(this.state, this.#take(name).id);
    return this.#advance({ ...state, values: { ...state.values, ...values } });
  }

  fails(name: string, unknown = false): this {
    return this.#advance(failProcedure(answered(this.state, this.#take(name).id), fault, unknown));
  }

  /** Answers whatever is asked for, oldest first, until nothing is. */
  finish(): this {
    for (let next = this.pending[0]; next !== undefined; next = this.pending[0]) this.done(named(next));
    return this;
  }

  get waiting(): string[] {
    return this.pending.map(named);
  }

  get over(): boolean {
    return this.state.threads.length === 0;
  }

  #take(name: string): Command {
    const at = this.pending.findIndex((each) => named(each) === name);
    const [command] = this.pending.splice(at, 1);
    if (at < 0 || command === undefined) throw new Error(`nothing waits for "${name}"`);
    if (command.kind === "wait") this.now = Math.max(this.now, command.until);
    expect(waitsFor(this.state, command.id)).toBeDefined();
    return command;
  }

  #advance(before: ProcedureState): this {
    const { state, commands } = advance(this.#plan, before, this.now);
    this.state = state;
    this.pending.push(...commands);
    this.log.push(...commands.map(named));
    return this;
  }
}

function named(command: Command): string {
  if (command.kind === "perform") return command.action;
  if (command.kind === "wait") return `wait until ${command.until}`;
  return command.kind === "ask" ? command.text : command.kind;
}

describe("steps in a row", () => {
  it("are asked for one after the other, each when the one before is done", () => {
    const run = new Performance(`
  - { do: rig.a }
  - { wait: 2 s }
  - { note: shake it, confirm: true }
  - { do: rig.b }
`);
    expect(run.log).toEqual(["a"]);
    run.done("a");
    expect(run.pending).toEqual([{ kind: "wait", id: "7.2", experiment: 7, until: 2000 }]);
    run.done("wait until 2000");
    expect(run.pending).toEqual([{ kind: "ask", id: "7.3", experiment: 7, text: "shake it", confirm: true }]);
    expect(run.over).toBe(false);
    run.finish();
    expect([run.log, run.over]).toEqual([["a", "wait until 2000", "shake it", "b"], true]);
  });

  it("carry the experiment's number in the ids of their commands, counted from 1", () => {
    const run = new Performance("  - { repeat: 3, steps: [{ do: rig.a }] }\n");
    expect(run.pending.map(({ id }) => id)).toEqual(["7.1"]);
    run.done("a");
    expect(run.pending.map(({ id }) => id)).toEqual(["7.2"]);
  });

  it("are not moved by the answer to a command that nothing waits for", () => {
    const { state } = new Performance("  - { do: rig.a }\n");
    expect(answered(state, "7.9")).toEqual(state);
    expect(waitsFor(state, "7.9")).toBeUndefined();
  });

  it("use values that were computed before", () => {
    const run = new Performance(
      `
  - { compute: { half: v / 2 } }
  - { do: rig.dose, with: { volume: half } }
`,
      { v: 60e-9 },
    );
    expect(run.pending).toMatchObject([{ arguments: { volume: 30 } }]);
  });
});

describe("a wait", () => {
  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("of %s s is refused", (x) => {
    const run = new Performance("  - { wait: x * 1 s }\n  - { do: rig.a }\n", { x });
    expect([run.log, run.over]).toEqual([[], true]);
    expect(run.state.failure?.fault.message).toContain("is impossible");
  });
});

describe("a repetition", () => {
  prop.prop([fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 })])(
    "does its steps as often as it says, also within another",
    (outer, inner) => {
      const run = new Performance(`
  - repeat: ${outer}
    steps:
      - { do: rig.a }
      - { repeat: ${inner}, steps: [{ do: rig.b }] }
  - { do: rig.c }
`).finish();
      const round = ["a", ...Array.from({ length: inner }, () => "b")];
      expect(run.log).toEqual([...Array.from({ length: outer }, () => round).flat(), "c"]);
    },
  );

  it("counts by an expression, rounded", () => {
    expect(new Performance("  - { repeat: x, steps: [{ do: rig.a }] }\n", { x: 1.6 }).finish().log).toEqual([
      "a",
      "a",
    ]);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])("of %s times is refused", (x) => {
    const run = new Performance("  - { repeat: x, steps: [{ do: rig.a }] }\n", { x });
    expect([run.log, run.over]).toEqual([[], true]);
    expect(run.state.failure).toMatchObject({ unknown: false, fault: { code: "experiment.procedure" } });
  });

  it("that neither waits nor acts is refused, and clean-up follows", () => {
    const run = new Performance(
      `
  - { repeat: 1000000, steps: [{ compute: { z: x + 1 } }] }
  - { do: rig.a }
  - { do: rig.b, always: true }
`,
      { x: 1 },
    ).finish();
    expect(run.state.failure?.fault.message).toContain("neither waits nor acts");
    expect([run.log, run.over]).toEqual([["b"], true]);
  });

  it("that acts may be longer than that", () => {
    const run = new Performance("  - { repeat: 60000, steps: [{ do: rig.a }] }\n");
    for (let i = 0; i < 60_000; i++) run.done("a");
    expect([run.state.failure, run.over]).toEqual([null, true]);
  });
});

describe("parallel branches", () => {
  const both = `
  - parallel:
      - [{ do: rig.a }, { do: rig.b }]
      - { do: rig.c }
  - { do: rig.d }
`;

  it("are under way together, and what follows waits for all of them", () => {
    const run = new Performance(both);
    expect(run.waiting).toEqual(["a", "c"]);
    run.done("a");
    expect(run.waiting).toEqual(["c", "b"]);
    run.done("b");
    expect(run.waiting).toEqual(["c"]);
    run.done("c");
    expect(run.waiting).toEqual(["d"]);
    expect(run.done("d").over).toBe(true);
  });

  prop.prop([fc.array(fc.nat(5), { minLength: 6, maxLength: 6 })])(
    "join in whatever order they are done, also within each other",
    (choices) => {
      const run = new Performance(`
  - parallel:
      - [{ do: rig.a }, { parallel: [{ do: rig.b }, { do: rig.c }] }, { do: rig.d }]
      - []
      - { do: rig.a }
  - { do: rig.e }
`);
      for (const choice of choices) {
        const { waiting } = run;
        run.done(waiting[choice % waiting.length] as string);
      }
      expect(run.over).toBe(true);
      expect(run.log.at(-1)).toBe("e");
      expect(run.log.toSorted()).toEqual(["a", "a", "b", "c", "d", "e"]);
      expect(run.log.indexOf("d")).toBeGreaterThan(run.log.indexOf("c"));
    },
  );
});

describe("a choice", () => {
  const yaml = `
  - { when: x > 1, steps: [{ do: rig.a }], else: [{ do: rig.b }] }
  - { when: x > 2, steps: [{ do: rig.c }] }
  - { do: rig.d }
`;

  it.each([
    [0, ["b", "d"]],
    [2, ["a", "d"]],
    [3, ["a", "c", "d"]],
  ])("with x = %d goes %s", (x, log) => {
    expect(new Performance(yaml, { x }).finish().log).toEqual(log);
  });
});

describe("a step that must not come too late after another one", () => {
  const yaml = `
  - { do: rig.a, mark: mixed }
  - wait: x * 1 s
  - { do: rig.b, no_later: { than: mixed, by: 10 s } }
  - { do: rig.c, always: true }
`;

  it("is done in time, and fails its experiment later, with clean-up", () => {
    const inTime = new Performance(yaml, { x: 10 }).done("a").done("wait until 10000");
    expect(inTime.waiting).toEqual(["b"]);
    const late = new Performance(yaml, { x: 11 }).done("a").done("wait until 11000");
    expect(late.state.failure?.fault.message).toContain(
      '"rig.b" within 10 s of "mixed" was not reached in time',
    );
    expect(late.waiting).toEqual(["c"]);
  });
});

describe("waiting until a condition holds", () => {
  const yaml = `
  - { wait_until: bath.y >= 40, poll: [{ measure: rig.read, as: bath }], every: 5 s, within: 12 s }
  - { do: rig.a }
  - { do: rig.b, always: true }
`;

  it("polls until it does", () => {
    const run = new Performance(yaml);
    run.done("read", { "bath.y": 20 }).done("wait until 5000").done("read", { "bath.y": 40 });
    expect(run.waiting).toEqual(["a"]);
  });

  it("fails when it doesn't in time, and clean-up follows", () => {
    const run = new Performance(yaml);
    for (const until of [5000, 10_000, 15_000]) {
      run.done("read", { "bath.y": 20 }).done(`wait until ${until}`);
    }
    run.done("read", { "bath.y": 20 });
    expect(run.state.failure?.fault.message).toContain("was not reached in time");
    expect(run.waiting).toEqual(["b"]);
  });

  it("is content with a condition that holds at the last poll, however late", () => {
    const run = new Performance(yaml);
    for (const until of [5000, 10_000, 15_000]) {
      run.done("read", { "bath.y": 20 }).done(`wait until ${until}`);
    }
    run.done("read", { "bath.y": 40 });
    expect([run.state.failure, run.waiting]).toEqual([null, ["a"]]);
  });
});

describe("a state that was kept as JSON", () => {
  it.each(["x / 0", "log(0 - x)", "x"])("goes on as the live one with a computed value of %s", (text) => {
    const plan = planOf(`
  - { compute: { z: "${text}" } }
  - { do: rig.a }
  - { when: z == z, steps: [{ do: rig.b }], else: [{ do: rig.c }] }
  - { when: z > 0, steps: [{ do: rig.d }] }
`);
    let live = advance(plan, beginProcedure(1, { x: 1 }), 0);
    while (live.state.threads.length > 0) {
      const [command] = live.commands as [Command];
      const kept = JSON.parse(JSON.stringify(live.state)) as ProcedureState;
      const again = advance(plan, answered(kept, command.id), 0);
      live = advance(plan, answered(live.state, command.id), 0);
      expect(again.commands).toEqual(live.commands);
      expect(JSON.stringify(again.state)).toBe(JSON.stringify(live.state));
    }
  });
});

describe("a failure", () => {
  it("is followed by the clean-up steps behind it and nothing else", () => {
    const run = new Performance(
      `
  - { do: rig.a, always: true }
  - { do: rig.b }
  - { do: rig.c }
  - { wait: 1 s }
  - { note: look }
  - { when: x > 1, steps: [{ do: rig.c }] }
  - { do: rig.d, always: true }
  - { repeat: 3, steps: [{ do: rig.c }] }
  - { wait: 3 s, always: true }
  - { note: rinse, always: true }
`,
      { x: 2 },
    );
    run.done("a").fails("b").finish();
    expect(run.log).toEqual(["a", "b", "d", "wait until 3000", "rinse"]);
    expect([run.state.failure, run.over]).toEqual([{ fault, unknown: false }, true]);
  });

  it("of a clean-up step doesn't keep the next one from being done, and the first fault is told", () => {
    const run = new Performance(`
  - { do: rig.a }
  - { do: rig.b, always: true }
  - { do: rig.c, always: true }
`);
    run.fails("a").fails("b", true);
    expect(run.waiting).toEqual(["c"]);
    run.finish();
    expect([run.state.failure, run.over]).toEqual([{ fault, unknown: true }, true]);
  });

  it("ends a repetition; its clean-up steps are done once more", () => {
    const run = new Performance(`
  - { repeat: 3, steps: [{ do: rig.a }, { do: rig.b, always: true }] }
  - { do: rig.c, always: true }
`);
    run.done("a").done("b").fails("a").finish();
    expect(run.log).toEqual(["a", "b", "a", "b", "c"]);
  });

  it("in a branch lets the others end what they are doing, and then cleans up behind the branches too", () => {
    const run = new Performance(`
  - parallel:
      - [{ do: rig.a }, { do: rig.b }]
      - [{ do: rig.c }, { do: rig.b }]
  - { do: rig.d }
  - { do: rig.e, always: true }
`);
    run.fails("a");
    expect([run.waiting, run.over]).toEqual([["c"], false]);
    run.done("c");
    expect(run.waiting).toEqual(["e"]);
    run.finish();
    expect([run.log, run.over]).toEqual([["a", "c", "e"], true]);
  });

  it("in a branch is followed by each clean-up step of the branches once", () => {
    const run = new Performance(`
  - parallel:
      - [{ do: rig.a }, { do: rig.b, always: true }]
      - [{ do: rig.c }, { do: rig.d, always: true }]
  - { do: rig.e, always: true }
`);
    run.fails("a").finish();
    expect([run.log, run.over]).toEqual([["a", "c", "b", "d", "e"], true]);
  });

  it("doesn't repeat a clean-up step that was done before it or that is under way", () => {
    const run = new Performance(`
  - { do: rig.a, always: true }
  - parallel:
      - [{ do: rig.b, always: true }, { do: rig.c, always: true }]
      - { do: rig.d }
`);
    run.done("a").done("b").fails("d").finish();
    expect(run.log).toEqual(["a", "b", "d", "c"]);
  });

  it("of two branches waits for both", () => {
    const run = new Performance(`
  - parallel: [{ do: rig.a }, { do: rig.b }]
  - { do: rig.c, always: true }
`);
    run.fails("a").fails("b", true);
    expect([run.waiting, run.state.failure]).toEqual([["c"], { fault, unknown: true }]);
    expect(run.finish().over).toBe(true);
  });
});

describe("an argument", () => {
  const volume = (text: string): Argument => {
    const parsed = parseExpression(text);
    if (parsed.kind === "problem") throw new Error(parsed.message);
    const { expression } = parsed;
    return { kind: "number", expression, unit: unitOf("uL"), minimum: 0, maximum: 100, resolution: 0.3 };
  };
  const values: Readonly<Record<string, Value>> = { v: 0.02e-6, none: Number.NaN, name: "red" };
  const valueOf = (argument: Argument): number | string => argumentValue(argument, (name) => values[name]);

  it("is in the driver's unit, on the step that the instrument can make", () => {
    expect(valueOf(volume("v"))).toBe(20.1);
    expect(valueOf(volume("0.05 mL"))).toBe(50.1);
  });

  it("is judged by its limits after rounding", () => {
    expect(() => valueOf(volume("100.04 uL"))).not.toThrow();
    expect(() => valueOf(volume("100.1 uL"))).toThrow("outside 0 … 100 uL");
  });

  it("that rounds to nothing is 0 from either side", () => {
    expect(valueOf(volume("-0.1 uL"))).toBe(0);
  });

  it.each(["none", "v / 0", "name", "unheard"])("that is %s is refused", (text) => {
    expect(() => valueOf(volume(text))).toThrow(RangeError);
  });

  it("of words is the text itself", () => {
    expect(valueOf({ kind: "text", expression: { kind: "name", at: 0, name: "name" } })).toBe("red");
  });

  it("beyond its limits fails the experiment before the instrument hears of it, and clean-up follows", () => {
    const run = new Performance(
      `
  - { do: rig.dose, with: { volume: v } }
  - { do: rig.a }
  - { do: rig.b, always: true }
`,
      { v: 1e-6 },
    );
    expect(run.waiting).toEqual(["b"]);
    expect(run.state.failure).toMatchObject({ unknown: false, fault: { code: "experiment.procedure" } });
    expect(run.state.failure?.fault.message).toContain("1000 uL is outside 0 … 100 uL");
  });
});
