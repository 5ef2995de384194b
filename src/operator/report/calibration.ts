import type { MeasuredQuantity } from "../../hypothesis/observation.ts";
import { normalQuantile } from "../../numerics/index.ts";
import type { ExperimentRecord } from "../../record/export/experiment-record.ts";

/** A prediction that was made when an experiment was suggested, and what was measured; in the measurement's unit. */
export interface Prediction {
  readonly experiment: number;
  readonly mean: number;
  /** Of what is measured: of the prediction, with the noise of the measurement where it is known. */
  readonly sd: number;
  readonly measured: number;
  /** (measured - mean) / sd. */
  readonly residual: number;
}

/** How often something held that should hold with a probability. */
export interface Coverage {
  readonly level: number;
  readonly within: number;
  readonly of: number;
  /** Counts that 95 % of well calibrated models stay within. */
  readonly usual: readonly [least: number, most: number];
}

/** How well predictions of one measurement came true. */
export interface Calibration {
  readonly measurement: string;
  readonly unit: string;
  readonly predictions: readonly Prediction[];
  /** Of the 50 and 90 % intervals. */
  readonly coverage: readonly Coverage[];
  /** Root of the mean squared residual; 1 when spreads are right. */
  readonly rms: number;
  /** Whether the noise of every measurement was known. */
  readonly noiseKnown: boolean;
}

const LEVELS = [0.5, 0.9];

/** Compares what was predicted of a measurement with what came out; experiments before the first data have no prediction. */
export function calibrationOf(
  { name, unit, noise: declared = 0 }: MeasuredQuantity,
  records: readonly ExperimentRecord[],
): Calibration {
  let noiseKnown = true;
  const predictions = records.flatMap((record): Prediction[] => {
    const predicted = record.reasons.predicted[name];
    const measured = record.state === "measured" ? record.values[name] : undefined;
    if (predicted === undefined || measured === undefined) return [];
    const noise = measured.standardUncertainty || declared;
    const sd = Math.hypot(predicted.sd, noise);
    if (!(sd > 0)) return [];
    if (noise === 0) noiseKnown = false;
    const residual = (measured.value - predicted.mean) / sd;
    return [{ experiment: record.number, mean: predicted.mean, sd, measured: measured.value, residual }];
  });
  const of = predictions.length;
  const coverage = LEVELS.map((level): Coverage => {
    const width = normalQuantile(0.5 + level / 2);
    const within = predictions.filter(({ residual }) => Math.abs(residual) <= width).length;
    return { level, within, of, usual: usualCounts(of, level) };
  });
  const squares = predictions.reduce((sum, { residual }) => sum + residual * residual, 0);
  return { measurement: name, unit, predictions, coverage, rms: Math.sqrt(squares / of), noiseKnown };
}

/** The least and the most of `n` trials that succeed with 2.5 % in each tail at most, by the binomial distribution. */
export function usualCounts(n: number, probability: number): readonly [least: number, most: number] {
  const cumulative: number[] = [];
  let term = (1 - probability) ** n;
  let sum = 0;
  for (let k = 0; k <= n; k++) {
    sum += term;
    cumulative.push(sum);
    term *= ((n - k) / (k + 1)) * (probability / (1 - probability));
  }
  const first = (level: number): number => {
    const k = cumulative.findIndex((each) => each >= level);
    return k < 0 ? n : k;
  };
  return [first(0.025), first(0.975)];
}
