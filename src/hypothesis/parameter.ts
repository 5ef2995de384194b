import type { Expression } from "../base/expression/expression.ts";

/** What a parameter may say about when and by whom it is set. */
export interface Choosing {
  /** Over other parameters, in coherent SI: where it is 0, the parameter has no meaning and rests. */
  readonly when?: Expression;
  /** Where it rests, in its own unit; its minimum, first level or first choice by default. */
  readonly otherwise?: number | string;
  /** Observed before an experiment, such as the humidity of the day, but not chosen. */
  readonly context?: true;
}

/** A quantity that may be any number between two limits. */
export interface ContinuousParameter extends Choosing {
  readonly kind: "continuous";
  readonly name: string;
  readonly unit: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly scale: "linear" | "log";
}

/** A quantity that an instrument can make in whole steps only: minimum + k·step for whole k. */
export interface SteppedParameter extends Choosing {
  readonly kind: "stepped";
  readonly name: string;
  readonly unit: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly step: number;
}

/** A count. */
export interface IntegerParameter extends Choosing {
  readonly kind: "integer";
  readonly name: string;
  readonly unit: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly scale: "linear" | "log";
}

/** A quantity with a few possible values in an order. */
export interface OrdinalParameter extends Choosing {
  readonly kind: "ordinal";
  readonly name: string;
  readonly unit: string;
  /** In rising order. */
  readonly levels: readonly number[];
}

/** A choice among names without order. */
export interface CategoricalParameter extends Choosing {
  readonly kind: "categorical";
  readonly name: string;
  readonly choices: readonly string[];
  /** Numbers that describe each choice (of equal length), so that alike choices are expected to behave alike. */
  readonly descriptors?: Readonly<Record<string, readonly number[]>>;
  /** The distances between descriptors count as they are: descriptors are scaled together and share a length-scale. */
  readonly embedded?: true;
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
