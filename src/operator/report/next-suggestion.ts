import { decide } from "../../experiment/design/decide.ts";
import type { Suggestion } from "../../experiment/design/task/suggestion.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import type { Progress } from "../../lab/progress.ts";
import type { LoopDefinition } from "../../loop/definition.ts";

/** What a campaign would try next, or why nothing can be said. */
export type NextSuggestion =
  | {
      readonly kind: "suggestion";
      readonly suggestion: Suggestion;
      /** Settings that were decided on and have no result yet. */
      readonly pending: readonly Setting[];
    }
  | { readonly kind: "none"; readonly why: string };

/** What the campaign's own strategy suggests after all that it has learned, as its next decision would. */
export function nextSuggestion({ problem }: LoopDefinition, { state, belief }: Progress): NextSuggestion {
  const { waiting, designed } = state.campaign.context;
  const running = Object.values(state.experiments).map(({ context }) => context.setting);
  const pending = [...waiting.map(({ setting }) => setting), ...running];
  try {
    const [suggestion] = decide({
      problem,
      data: belief.observations,
      belief,
      pending,
      count: 1,
      decision: designed,
    });
    return suggestion === undefined
      ? { kind: "none", why: "every setting that may be tried has been tried or is under way" }
      : { kind: "suggestion", suggestion, pending };
  } catch (error) {
    return { kind: "none", why: `the strategy failed: ${(error as Error).message}` };
  }
}
