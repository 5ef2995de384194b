import { solveLower } from "../../numerics/index.ts";
import { type GaussianProcess, type TrainingData, variancesOfResults } from "./gaussian-process.ts";

/** A value that the others say can't be right. */
export interface Outlier {
  /** Row of the training data. */
  readonly row: number;
  /** Distance from what the other data predict, in standard deviations of that prediction. */
  readonly deviation: number;
  /** Variance to be added to the value's own, in the quantity's unit squared. */
  readonly excess: number;
}

/** With fewer data a fit can't tell a wrong value from a feature of the function. */
const LEAST_DATA = 10;
/** A normal error is that far off once in 400 values: worth a trial fit without it. */
const SUSPECT = 3;
/** More of the data than this can't be exceptions. */
const MOST = 0.1;

/**
 * Finds values that all others, taken together, hold for impossible. With α = K⁻¹(y - m), a value left out is
 * predicted with the variance sᵢ² = 1 / [K⁻¹]ᵢᵢ and missed by rᵢ = αᵢ / [K⁻¹]ᵢᵢ; the extra variance under which it is
 * most probable is max(0, rᵢ² - sᵢ²).
 * Source: Rasmussen and Williams, Gaussian Processes for Machine Learning (2006), equations 5.10 to 5.12; the extra
 * variances are those of relevance pursuit (Ament et al., Robust Gaussian processes via relevance pursuit, NeurIPS 2024).
 *
 * @returns the worst first, at most a tenth of the data
 */
export function outliersOf(gp: GaussianProcess): Outlier[] {
  const { data, factor, weights, scale } = gp;
  const { count } = data;
  if (count < LEAST_DATA) return [];
  const found: Outlier[] = [];
  const totals = variancesOfResults(gp);
  for (let row = 0; row < count; row++) {
    const weight = weights[row] as number;
    // [K⁻¹]ᵢᵢ ≥ 1 / Kᵢᵢ bounds the deviation, and spares the solution for most rows.
    if (Math.abs(weight) * Math.sqrt(totals[row] as number) < SUSPECT) continue;
    const precision = precisionAt(row);
    const deviation = weight / Math.sqrt(precision);
    if (Math.abs(deviation) < SUSPECT) continue;
    const miss = weight / precision;
    found.push({ row, deviation, excess: (miss * miss - 1 / precision) * scale * scale });
  }
  return found
    .sort((a, b) => Math.abs(b.deviation) - Math.abs(a.deviation))
    .slice(0, Math.floor(MOST * count));

  /** [K⁻¹]ᵢᵢ = |L⁻¹ eᵢ|². */
  function precisionAt(row: number): number {
    const unit = new Float64Array(count);
    unit[row] = 1;
    solveLower(factor, unit, row);
    let sum = 0;
    for (let i = row; i < count; i++) sum += (unit[i] as number) * (unit[i] as number);
    return sum;
  }
}

/** The data with the extra variances of their outliers. */
export function damped(data: TrainingData, outliers: readonly Outlier[]): TrainingData {
  const variances = data.variances.slice();
  for (const { row, excess } of outliers) variances[row] = (variances[row] as number) + excess;
  return { ...data, variances };
}
