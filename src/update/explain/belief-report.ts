/** How one observation moved one hypothesis. */
export interface Movement {
  readonly name: string;
  readonly measurement: string;
  /** What the hypothesis expected before it saw the value, noise included; in the measurement's unit. */
  readonly predicted: { readonly mean: number; readonly sd: number };
  readonly observed: number;
  /** ln of the predictive density at the observed value. */
  readonly logLikelihood: number;
  readonly weightBefore: number;
  readonly weightAfter: number;
  /** False while a surrogate has too few data to be judged; its weight then stays. */
  readonly judged: boolean;
}

/** Why a belief moved, in numbers. */
export interface BeliefReport {
  readonly experiment: number;
  /** Empty when the experiment failed. */
  readonly movements: readonly Movement[];
}

/** A movement as people read it, such as "Arrhenius: 0.31 ± 0.02 predicted, 0.34 measured; weight 0.40 → 0.62". */
export function describeMovement(movement: Movement): string {
  const { name, predicted, observed, weightBefore, weightAfter, judged } = movement;
  const expected = `${short(predicted.mean)} ± ${short(predicted.sd)} predicted`;
  const weight = judged
    ? `weight ${weightBefore.toFixed(2)} → ${weightAfter.toFixed(2)}`
    : "too few data to judge it by";
  return `${name}: ${expected}, ${short(observed)} measured; ${weight}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(4)));
}
