import { evaluate, type Lookup, type Value } from "../../base/expression/evaluate.ts";
import { formatQuantity } from "../../base/quantity.ts";
import { fromSi, toSi } from "../../base/unit.ts";
import type {
  Act,
  ActArgument,
  Envelope,
  Forbidden,
  ForbiddenAct,
  RuleCondition,
  SafetyRules,
  SettingValues,
  Term,
} from "./rules.ts";

/** What an experiment has done so far, as far as rules ask. */
export interface Tally {
  /** Of each envelope, in coherent SI units. */
  readonly levels: readonly number[];
  /** Of each forbidden combination: its entries that were done. */
  readonly met: readonly ReadonlySet<number>[];
  /** The last value of each argument, by `instrument.action.argument`; undefined when it isn't known. */
  readonly last: ReadonlyMap<string, number | string | undefined>;
}

/** What is broken by an action, and why. */
export interface Breach {
  readonly rule: Envelope | Forbidden;
  readonly message: string;
}

/** The tally before the first action. */
export function openTally({ envelopes, forbidden }: SafetyRules): Tally {
  return { levels: envelopes.map(() => 0), met: forbidden.map(() => new Set()), last: new Map() };
}

/**
 * The tally after an action.
 *
 * @param certain - whether it is certain that the action was done to its end: what may not have been done fills up, and
 *   empties nothing
 */
export function tallied(rules: SafetyRules, tally: Tally, act: Act, certain: boolean): Tally {
  return {
    levels: rules.envelopes.map((envelope, i) => levelAfter(envelope, tally.levels[i] ?? 0, act, certain)),
    met: rules.forbidden.map((rule, i) => {
      const done = matching(rule, act);
      return done.length === 0 ? (tally.met[i] ?? new Set()) : new Set([...(tally.met[i] ?? []), ...done]);
    }),
    last: lastAfter(tally.last, act),
  };
}

function levelAfter({ adds, takes }: Envelope, before: number, act: Act, certain: boolean): number {
  const added = before + countOf(adds, act, 0);
  if (!certain) return added;
  // Of an unknown amount nothing can be said beforehand; at the door every amount is known.
  return Math.max(0, added - countOf(takes, act, Infinity));
}

function lastAfter(before: Tally["last"], { instrument, action, arguments: given }: Act): Tally["last"] {
  const entries = Object.entries(given).map(
    ([name, value]) => [`${instrument}.${action}.${name}`, value] as const,
  );
  return entries.length === 0 ? before : new Map([...before, ...entries]);
}

/**
 * What an action counts for by terms, in coherent SI units.
 *
 * @param unknown - what a term counts for of which an argument isn't known
 */
export function countOf(terms: readonly Term[], act: Act, unknown: number): number {
  return terms
    .filter((term) => term.instrument === act.instrument && term.action === act.action)
    .reduce((total, term) => total + (amountOf(term, act) ?? unknown), 0);
}

/** What an action counts for, in coherent SI units; undefined when an argument of it isn't known. */
function amountOf(term: Term, act: Act): number | undefined {
  return known(term.expression, (name) => {
    const argument = term.arguments.find((each) => each.name === name);
    return argument && inSi(argument, act.arguments[argument.argument]);
  });
}

function inSi({ unit }: ActArgument, value: number | string | undefined): Value | undefined {
  return typeof value === "number" && unit !== undefined ? toSi(value, unit) : value;
}

class Unknown extends Error {}

/** The value of an expression, or undefined when it depends on something that isn't known. */
function known(expression: Parameters<typeof evaluate>[0], lookup: Lookup): number | undefined {
  try {
    return evaluate(expression, (name) => {
      const value = lookup(name);
      if (value === undefined) throw new Unknown(name);
      return value;
    });
  } catch (error) {
    if (error instanceof Unknown) return undefined;
    throw error;
  }
}

/** The entries of a combination that an action is; one of a dispense of nothing is none. */
function matching({ these }: Forbidden, act: Act): number[] {
  return these.flatMap((each, i) => (isDone(each, act) ? [i] : []));
}

/** Whether an entry of a forbidden combination is about an action, of whatever amount. */
export function concerns({ instrument, action }: ForbiddenAct, act: Act): boolean {
  return instrument === act.instrument && (action === undefined || action === act.action);
}

function isDone(entry: ForbiddenAct, act: Act): boolean {
  if (!concerns(entry, act)) return false;
  // An amount that readings decide may be 0: that is judged at the door.
  const mayBeNothing = (name: string): boolean =>
    Object.hasOwn(act.arguments, name) && (act.arguments[name] === undefined || act.arguments[name] === 0);
  return !entry.amounts.some(mayBeNothing);
}

/** What else than an experiment's actions conditions depend on. */
export interface Circumstances {
  readonly values: SettingValues;
  /** Properties in coherent SI units, by name; undefined for one that can't be read. */
  readonly properties: ReadonlyMap<string, number | undefined>;
}

/** Whether a condition holds right after what was tallied; "unknown" when that depends on what isn't known. */
export function holdsAfter(
  condition: RuleCondition,
  tally: Tally,
  { values, properties }: Circumstances,
): boolean | "unknown" {
  const value = known(condition.expression, (name) => {
    const argument = condition.arguments.find((each) => each.name === name);
    if (argument === undefined) return properties.get(name) ?? values[name];
    const key = `${argument.instrument}.${argument.action}.${argument.argument}`;
    // What was never asked of an instrument is neither above nor below any level.
    return tally.last.has(key) ? inSi(argument, tally.last.get(key)) : Number.NaN;
  });
  return value === undefined ? "unknown" : value !== 0;
}

/**
 * Everything that an action would break.
 *
 * @param tally - what the experiment has done before
 * @param judged - what becomes of a condition of which it isn't known whether it holds
 */
export function breachesOf(
  rules: SafetyRules,
  tally: Tally,
  act: Act,
  around: Circumstances,
  judged: "at the door" | "beforehand",
): Breach[] {
  const after = tallied(rules, tally, act, false);
  return [
    ...rules.envelopes.flatMap((rule, i) => overflow(rule, tally.levels[i] ?? 0, after.levels[i] ?? 0)),
    ...rules.forbidden.flatMap((rule, i) => {
      const done = matching(rule, act);
      if (done.length === 0) return [];
      return rule.when === undefined
        ? together(rule, done, tally.met[i] ?? new Set())
        : under(rule, rule.when, holdsAfter(rule.when, after, around), judged);
    }),
  ];
}

function overflow(rule: Envelope, before: number, after: number): Breach[] {
  // A relative tolerance of rounding: ten parts of a tenth are not more than the whole.
  if (after <= before || after <= rule.most * (1 + 1e-9)) return [];
  const { unit } = rule;
  const show = (si: number): string => formatQuantity({ value: fromSi(si, unit), unit: unit.symbol });
  return [{ rule, message: `it would bring "${rule.name}" to ${show(after)}, above ${show(rule.most)}` }];
}

function together(rule: Forbidden, done: readonly number[], met: ReadonlySet<number>): Breach[] {
  const other = [...met, ...done].find((each) => done.some((one) => one !== each));
  if (other === undefined) return [];
  const text = rule.these[other]?.text;
  return [{ rule, message: `"${rule.name}" forbids it in one experiment with ${text}` }];
}

function under(
  rule: Forbidden,
  { text }: RuleCondition,
  holds: boolean | "unknown",
  judged: "at the door" | "beforehand",
): Breach[] {
  if (holds === true) return [{ rule, message: `"${rule.name}" forbids it while ${text}` }];
  if (holds === "unknown" && judged === "at the door")
    return [{ rule, message: `"${rule.name}" forbids it while ${text}, and that can't be told now` }];
  return [];
}
