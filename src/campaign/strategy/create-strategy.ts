import { describeFault } from "../../base/fault.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { candidatesInProgram } from "../compile/candidate-source.ts";
import { compileProblem } from "../compile/problem.ts";
import { checkSchema } from "../file/check-schema.ts";
import { parseSourceFile } from "../file/source-file.ts";
import { questionSchema, type WrittenQuestion } from "../schema/campaign-schema.ts";
import { withEarlierResults } from "./earlier-results.ts";
import type { Result } from "./result.ts";
import { type SavedStrategy, Strategy, strategyFor } from "./strategy.ts";

/** What a strategy is to find out: the same words as in a campaign file. */
export type StrategyDefinition = Pick<
  WrittenQuestion,
  | "parameters"
  | "mixtures"
  | "constraints"
  | "symmetries"
  | "constants"
  | "measurements"
  | "goal"
  | "limits"
  | "hypotheses"
  | "surrogate"
  | "design"
  | "seed"
> & {
  /**
   * The only settings that may be tried, each entry once; at most 100,000. Numbers are in their parameters' units, or
   * texts with a unit.
   */
  readonly candidates?: readonly Setting[];
  /**
   * Results of earlier campaigns over the same parameters, a list for each: what they say counts as far as it turns
   * out to hold.
   */
  readonly earlier?: readonly (readonly Result[])[];
};

/**
 * A strategy that suggests settings and learns from results, on plain data, without instruments.
 *
 * @param definition - parameters, measurements and goal, as in a campaign file
 * @throws TypeError that tells everything that is wrong with the definition
 */
export function createStrategy(definition: StrategyDefinition): Strategy {
  const { candidates, earlier = [], ...question } = definition;
  if (candidates !== undefined && !areSettings(candidates))
    throw new TypeError("`candidates` has to be a list of settings: [{ name: value, … }, …]");
  // As JSON the definition has lines, so that messages can point at them.
  const parsed = parseSourceFile("definition", JSON.stringify(question, null, 2));
  if (parsed.kind === "faults") throw refusal(parsed.faults);
  const checked = checkSchema(parsed.source, questionSchema);
  if (checked.kind === "faults") throw refusal(checked.faults);
  const compiled = compileProblem(
    parsed.source,
    checked.data,
    candidates === undefined ? {} : { candidates: candidatesInProgram(candidates) },
  );
  if (compiled.kind === "faults") throw refusal(compiled.faults);
  return strategyFor(withEarlierResults(compiled.problem, earlier));
}

/**
 * A strategy as `JSON.stringify` kept it; it goes on as if it had never been put away.
 *
 * @throws TypeError when the data aren't those of a strategy of this format
 */
export function strategyFromJson(saved: SavedStrategy): Strategy {
  if (saved?.labloop !== 1 || saved.problem === undefined || saved.belief === undefined)
    throw new TypeError("this is no strategy of format 1; give what JSON.parse reads from a stringified one");
  return new Strategy(saved);
}

/** Callers without types may give anything. */
function areSettings(candidates: unknown): boolean {
  return (
    Array.isArray(candidates) &&
    candidates.every((each: unknown) => {
      if (typeof each !== "object" || each === null || Array.isArray(each)) return false;
      return Object.values(each).every((value) => typeof value === "string" || typeof value === "number");
    })
  );
}

function refusal(faults: readonly Parameters<typeof describeFault>[0][]): TypeError {
  return new TypeError(faults.map(describeFault).join("\n"));
}
