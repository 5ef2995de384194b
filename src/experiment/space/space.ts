import type { Expression } from "../../base/expression/expression.ts";
import type { Parameter } from "../../hypothesis/parameter.ts";

import type { Symmetry } from "../../hypothesis/symmetry.ts";

export type { Parameter } from "../../hypothesis/parameter.ts";

/** Continuous or stepped parameters of one unit that together make a whole. */
export interface Mixture {
  readonly parameters: readonly string[];
  readonly total: number;
  readonly unit: string;
  /** How many parts may differ from 0; a part's minimum then holds only where it is there at all. */
  readonly atMost?: number;
}

/** A condition that settings must meet. */
export interface Constraint {
  readonly name: string;
  /** Over names of parameters, in coherent SI; not 0 where the setting is allowed. */
  readonly expression: Expression;
  /** As it was written, for messages. */
  readonly text: string;
}

/** The settings that a campaign may try. */
export interface Space {
  readonly parameters: readonly Parameter[];
  readonly mixtures: readonly Mixture[];
  readonly constraints: readonly Constraint[];
  /** What may be done to a setting without changing what comes out. */
  readonly symmetries?: readonly Symmetry[];
  /** Values that context parameters have at present, see `withContext`. */
  readonly pinned?: Readonly<Record<string, number | string>>;
}
