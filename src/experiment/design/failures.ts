import type { Observation, ObservedValue } from "../../hypothesis/observation.ts";
import type { Direction } from "./problem.ts";

/** How bad a value is; larger is worse. */
export function lossOf(direction: Direction, value: number): number {
  switch (direction.kind) {
    case "minimise":
      return value;
    case "maximise":
      return -value;
    case "target":
      return Math.abs(value - direction.value);
  }
}

/**
 * Lets failed experiments count as the worst measured ones, so that the search keeps away from where
 * experiments fail without a model of failure.
 */
export function withFailuresAsWorst(
  observations: readonly Observation[],
  directions: ReadonlyMap<string, Direction>,
): Observation[] {
  const worst: Record<string, ObservedValue> = {};
  for (const [measurement, direction] of directions) {
    for (const { outcome } of observations) {
      const observed = outcome.kind === "measured" ? outcome.values[measurement] : undefined;
      const least = worst[measurement];
      if (
        observed !== undefined &&
        (least === undefined || lossOf(direction, observed.value) > lossOf(direction, least.value))
      )
        worst[measurement] = observed;
    }
  }
  return observations.map((observation) =>
    observation.outcome.kind === "failed"
      ? { ...observation, outcome: { kind: "measured", values: worst } }
      : observation,
  );
}
