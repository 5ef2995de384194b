import type { FeatureMap } from "../features.ts";
import type { Kernel, KernelFactor } from "./covariance/kernel.ts";
import type { TuningOptions } from "./covariance/tuning.ts";
import type { NamedFactor, Surrogate } from "./surrogate.ts";

/** What a fit of a surrogate tunes. */
export interface SurrogateTuning extends Omit<TuningOptions, "kernel"> {
  readonly kernels: readonly Kernel[];
}

/**
 * What is tuned in a surrogate over the features of a map.
 *
 * @param usual - kernels that compete where the surrogate names none
 * @param groups - those of the map, and of further features behind them that tell campaigns apart
 */
export function surrogateTuning(
  surrogate: Surrogate | undefined,
  map: FeatureMap,
  usual: readonly Kernel[],
  groups: Int32Array = map.groups,
): SurrogateTuning {
  const { kernel, inputWarping } = surrogate ?? {};
  return {
    kernels:
      kernel === undefined ? usual : [typeof kernel === "string" ? kernel : kernelOver(map, kernel, groups)],
    groups,
    ...(inputWarping === true && { warped: map.numbers }),
  };
}

/** One value for each kernel as it is written: fits tell kernels apart by identity. */
function kernelOver(
  map: FeatureMap,
  terms: readonly (readonly NamedFactor[])[],
  groups: Int32Array,
): readonly (readonly KernelFactor[])[] {
  const own = Array.from(map.groups.keys());
  const rest = Array.from(groups.keys()).slice(own.length);
  return terms.map((factors) => [
    ...factors.map(({ kind, parameters }) => ({
      kind,
      features: parameters === undefined ? own : parameters.flatMap((name) => map.featuresOf.get(name) ?? []),
    })),
    ...(rest.length > 0 ? [{ kind: "matern52", features: rest } as const] : []),
  ]);
}
