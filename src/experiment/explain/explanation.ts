/** What a surrogate has learned, how far it can be trusted, and what there is left to gain; plain data. */
export interface Explanation {
  readonly measurement: string;
  /** Measured values that the surrogate rests on. */
  readonly observations: number;
  /** One sentence for people. */
  readonly verdict: string;
  readonly trust?: Trust;
  readonly best?: Best;
  readonly outlook?: Outlook;
  /** The most important first. */
  readonly importance: readonly Importance[];
  readonly dependence: readonly Dependence[];
  /** Experiments whose results the others hold for impossible, the worst first. */
  readonly outliers: readonly number[];
}

/** How well each value is predicted from all others. */
export interface Trust {
  /** Share of the variance that is predicted; 0 is no better than the mean, and it may be negative. */
  readonly r2: number;
  /** Share of values within their 90 % intervals. */
  readonly coverage90: number;
  /** Continuous ranked probability score relative to that of a normal distribution with the data's mean and spread. */
  readonly relativeCrps: number;
}

/** The best setting so far. */
export interface Best {
  readonly experiment: number;
  readonly setting: Readonly<Record<string, number | string>>;
  /** Expected value, noise taken out, and its standard deviation; in the measurement's unit. */
  readonly mean: number;
  readonly sd: number;
}

/** What further experiments promise. */
export interface Outlook {
  /** Distance from the optimum that counts as near enough, in the measurement's unit. */
  readonly tolerance: number;
  /** Probability that no setting is better than the best so far by more than the tolerance. */
  readonly withinTolerance: number;
  /** Expected improvement by the most promising experiment, in the measurement's unit. */
  readonly gainOfNext: number;
  /** The same for an hour, where it is known how long an experiment takes. */
  readonly gainPerHour?: number;
  /** How much better the optimum is expected to be than the best so far, in the measurement's unit. */
  readonly gainLeft: number;
}

/** How much of the variation of what is predicted over the space a parameter causes. */
export interface Importance {
  readonly parameter: string;
  /** First-order Sobol index: by itself. */
  readonly alone: number;
  /** Total Sobol index: with all its interactions. */
  readonly total: number;
}

/** What is expected at values of one parameter, averaged over the others. */
export interface Dependence {
  readonly parameter: string;
  readonly points: readonly {
    readonly value: number | string;
    readonly mean: number;
    /** 90 % interval of the function, averaged like the mean. */
    readonly lower: number;
    readonly upper: number;
  }[];
}
