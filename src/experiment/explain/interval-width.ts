import { randomStream } from "../../base/random.ts";
import type { FeatureMap } from "../../hypothesis/features.ts";
import { fitGaussianProcess } from "../../hypothesis/surrogate/fit-gaussian-process.ts";
import { type GaussianProcess } from "../../hypothesis/surrogate/gaussian-process.ts";
import { predictorOf } from "../../hypothesis/surrogate/prediction.ts";
import { rowsOf } from "../../hypothesis/surrogate/training-data.ts";
import { normalQuantile, quantile } from "../../numerics/index.ts";

/** Share of measurements that intervals are to hold. */
const HELD = 0.9;
const NORMAL: number = normalQuantile((1 + HELD) / 2);
/** With fewer values their own misses say too little of how far off others will be. */
const LEAST_DATA = 10;
/** A fit flatters the data that it was tuned on, so that each part is predicted by a fit to the others. */
const PARTS = 8;

/**
 * Standard deviations to either side, noise included, that hold 90 % of the results when each is predicted by a fit that
 * didn't see it, and one more result that may lie anywhere; at least those of a normal distribution.
 * Source: Barber et al., Predictive inference with the jackknife+ (Annals of Statistics 49, 2021), K-fold and with
 * standardised misses.
 */
export function intervalWidth(process: GaussianProcess, map: FeatureMap, seed: number): number {
  const { data, kernel } = process;
  const { count, dimension, inputs } = data;
  if (count < LEAST_DATA || dimension !== map.dimension) return NORMAL;
  const rows = Array.from({ length: count }, (_, row) => row);
  const misses: number[] = [];
  for (let part = 0; part < PARTS; part++) {
    const seen = rows.filter((row) => row % PARTS !== part);
    const [fitted] = fitGaussianProcess(rowsOf(data, seen), {
      kernels: [kernel],
      groups: map.groups,
      warped: process.hyper.warps?.map(({ feature }) => feature),
      random: randomStream(seed, part, "interval width"),
    });
    if (fitted === undefined) return NORMAL;
    const predict = predictorOf(fitted.process);
    const { scale, hyper } = fitted.process;
    for (let row = part; row < count; row += PARTS) {
      const { mean, variance } = predict(inputs, row * dimension);
      const spread = variance + hyper.noise * scale * scale + (data.variances[row] as number);
      misses.push(Math.abs((data.values[row] as number) - mean) / Math.sqrt(spread));
    }
  }
  return Math.max(NORMAL, quantile(misses, Math.min(1, HELD * (1 + 1 / count))));
}
