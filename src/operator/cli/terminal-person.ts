import type { Asked, Person, PersonAnswer, PersonQuestion } from "../../instrument/index.ts";
import { atKeyboard } from "./keyboard.ts";
import type { Terminal } from "./terminal.ts";

/** Whoever sits at the terminal; undefined when nobody can, since input comes from no keyboard. */
export function terminalPerson(terminal: Terminal): Person | undefined {
  if (!process.stdin.isTTY) return undefined;
  return {
    // One question after the other, also when two instruments ask at once.
    ask: inTurn((question, signal) => ask(terminal, question, signal)),
    close: async () => undefined,
  };
}

function inTurn(ask: Person["ask"]): Person["ask"] {
  let last: Promise<unknown> = Promise.resolve();
  return (question, signal) => {
    const answer = last.then(() => ask(question, signal));
    last = answer;
    return answer;
  };
}

async function ask(
  terminal: Terminal,
  { instrument, text, asked }: PersonQuestion,
  signal: AbortSignal,
): Promise<PersonAnswer> {
  terminal.warn(`${terminal.paint("bold", instrument)} asks: ${text}`);
  const typed = await atKeyboard(signal, async (question) => {
    const values: Record<string, number | string> = {};
    for (const each of asked) values[each.name] = await answerTo(terminal, each, question);
    const note = (await question("note (Enter for none): ")).trim();
    return { values, ...(note !== "" && { note }) };
  });
  if (typed.kind === "typed") return { kind: "answered", ...typed.value };
  return { kind: "not answered", fault: { code: "instrument.aborted", message: typed.why } };
}

async function answerTo(
  terminal: Terminal,
  { description, unit, minimum = -Infinity, maximum = Infinity }: Asked,
  question: (prompt: string) => Promise<string>,
): Promise<number | string> {
  const range = Number.isFinite(minimum) || Number.isFinite(maximum) ? `, ${minimum} to ${maximum}` : "";
  for (;;) {
    const text = (
      await question(unit === undefined ? `${description}: ` : `${description} (${unit}${range}): `)
    ).trim();
    if (unit === undefined && text !== "") return text;
    const value = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : Number.NaN;
    if (value >= minimum && value <= maximum) return value;
    if (unit !== undefined)
      terminal.warn(
        `"${text}" is no number${range === "" ? "" : ` from ${minimum} to ${maximum}`}; write it with a point`,
      );
  }
}
