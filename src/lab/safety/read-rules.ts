import { type ExpressionType, unitType } from "../../base/expression/dimension.ts";
import type { Expression } from "../../base/expression/expression.ts";
import { replaceNames } from "../../base/expression/replace-names.ts";
import { suggest } from "../../base/suggest.ts";
import { DIMENSIONLESS, type Dimension, sameDimension, toSi, unitOf } from "../../base/unit.ts";
import type { FaultCollector } from "../../campaign/compile/faults.ts";
import { readQuestionTerms } from "../../campaign/compile/question-terms.ts";
import {
  namesOf,
  readExpression,
  readQuantity,
  readSi,
  type Scope,
  type Wanted,
} from "../../campaign/compile/values.ts";
import type { Path, SourceFile } from "../../campaign/file/source-file.ts";
import type { Written } from "../../campaign/schema/quantity-schema.ts";
import type {
  WrittenApproval,
  WrittenEnvelope,
  WrittenForbidden,
  WrittenSafety,
} from "../../campaign/schema/safety-schema.ts";
import type { Declaration } from "../../instrument/index.ts";
import { readableProperties } from "../watch/read-watched.ts";
import type {
  ActArgument,
  ApprovalRule,
  Envelope,
  Forbidden,
  ForbiddenAct,
  RuleCondition,
  SafetyRules,
  Term,
} from "./rules.ts";

/** An instrument by one of the names that a file has for it. */
export interface NamedInstrument {
  /** Its name in the lab file. */
  readonly instrument: string;
  readonly declaration: Declaration;
}

/** What rules are read from. */
export interface RulesInput {
  readonly faults: FaultCollector;
  readonly source: SourceFile;
  readonly file: WrittenSafety;
  readonly instruments: Readonly<Record<string, NamedInstrument>>;
  /** Types of parameters and constants; none in a lab file, which serves many campaigns. */
  readonly values: Scope;
}

/** Reads the rules of safety of a lab file or a campaign file, and checks what they name. */
export function readRules(input: RulesInput): SafetyRules {
  const { envelopes = {}, forbidden = {}, approval = {} } = input.file;
  const reader = new Reader(input);
  const read = <W, R>(section: string, written: Readonly<Record<string, W>>, of: Reading<W, R>): R[] =>
    Object.entries(written).flatMap(([name, each]) => of(name, each, [section, name]) ?? []);
  return {
    envelopes: read("envelopes", envelopes, (...each) => reader.envelope(...each)),
    forbidden: read("forbidden", forbidden, (...each) => reader.forbidden(...each)),
    approval: read("approval", approval, (...each) => reader.approval(...each)),
  };
}

/** Reads what actions count for: each an argument, or an expression over arguments of one action. */
export function readTerms(
  input: RulesInput,
  written: readonly Written[],
  path: Path,
  dimension: Dimension,
): Term[] | undefined {
  return new Reader(input).terms(written, path, dimension);
}

type Reading<W, R> = (name: string, written: W, path: Path) => R | undefined;

/** Dimensions of amounts of matter: a dose of 0 of them is none. */
const MATTER = ["L", "g", "mol"].map((symbol) => unitOf(symbol).dimension);

class Reader {
  readonly #input: RulesInput;
  readonly #arguments: ReadonlyMap<string, ActArgument>;
  readonly #properties: ReturnType<typeof readableProperties>;

  constructor(input: RulesInput) {
    this.#input = input;
    this.#arguments = argumentsOf(input.instruments);
    this.#properties = readableProperties(input.instruments);
  }

  envelope(
    name: string,
    { adds, takes = [], max, why = "" }: WrittenEnvelope,
    path: Path,
  ): Envelope | undefined {
    const { faults, source } = this.#input;
    const most = readQuantity(faults, [...path, "max"], max);
    if (most === undefined) return undefined;
    const added = this.terms(adds, [...path, "adds"], most.unit.dimension);
    const taken = this.terms(takes, [...path, "takes"], most.unit.dimension);
    if (added === undefined || taken === undefined) return undefined;
    const limit = toSi(most.value, most.unit);
    if (!(limit > 0)) return this.#bad([...path, "max"], `"${max}" is no size`, "write a value above 0");
    return {
      name,
      why,
      place: source.placeOf(path),
      adds: added,
      takes: taken,
      most: limit,
      unit: most.unit,
    };
  }

  terms(written: readonly Written[], path: Path, dimension: Dimension): Term[] | undefined {
    const read = written.map((each, i) => this.#term(each, [...path, i], dimension));
    return read.includes(undefined) ? undefined : (read as Term[]);
  }

  #term(written: Written, path: Path, dimension: Dimension): Term | undefined {
    const scope = new Map(typesOf(this.#arguments));
    const expression = this.#expression(written, path, scope, { kind: "dimension", dimension });
    if (expression === undefined) return undefined;
    const named = this.#argumentsIn(expression);
    const [first] = named;
    const example = 'name an argument, such as "pump.dispense.volume"';
    if (first === undefined) return this.#bad(path, `"${written}" names no argument of an action`, example);
    const { instrument, action } = first;
    const other = named.find((each) => each.instrument !== instrument || each.action !== action);
    if (other !== undefined)
      return this.#bad(
        path,
        `"${written}" joins arguments of two actions`,
        "write one entry for each action: their values are added up",
      );
    const optional = named.find((each) => !this.#isRequired(each));
    if (optional !== undefined)
      return this.#bad(
        path,
        `"${optional.name}" may be left out of the action, and nobody knows what it is then`,
        "use an argument that is always given",
      );
    return { instrument, action, expression, arguments: named };
  }

  #isRequired({ name }: ActArgument): boolean {
    const [named = "", action = "", argument = ""] = name.split(".");
    const declared = this.#input.instruments[named]?.declaration.actions[action]?.arguments[argument];
    return declared?.required !== false;
  }

  forbidden(name: string, { these, when, why }: WrittenForbidden, path: Path): Forbidden | undefined {
    const acts = these.map((each, i) => this.#act(each, [...path, "these", i]));
    const condition =
      when === undefined ? undefined : this.#condition(when, [...path, "when"], this.#properties);
    if (acts.includes(undefined) || (when !== undefined && condition === undefined)) return undefined;
    if (when === undefined && new Set(these).size < 2)
      return this.#bad(
        [...path, "these"],
        "one action alone is no combination",
        "name two different actions, or add `when:` with a condition",
      );
    return {
      name,
      why,
      place: this.#input.source.placeOf(path),
      these: acts as ForbiddenAct[],
      ...(condition && { when: condition }),
    };
  }

  /** "pump.dispense", or "pump" for everything that it does. */
  #act(written: string, path: Path): ForbiddenAct | undefined {
    const { instruments } = this.#input;
    const [named = "", action, ...rest] = written.split(".");
    const found = Object.hasOwn(instruments, named) ? instruments[named] : undefined;
    if (found === undefined)
      return this.#bad(
        path,
        `there is no instrument "${named}"`,
        suggest(named, Object.keys(instruments), "the lab has"),
      );
    const { instrument, declaration } = found;
    if (action === undefined) return { text: written, instrument, amounts: [] };
    if (!Object.hasOwn(declaration.actions, action) || rest.length > 0)
      return this.#bad(
        path,
        `"${written}" is no action of ${named}`,
        suggest([action, ...rest].join("."), Object.keys(declaration.actions), "its actions"),
      );
    const amounts = Object.entries(declaration.actions[action]?.arguments ?? {}).flatMap(
      ([each, argument]) => (argument.kind === "number" && isMatter(argument.unit) ? [each] : []),
    );
    return { text: written, instrument, action, amounts };
  }

  approval(name: string, written: WrittenApproval, path: Path): ApprovalRule | undefined {
    const { first, when, outside, margin, why } = written;
    const given = [first, when, outside].filter((each) => each !== undefined);
    if (given.length !== 1)
      return this.#bad(
        path,
        "a rule has one of first, when and outside",
        "write two rules where two things need approval",
      );
    if (margin !== undefined && outside === undefined)
      return this.#bad([...path, "margin"], "margin goes with `outside: explored`", "take it out");
    const terms = readQuestionTerms(this.#input.faults, path, written);
    const rule = { name, why, place: this.#input.source.placeOf(path), ...(terms && { terms }) };
    if (outside !== undefined) return this.#outside(rule, margin, [...path, "margin"]);
    if (first !== undefined) return this.#first(rule, first, [...path, "first"]);
    const condition = this.#condition(when as Written, [...path, "when"], new Map());
    return condition && { ...rule, kind: "when", when: condition };
  }

  #outside(
    rule: Pick<ApprovalRule, "name" | "why" | "place" | "terms">,
    margin: Written | undefined,
    path: Path,
  ): ApprovalRule | undefined {
    const share = margin === undefined ? 0 : readSi(this.#input.faults, path, margin, DIMENSIONLESS);
    if (share === undefined) return undefined;
    if (share < 0) return this.#bad(path, `"${margin}" is no margin`, "write a share such as 10 %");
    return { ...rule, kind: "outside explored", margin: share };
  }

  #first(
    rule: Pick<ApprovalRule, "name" | "why" | "place" | "terms">,
    first: string,
    path: Path,
  ): ApprovalRule | undefined {
    if (first === "experiment") return { ...rule, kind: "first experiment" };
    const choices = [...this.#input.values].flatMap(([name, { kind }]) => (kind === "text" ? [name] : []));
    if (choices.includes(first)) return { ...rule, kind: "first choice", parameter: first };
    return this.#bad(
      path,
      `"${first}" is no parameter with choices`,
      choices.length === 0
        ? 'write "experiment"; parameters with choices are known to campaign files alone'
        : suggest(first, ["experiment", ...choices], 'write "experiment" or one of'),
    );
  }

  #condition(
    written: Written,
    path: Path,
    properties: ReturnType<typeof readableProperties>,
  ): RuleCondition | undefined {
    const read = [...properties].map(([name, { unit }]) => [name, unitType(unit)] as const);
    const scope: Scope = new Map([...read, ...typesOf(this.#arguments), ...this.#input.values]);
    const expression = this.#expression(written, path, scope, { kind: "condition" });
    if (expression === undefined) return undefined;
    const names = namesOf(expression).map(({ name }) => name);
    return {
      text: String(written),
      expression,
      arguments: this.#argumentsIn(expression),
      properties: names.flatMap((name) => {
        // Roles of a campaign stand for the lab's instruments.
        const property = this.#input.values.has(name) ? undefined : properties.get(name);
        const named = property && this.#input.instruments[property.instrument];
        return property === undefined || named === undefined
          ? []
          : [{ ...property, instrument: named.instrument }];
      }),
    };
  }

  /** An expression in which names may have hyphens, as instruments and arguments do. */
  #expression(written: Written, path: Path, scope: Scope, wanted: Wanted): Expression | undefined {
    const hyphened = [...scope.keys()].filter((name) => name.includes("-") && String(written).includes(name));
    // Longest first: "pump-a.dispense.volume-2" has "pump-a.dispense.volume" in it. Places in the text stay.
    const ordered = hyphened.sort((a, b) => b.length - a.length);
    let text = written;
    const names = new Map<string, Expression>();
    const known = new Map(scope);
    for (const name of ordered) {
      const plain = name.replaceAll("-", "_");
      const type = scope.get(name);
      if (type === undefined || (scope.has(plain) && !names.has(plain))) continue;
      text = String(text).replaceAll(name, plain);
      known.set(plain, type);
      names.set(plain, { kind: "name", at: 0, name });
    }
    const read = readExpression(this.#input.faults, path, text, known, wanted);
    return read && replaceNames(read.expression, names);
  }

  #argumentsIn(expression: Expression): ActArgument[] {
    return namesOf(expression).flatMap(({ name }) => this.#arguments.get(name) ?? []);
  }

  #bad(path: Path, message: string, advice: string): undefined {
    this.#input.faults.add("lab.bad-rule", path, message, advice);
  }
}

function isMatter(unit: string): boolean {
  return MATTER.some((dimension) => sameDimension(dimension, unitOf(unit).dimension));
}

function argumentsOf(instruments: RulesInput["instruments"]): Map<string, ActArgument> {
  const found = Object.entries(instruments).flatMap(([named, { instrument, declaration }]) =>
    Object.entries(declaration.actions).flatMap(([action, { arguments: all }]) =>
      Object.entries(all).map(([argument, declared]): ActArgument => {
        const about = { name: `${named}.${action}.${argument}`, instrument, action, argument };
        return declared.kind === "number"
          ? { ...about, unit: unitOf(declared.unit) }
          : { ...about, unit: undefined, choices: declared.choices };
      }),
    ),
  );
  return new Map(found.map((each) => [each.name, each]));
}

function typesOf(all: ReadonlyMap<string, ActArgument>): [string, ExpressionType][] {
  return [...all].map(([name, { unit, choices = [] }]) => [
    name,
    unit === undefined ? { kind: "text", choices } : unitType(unit),
  ]);
}
