import type { Random } from "../../../base/random.ts";
import type { Observation } from "../../../hypothesis/observation.ts";
import { simplexPoint } from "../../../numerics/index.ts";
import { lossOf } from "../task/loss.ts";
import type { Objective } from "../task/problem.ts";

/** Share of the weighted sum in the augmented norm (Knowles, ParEGO, 2006). */
const AUGMENTATION = 0.05;

/** Weights of objectives, uniform on the simplex, by measurement. */
export function randomWeights(objectives: readonly Objective[], random: Random): Record<string, number> {
  const uniforms = Array.from({ length: objectives.length - 1 }, () => random.uniform());
  const shares = simplexPoint(uniforms);
  return Object.fromEntries(objectives.map(({ measurement }, k) => [measurement, shares[k] as number]));
}

/** Name of the scalarised loss among the values of an observation. */
export const SCALARISED = "scalarised loss";

/**
 * Adds to each complete observation its augmented Chebyshev loss,
 *     max wₖ lₖ + 0.05 Σ wₖ lₖ,
 * where lₖ is the loss of objective k between the best (0) and the worst (1) observed.
 * Source: Knowles, ParEGO (IEEE Trans. Evol. Comput. 10:50, 2006), equation 2.
 */
export function scalarised(
  observations: readonly Observation[],
  objectives: readonly Objective[],
  weights: Readonly<Record<string, number>>,
): Observation[] {
  const complete = observations.filter(({ outcome }) =>
    objectives.every(({ measurement }) => outcome.kind === "measured" && outcome.values[measurement]),
  );
  const losses = objectives.map(({ measurement, direction }) =>
    complete.map(({ outcome }) =>
      outcome.kind === "measured" ? lossOf(direction, outcome.values[measurement]?.value ?? 0) : 0,
    ),
  );
  const shares = losses.map((loss, k) => {
    const least = Math.min(...loss);
    const range = Math.max(...loss) - least || 1;
    return loss.map((each) => ((weights[objectives[k]?.measurement ?? ""] ?? 0) * (each - least)) / range);
  });
  return complete.map((observation, i) => {
    const parts = shares.map((share) => share[i] as number);
    const value = Math.max(...parts) + AUGMENTATION * parts.reduce((a, b) => a + b, 0);
    return {
      ...observation,
      outcome: { kind: "measured", values: { [SCALARISED]: { value, standardUncertainty: 0 } } },
    };
  });
}
