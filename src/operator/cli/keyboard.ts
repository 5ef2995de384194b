import { createInterface } from "node:readline/promises";

/** What came of questions at the keyboard, or why there is no answer. */
export type Typed<T> =
  | { readonly kind: "typed"; readonly value: T }
  | { readonly kind: "interrupted"; readonly why: string };

/** Settles when nobody is at the keyboard any more. */
let free: Promise<void> = Promise.resolve();

/**
 * Lets one question after the other be answered at the keyboard, whoever asks: a line that is typed answers one of them. One that
 * is taken back before its turn isn't asked.
 *
 * @param signal - takes the questions back
 * @param work - asks, each time with a prompt, and gets the line that was typed
 */
export async function atKeyboard<T>(
  signal: AbortSignal | undefined,
  work: (question: (prompt: string) => Promise<string>) => Promise<T>,
): Promise<Typed<T>> {
  const before = free;
  let leave = (): void => undefined;
  free = new Promise((resolve) => {
    leave = resolve;
  });
  const isTurn = await Promise.race([before.then(() => true), aborted(signal)]);
  if (!isTurn) {
    // Who comes later still waits for those before.
    void before.then(leave);
    return { kind: "interrupted", why: "the question was taken back" };
  }
  try {
    return await typed(signal, work);
  } finally {
    leave();
  }
}

function aborted(signal: AbortSignal | undefined): Promise<false> {
  return new Promise((resolve) => {
    if (signal?.aborted) resolve(false);
    signal?.addEventListener("abort", () => resolve(false), { once: true });
  });
}

/**
 * Lets questions be answered at the keyboard, until the signal, Ctrl-C or the end of the input ends them.
 *
 * @param work - asks one question after the other, each a prompt that gives the line that was typed
 */
async function typed<T>(
  signal: AbortSignal | undefined,
  work: (question: (prompt: string) => Promise<string>) => Promise<T>,
): Promise<Typed<T>> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const ended = new AbortController();
  const until = signal === undefined ? ended.signal : AbortSignal.any([signal, ended.signal]);
  // While a line is read, Ctrl-C is a key: whoever listens for the signal is told all the same.
  lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  lines.once("close", () => ended.abort(new Error("the input at the terminal ended")));
  try {
    const value = await work((prompt) => lines.question(prompt, { signal: until }));
    return { kind: "typed", value };
  } catch (error) {
    if (!until.aborted) throw error;
    const why = until.reason instanceof Error ? until.reason.message : "the question was taken back";
    return { kind: "interrupted", why };
  } finally {
    lines.close();
  }
}
