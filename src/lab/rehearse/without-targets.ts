import { objectivesOf } from "../../experiment/design/task/problem.ts";
import type { LoopDefinition, StopRule } from "../../loop/definition.ts";

/**
 * A campaign that doesn't end because of what is found, as far as no law says what its measurements are about: a value that was
 * drawn can't tell that enough is reached.
 */
export function withoutTargets(definition: LoopDefinition): LoopDefinition {
  const { hypotheses, goal } = definition.problem;
  const isKnown = ({ measurement }: { readonly measurement: string }): boolean =>
    hypotheses.some((each) => each.kind === "law" && each.predicts === measurement);
  const isMeant = (rule: StopRule): boolean => {
    switch (rule.kind) {
      case "goal reached":
        return rule.limits.every(isKnown);
      case "no gain":
        return objectivesOf(goal).every(isKnown);
      case "decided":
        return true;
    }
  };
  return { ...definition, stop: definition.stop.filter(isMeant) };
}
