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
