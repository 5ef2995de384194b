import type { Value } from "../../base/expression/evaluate.ts";
import type { Expression } from "../../base/expression/expression.ts";
import type { Place } from "../../base/fault.ts";
import type { Unit } from "../../base/unit.ts";
import type { QuestionTerms } from "../../loop/question-terms.ts";
import type { WatchedProperty } from "../watch/watched.ts";

/** An action as it is done or planned, with its instrument's name in the lab file. */
export interface Act {
  readonly instrument: string;
  readonly action: string;
  /** In the units of the driver; undefined for what isn't known. */
  readonly arguments: Readonly<Record<string, number | string | undefined>>;
}

/**
 * An action by the name that the lab file has for its instrument.
 *
 * @param roles - instrument of the lab for each role; a name that is none is the instrument's own
 */
export function actOf(
  roles: Readonly<Record<string, string>>,
  role: string,
  action: string,
  given: Act["arguments"],
): Act {
  return { instrument: roles[role] ?? role, action, arguments: given };
}

/** An argument of an action that rules speak of. */
export interface ActArgument {
  /** As expressions have it, such as "pump.dispense.volume". */
  readonly name: string;
  readonly instrument: string;
  readonly action: string;
  readonly argument: string;
  /** In which the driver takes it; undefined for a choice. */
  readonly unit: Unit | undefined;
  /** Of a choice. */
  readonly choices?: readonly string[];
}

/** What each doing of one action counts for: an argument, or an expression of several. */
export interface Term {
  readonly instrument: string;
  readonly action: string;
  readonly expression: Expression;
  readonly arguments: readonly ActArgument[];
}

/** What every rule has. */
interface Rule {
  readonly name: string;
  readonly why: string;
  /** Where it is written. */
  readonly place: Place;
}

/** A sum over the actions of one experiment that must not come above a limit; it begins at 0. */
export interface Envelope extends Rule {
  readonly adds: readonly Term[];
  readonly takes: readonly Term[];
  /** In coherent SI units. */
  readonly most: number;
  /** In which it is told. */
  readonly unit: Unit;
}

/** One entry of a forbidden combination. */
export interface ForbiddenAct {
  readonly text: string;
  readonly instrument: string;
  /** Every action of the instrument when absent. */
  readonly action?: string;
  /** Arguments of which a 0 means that nothing is done. */
  readonly amounts: readonly string[];
}

/** A condition over parameters, arguments that were given in the experiment, and properties. */
export interface RuleCondition {
  readonly text: string;
  readonly expression: Expression;
  readonly arguments: readonly ActArgument[];
  readonly properties: readonly WatchedProperty[];
}

/** Actions that must not meet in one experiment, or must not be done while a condition holds. */
export interface Forbidden extends Rule {
  readonly these: readonly ForbiddenAct[];
  readonly when?: RuleCondition;
}

/** Experiments that need a person's approval. */
export type ApprovalRule = Rule & {
  /** Who may approve, and until when; anybody at any time when absent. */
  readonly terms?: QuestionTerms;
} & (
    | { readonly kind: "first experiment" }
    | { readonly kind: "first choice"; readonly parameter: string }
    | { readonly kind: "when"; readonly when: RuleCondition }
    /** Outside of the box of measured settings, widened by this share of its width. */
    | { readonly kind: "outside explored"; readonly margin: number }
  );

/** The rules of safety of a lab and a campaign, as data. */
export interface SafetyRules {
  readonly envelopes: readonly Envelope[];
  readonly forbidden: readonly Forbidden[];
  readonly approval: readonly ApprovalRule[];
}

/** No rules. */
export const NO_RULES: SafetyRules = { envelopes: [], forbidden: [], approval: [] };

/** Whether there is anything to keep. */
export function hasRules({ envelopes, forbidden, approval }: SafetyRules): boolean {
  return envelopes.length + forbidden.length + approval.length > 0;
}

/** The rules of a lab with those of a campaign. */
export function joinedRules(a: SafetyRules, b: SafetyRules): SafetyRules {
  return {
    envelopes: [...a.envelopes, ...b.envelopes],
    forbidden: [...a.forbidden, ...b.forbidden],
    approval: [...a.approval, ...b.approval],
  };
}

/** The properties that rules read right before an action. */
export function propertiesIn(rules: SafetyRules): WatchedProperty[] {
  const all = rules.forbidden.flatMap(({ when }) => when?.properties ?? []);
  return [...new Map(all.map((each) => [each.name, each])).values()];
}

/** Values of parameters and constants in coherent SI units, by name. */
export type SettingValues = Readonly<Record<string, Value>>;
