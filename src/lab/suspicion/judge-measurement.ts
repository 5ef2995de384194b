import type { Setting } from "../../hypothesis/parameter.ts";
import type { EventOf } from "../../loop/event.ts";
import type { History } from "../../loop/history.ts";
import type { Measured } from "../../loop/measure.ts";
import { UNLIKE_ANSWERS, type UnlikePolicy } from "../../loop/suspicion.ts";
import type { Suspect } from "../../measurement/quality/run-record.ts";
import { type AskPerson, askAmong, SIMULATED } from "../ask-person.ts";
import { describeSuspect } from "./describe-suspect.ts";

/** What a measurement is judged with. */
export interface JudgeOptions {
  readonly history: History;
  readonly policy: UnlikePolicy;
  readonly ask: AskPerson;
  readonly signal: AbortSignal;
}

/** An experiment that was measured. */
export interface JudgedExperiment {
  readonly experiment: number;
  readonly setting: Setting;
  /** The experiment that it was done again for. */
  readonly repeats?: number;
  readonly measured: Measured;
}

type Judged = Measured &
  Pick<EventOf<"measurement.recorded">, "suspect" | "judgedBy" | "withheld" | "confirms">;

/**
 * Compares an experiment with those before it, and does with its result what the policy or a person says. A repetition that
 * is unlike the others in the same way confirms what was withheld; one that isn't leaves it out.
 */
export async function judgeMeasurement(
  { history, policy, ask, signal }: JudgeOptions,
  { experiment, setting, repeats, measured }: JudgedExperiment,
): Promise<Judged> {
  if (measured.unusable.length > 0) return measured;
  const suspect = history.judge(experiment, setting, measured.values);
  const first = repeats === undefined ? undefined : history.withheld(repeats);
  if (suspect.length === 0) return measured;
  const told = { ...measured, suspect };
  if (first !== undefined) {
    const { suspect: then = [], values } = first;
    const agrees = suspect.some((each) => then.some((other) => isSame(each, other)));
    return agrees ? { ...told, confirms: { experiment: first.experiment, setting, values } } : told;
  }
  const { answer, by } =
    policy === "ask"
      ? await asked({ ask, signal }, experiment, suspect)
      : { answer: ANSWER[policy], by: FILE };
  switch (answer) {
    case "keep":
      return policy === "ask" ? { ...told, judgedBy: by } : told;
    case "discard":
      return { ...told, judgedBy: by, unusable: suspect.map(describeSuspect) };
    case "repeat":
      return { ...told, judgedBy: by, withheld: true };
  }
}

const FILE = "the campaign file";

const ANSWER = { note: "keep", repeat: "repeat", discard: "discard" } as const;

function isSame(a: Suspect, b: Suspect): boolean {
  return a.what === b.what && a.of === b.of && a.z > 0 === b.z > 0;
}

/** Asks until the answer is one; where nobody is there to answer, the result is kept and marked. */
async function asked(
  { ask, signal }: Pick<JudgeOptions, "ask" | "signal">,
  experiment: number,
  suspect: readonly Suspect[],
): Promise<{ readonly answer: (typeof UNLIKE_ANSWERS)[number]; readonly by: string }> {
  const question = `experiment ${experiment} is unlike those before: ${suspect.map(describeSuspect).join("; ")}. Keep its result, discard it, or repeat the experiment?`;
  const answer = await askAmong(ask, { question, answers: UNLIKE_ANSWERS, signal });
  return answer === undefined ? { answer: "keep", by: SIMULATED } : { answer, by: "a person" };
}
