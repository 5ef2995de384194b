/** A quantity that may be any number between two limits. */
export interface ContinuousParameter {
  readonly kind: "continuous";
  readonly name: string;
  readonly unit: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly scale: "linear" | "log";
}

/** A quantity that an instrument can make in whole steps only: minimum + k·step for whole k. */
export interface SteppedParameter {
  readonly kind: "stepped";
  readonly name: string;
  readonly unit: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly step: number;
}

/** A count. */
export interface IntegerParameter {
  readonly kind: "integer";
  readonly name: string;
  readonly unit: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly scale: "linear" | "log";
}

/** A quantity with a few possible values in an order. */
export interface OrdinalParameter {
  readonly kind: "ordinal";
  readonly name: string;
  readonly unit: string;
  /** In rising order. */
  readonly levels: readonly number[];
}

/** A choice among names without order. */
export interface CategoricalParameter {
  readonly kind: "categorical";
  readonly name: string;
  readonly choices: readonly string[];
  /** Numbers that describe each choice (of equal length), so that alike choices are expected to behave alike. */
  readonly descriptors?: Readonly<Record<string, readonly number[]>>;
}

/** A quantity that stays the same in the whole campaign. */
export interface ConstantParameter {
  readonly kind: "constant";
  readonly name: string;
  readonly unit: string;
  readonly value: number;
}

/** One thing that an experiment sets. */
export type Parameter =
  | ContinuousParameter
  | SteppedParameter
  | IntegerParameter
  | OrdinalParameter
  | CategoricalParameter
  | ConstantParameter;

/** A value for each parameter: a number in the parameter's own unit, or the name of a choice. */
export type Setting = Readonly<Record<string, number | string>>;
