import { describeFault } from "../../base/fault.ts";
import { compileProblem } from "../compile/problem.ts";
import { checkSchema } from "../file/check-schema.ts";
import { parseSourceFile } from "../file/source-file.ts";
import { questionSchema, type WrittenQuestion } from "../schema/campaign-schema.ts";
import { type SavedStrategy, Strategy, strategyFor } from "./strategy.ts";

/** What a strategy is to find out: the same words as in a campaign file. */
export type StrategyDefinition = Pick<
  WrittenQuestion,
  | "parameters"
  | "mixtures"
  | "constraints"
  | "constants"
  | "measurements"
  | "goal"
  | "hypotheses"
  | "design"
  | "seed"
>;

/**
 * A strategy that suggests settings and learns from results, on plain data, without instruments.
 *
 * @param definition - parameters, measurements and goal, as in a campaign file
 * @throws TypeError that tells everything that is wrong with the definition
 */
export function createStrategy(definition: StrategyDefinition): Strategy {
  // As JSON the definition has lines, so that messages can point at them.
  const parsed = parseSourceFile("definition", JSON.stringify(definition, null, 2));
  if (parsed.kind === "faults") throw refusal(parsed.faults);
  const checked = checkSchema(parsed.source, questionSchema);
  if (checked.kind === "faults") throw refusal(checked.faults);
  const compiled = compileProblem(parsed.source, checked.data, undefined);
  if (compiled.kind === "faults") throw refusal(compiled.faults);
  return strategyFor(compiled.problem);
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

function refusal(faults: readonly Parameters<typeof describeFault>[0][]): TypeError {
  return new TypeError(faults.map(describeFault).join("\n"));
}
