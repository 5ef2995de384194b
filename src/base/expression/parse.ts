import { nearestName } from "../fault.ts";
import { isUnitProblem, parseUnit, type Unit, unitOf } from "../unit.ts";
import type { BinaryOperator, Expression, FunctionName } from "./expression.ts";

/** An expression read from text, or what is wrong and where in the text. */
export type ParsedExpression =
  | { readonly kind: "expression"; readonly expression: Expression }
  | { readonly kind: "problem"; readonly at: number; readonly message: string };

type Token =
  | { readonly kind: "number"; readonly at: number; readonly value: number; readonly unit: Unit }
  | { readonly kind: "text"; readonly at: number; readonly value: string }
  | { readonly kind: "name"; readonly at: number; readonly text: string }
  | { readonly kind: "sign"; readonly at: number; readonly text: string }
  | { readonly kind: "end"; readonly at: number };

/** Number of arguments: at least, at most. */
const FUNCTIONS: Readonly<Record<FunctionName, readonly [number, number]>> = {
  sqrt: [1, 1],
  exp: [1, 1],
  log: [1, 1],
  log10: [1, 1],
  abs: [1, 1],
  sin: [1, 1],
  cos: [1, 1],
  tan: [1, 1],
  tanh: [1, 1],
  min: [1, 16],
  max: [1, 16],
  round: [1, 1],
  floor: [1, 1],
  ceil: [1, 1],
};

/** How tightly operators bind; "^" binds to the right. */
const BINDING: Readonly<Record<string, number>> = {
  "?": 1,
  or: 2,
  and: 3,
  "==": 4,
  "!=": 4,
  "<": 5,
  "<=": 5,
  ">": 5,
  ">=": 5,
  "+": 6,
  "-": 6,
  "*": 7,
  "/": 7,
  "^": 9,
};
const UNARY_BINDING = 8;

/** Deepest nesting; a file that asks for more is a mistake or an attack. */
const DEEPEST = 64;

/** Characters, as many as a whole campaign file may have: the library's callers hand expressions over without one. */
const LONGEST = 4_194_304;

/** Names in one unit; those of physics have four or five. */
const MOST_IN_UNIT = 16;

class Problem extends Error {
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/**
 * Reads an expression such as "300 uL - cyan - magenta" or "sqrt((l - target.l)^2) <= 2".
 *
 * A number followed by a unit is a quantity ("5 degC" is a temperature on its scale, "0.2 1/s" a rate);
 * names may have parts ("colour.ch410"); `a ? b : c` chooses.
 */
export function parseExpression(text: string): ParsedExpression {
  try {
    if (text.length > LONGEST)
      throw new Problem(LONGEST, `the expression is longer than ${LONGEST} characters; name parts of it`);
    return { kind: "expression", expression: new Parser(tokens(text)).whole() };
  } catch (error) {
    if (error instanceof Problem) return { kind: "problem", at: error.at, message: error.message };
    throw error;
  }
}

const NUMBER = /(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*/y;
const SIGN = /<=|>=|==|!=|&&|\|\||[-+*/^()<>,?:!]/y;
const UNIT = /(?:[A-Za-zµμ°Ω%][A-Za-z0-9µμ]*)(?:\s*\^\s*-?\d+)?/y;
const SPACE = /\s*/y;
const WORD_SIGNS: Readonly<Record<string, string>> = { "&&": "and", "||": "or" };
const WORDS = new Set(["and", "or", "not"]);

function match(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function tokens(text: string): Token[] {
  const found: Token[] = [];
  let at = 0;
  for (;;) {
    at += (match(SPACE, text, at) ?? "").length;
    if (at >= text.length) break;
    const number = match(NUMBER, text, at);
    if (number !== undefined) {
      const unit = unitAfter(text, at + number.length);
      found.push({ kind: "number", at, value: Number(number), unit: unit.unit });
      at = unit.end;
      continue;
    }
    const name = match(NAME, text, at);
    if (name !== undefined) {
      found.push({ kind: WORDS.has(name) ? "sign" : "name", at, text: name });
      at += name.length;
      continue;
    }
    const quote = text[at];
    if (quote === '"' || quote === "'") {
      const end = text.indexOf(quote, at + 1);
      if (end < 0) throw new Problem(at, "a text begins here and doesn't end");
      found.push({ kind: "text", at, value: text.slice(at + 1, end) });
      at = end + 1;
      continue;
    }
    const sign = match(SIGN, text, at);
    if (sign === undefined) throw new Problem(at, `"${text[at]}" has no meaning in an expression`);
    found.push({ kind: "sign", at, text: WORD_SIGNS[sign] ?? sign });
    at += sign.length;
  }
  found.push({ kind: "end", at: text.length });
  return found;
}

/**
 * The unit behind a number: the longest chain of unit names joined by "/" or "·". "2 mL/min" is one quantity;
 * in "2 mL/cyan" the chain ends before the name, and in "2 and" there is no unit.
 */
function unitAfter(text: string, from: number): { unit: Unit; end: number } {
  const none = { unit: unitOf("1"), end: from };
  let at = from + (match(SPACE, text, from) ?? "").length;
  if (text.startsWith("1/", at) && at > from) {
    const inverse = match(UNIT, text, at + 2);
    const unit = inverse === undefined ? undefined : parseUnit(`1/${inverse}`);
    if (inverse !== undefined && unit !== undefined && !isUnitProblem(unit)) {
      return { unit, end: at + 2 + inverse.length };
    }
  }
  const first = match(UNIT, text, at);
  if (first === undefined || WORDS.has(first)) return divisor(text, from) ?? none;
  let chain = first;
  let unit = parseUnit(chain);
  if (isUnitProblem(unit)) {
    const hint = unit.nearest === undefined ? "" : `; did you mean "${unit.nearest}"?`;
    throw new Problem(at, `"${unit.symbol}" is no unit that labloop knows${hint}`);
  }
  at += first.length;
  for (let names = 1; ; names++) {
    if (names > MOST_IN_UNIT) throw new Problem(from, `a unit is made of more than ${MOST_IN_UNIT} names`);
    const joint = match(/\s*[/·]\s*/y, text, at);
    const next = joint === undefined ? undefined : match(UNIT, text, at + joint.length);
    if (joint === undefined || next === undefined) break;
    const longer = parseUnit(`${chain}${joint.trim()}${next}`);
    if (isUnitProblem(longer) || beginsName(text, at + joint.length + next.length)) break;
    chain = `${chain}${joint.trim()}${next}`;
    unit = longer;
    at += joint.length + next.length;
  }
  return { unit, end: at };
}

/** "0.2 / uL": a number divided by a unit. */
function divisor(text: string, from: number): { unit: Unit; end: number } | undefined {
  const joint = match(/\s*\/\s*/y, text, from);
  if (joint === undefined) return undefined;
  const at = from + joint.length;
  const name = match(UNIT, text, at);
  if (name === undefined || beginsName(text, at + name.length)) return undefined;
  const unit = parseUnit(`1/${name}`);
  return isUnitProblem(unit) ? undefined : { unit, end: at + name.length };
}

/** Whether what ends here as a unit goes on as a name or is called: "s.x", "s_x", "min(a, b)". */
function beginsName(text: string, end: number): boolean {
  return match(/[._]|\s*\(/y, text, end) !== undefined;
}

class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Expression {
    if (this.#peek().kind === "end") throw new Problem(0, "the expression is empty");
    const expression = this.#expression(0);
    const left = this.#peek();
    if (left.kind !== "end")
      throw new Problem(left.at, `nothing is expected before "${show(left)}"; is an operator missing?`);
    return expression;
  }

  #peek(): Token {
    return this.#tokens[this.#next] as Token;
  }

  #take(): Token {
    return this.#tokens[this.#next++] as Token;
  }

  #expect(sign: string): void {
    const token = this.#take();
    if (token.kind !== "sign" || token.text !== sign) {
      throw new Problem(
        token.at,
        `"${sign}" is expected before ${token.kind === "end" ? "the end" : `"${show(token)}"`}`,
      );
    }
  }

  #expression(binding: number): Expression {
    if (++this.#depth > DEEPEST) throw new Problem(this.#peek().at, "the expression is nested too deeply");
    let left = this.#term();
    for (;;) {
      const token = this.#peek();
      const strength = token.kind === "sign" ? BINDING[token.text] : undefined;
      if (token.kind !== "sign" || strength === undefined || strength <= binding) break;
      this.#take();
      left = this.#joined(left, token.text, token.at, strength);
    }
    this.#depth -= 1;
    return left;
  }

  #joined(left: Expression, sign: string, at: number, strength: number): Expression {
    if (sign === "?") {
      const whenTrue = this.#expression(0);
      this.#expect(":");
      return { kind: "choose", at, condition: left, whenTrue, whenFalse: this.#expression(0) };
    }
    const right = this.#expression(sign === "^" ? strength - 1 : strength);
    return { kind: "binary", at, operator: sign as BinaryOperator, left, right };
  }

  #term(): Expression {
    const token = this.#take();
    switch (token.kind) {
      case "number":
        return { kind: "number", at: token.at, value: token.value, unit: token.unit };
      case "text":
        return { kind: "text", at: token.at, value: token.value };
      case "name":
        return this.#name(token.text, token.at);
      case "end":
        throw new Problem(token.at, "the expression ends where a value is expected");
      case "sign":
        return this.#signed(token.text, token.at);
    }
  }

  #signed(sign: string, at: number): Expression {
    if (sign === "-") return negated(this.#expression(UNARY_BINDING), at);
    if (sign === "+") return this.#expression(UNARY_BINDING);
    if (sign === "not" || sign === "!") return { kind: "not", at, of: this.#expression(UNARY_BINDING) };
    if (sign === "(") {
      const inner = this.#expression(0);
      this.#expect(")");
      return inner;
    }
    throw new Problem(at, `a value is expected before "${sign}"`);
  }

  #name(name: string, at: number): Expression {
    const next = this.#peek();
    if (next.kind !== "sign" || next.text !== "(") return { kind: "name", at, name };
    if (!isFunction(name)) {
      const near = nearestName(name, Object.keys(FUNCTIONS));
      const hint =
        near === undefined ? `; known are ${Object.keys(FUNCTIONS).join(", ")}` : `; did you mean "${near}"?`;
      throw new Problem(at, `"${name}" is no function${hint}`);
    }
    this.#take();
    const of = [this.#expression(0)];
    while (this.#isSign(",")) {
      this.#take();
      of.push(this.#expression(0));
    }
    this.#expect(")");
    const [least, most] = FUNCTIONS[name];
    if (of.length < least || of.length > most) {
      throw new Problem(
        at,
        `"${name}" takes ${least === most ? least : `${least} to ${most}`} value(s), not ${of.length}`,
      );
    }
    return { kind: "call", at, name, of };
  }

  #isSign(sign: string): boolean {
    const token = this.#peek();
    return token.kind === "sign" && token.text === sign;
  }
}

/** A place on a scale is negated on its scale: -20 degC is 253.15 K, not -293.15 K. */
function negated(of: Expression, at: number): Expression {
  if (of.kind === "number" && of.unit.offset !== 0) return { ...of, at, value: -of.value };
  return { kind: "negate", at, of };
}

function isFunction(name: string): name is FunctionName {
  return Object.hasOwn(FUNCTIONS, name);
}

function show(token: Token): string {
  if (token.kind === "number") return String(token.value);
  if (token.kind === "text") return token.value;
  return token.kind === "end" ? "" : token.text;
}
