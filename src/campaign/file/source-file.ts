import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
} from "yaml";
import type { Fault, Place } from "../../base/fault.ts";
import { placeInText } from "./place-in-text.ts";

/** Where something stands in a file's tree: keys and indices. */
export type Path = readonly (string | number)[];

/** A YAML file that was read, with the place of everything in it. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
  readonly data: unknown;
  /**
   * The place of a value, or of the nearest thing around it that is in the file.
   *
   * @param offset - characters from the beginning of a text, 0 by default
   */
  placeOf(path: Path, offset?: number): Place;
  /** The place of a key. */
  placeOfKey(path: Path, key: string): Place;
}

/** A file that was read, or why it can't be. */
export type ParsedFile =
  | { readonly kind: "file"; readonly source: SourceFile }
  | { readonly kind: "faults"; readonly faults: readonly Fault[] };

/** More values than this through aliases in one file are a mistake or an attack. */
const MOST_ALIASES = 100;

/** Characters; the largest campaigns, with tables of descriptors, have some hundred thousand. */
const LARGEST = 4 * 2 ** 20;

/** Lists within lists; a procedure needs some twenty at most, and checking deeper ones uses up the stack. */
const DEEPEST = 64;

/** Errors that bring all others of a file about. */
const ALONE = new Set(["RESOURCE_EXHAUSTION", "TAB_AS_INDENT"]);

/** After so many errors of YAML the rest follow from the first ones. */
const MOST_ERRORS = 10;

/**
 * Reads YAML and remembers where everything stands.
 *
 * @param file - the name for messages
 * @param text - what the file holds
 */
export function parseSourceFile(file: string, text: string): ParsedFile {
  const lines = new LineCounter();
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const problem = unreadable(text);
  if (problem !== undefined)
    return { kind: "faults", faults: [{ ...problem, place: { file, ...placeInText(text, problem.at) } }] };
  // The library compares every name with every other; "treeFault" looks each up.
  const document = parseDocument(text, {
    lineCounter: lines,
    version: "1.2",
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "error",
  });
  if (document.errors.length > 0) {
    // What follows a tab or too deep a nesting is no more than its consequence.
    const alone = document.errors.find(({ code }) => ALONE.has(code));
    const errors = alone === undefined ? document.errors.slice(0, MOST_ERRORS) : [alone];
    return {
      kind: "faults",
      faults: errors.map(({ code, message, pos }) => ({
        ...describeError(code, message),
        place: place(pos[0]),
      })),
    };
  }
  const twisted = treeFault(document);
  if (twisted !== undefined)
    return { kind: "faults", faults: [{ ...twisted.fault, place: place(twisted.offset) }] };
  let data: unknown;
  try {
    data = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    // The library guards against aliases that multiply; whatever else it can't turn into data is no YAML to us.
    if (!(error instanceof ReferenceError)) throw error;
    return { kind: "faults", faults: [{ ...TOO_MANY_ALIASES, place: place(0) }] };
  }
  return {
    kind: "file",
    source: {
      file,
      text,
      data,
      placeOf: (path, offset = 0) => place(offsetOf(document, text, path, offset)),
      placeOfKey: (path, key) => place(offsetOfKey(document, text, path, key)),
    },
  };
}

/**
 * Where a text nests so deeply that the YAML library would run out of time or memory before it said so: compact lists in
 * one line, indentation, and brackets, which are counted wherever they stand.
 */
function nestsTooDeeply(text: string): number | undefined {
  const line = TOO_DEEP_LINE.exec(text);
  if (line !== null) return line.index;
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === "[" || sign === "{") depth += 1;
    else if ((sign === "]" || sign === "}") && depth > 0) depth -= 1;
    if (depth > MOST_OPEN) return at;
  }
  return undefined;
}

/** Brackets without an end; texts and comments may have some. */
const MOST_OPEN = 1000;
/** Where tags, anchors and aliases follow one another; the YAML library tells each of them by all before it. */
function pilesUp(text: string): number | undefined {
  let run = 0;
  for (const { 0: word, index } of text.matchAll(/\S+/g)) {
    run = /^[!&*][^,\]}]*$/.test(word) ? run + 1 : 0;
    if (run > DEEPEST) return index;
  }
  return undefined;
}

const TOO_DEEP_LINE = new RegExp(`^(?: {${MOST_OPEN}}| *(?:[-?:][ \\t]+){${DEEPEST + 1}})`, "m");

type Problem = Pick<Fault, "code" | "message" | "advice"> & { readonly at: number };

/** What keeps a text from being read as YAML at all. */
function unreadable(text: string): Problem | undefined {
  // oxlint-disable-next-line no-control-regex
  const alien = text.search(/[\0\uFFFD]/);
  if (alien >= 0)
    return {
      code: "file.not-text",
      message: "this is no text in UTF-8",
      advice: "save the file as UTF-8 in your editor; letters such as µ and ° are often the reason",
      at: alien,
    };
  if (text.length > LARGEST)
    return {
      code: "file.too-large",
      message: `the file has ${text.length} characters; at most ${LARGEST} are read`,
      advice: "is this the right file? tables of data go into a CSV file",
      at: 0,
    };
  const deep = nestsTooDeeply(text);
  if (deep !== undefined) return { ...TOO_DEEP, at: deep };
  const piled = pilesUp(text);
  return piled === undefined ? undefined : { ...describeError("", "a value is missing here"), at: piled };
}

const TOO_MANY_ALIASES = {
  code: "file.too-many-aliases",
  message: `the aliases of this file ("*name") repeat more than ${MOST_ALIASES} values`,
  advice: "write the values out, or use `constants:`",
};

const CORRECT =
  'correct the line; lists begin with "- ", names end with ":", and indentation is made of spaces';

const TOO_DEEP = {
  code: "file.too-deep",
  message: `lists and names are nested more than ${DEEPEST} deep here`,
  advice: "write it with fewer brackets or less indentation",
};

const TWICE = {
  code: "file.not-yaml",
  message: "this name stands here twice",
  advice: "take one of them out",
};

/** What the YAML library says, in words that need no knowledge of it. */
function describeError(code: string, message: string): Omit<Fault, "place"> {
  switch (code) {
    case "RESOURCE_EXHAUSTION":
      return TOO_DEEP;
    case "TAB_AS_INDENT":
      return {
        code: "file.not-yaml",
        message: "a tab stands where the line is indented",
        advice: "indent with spaces",
      };
    case "MULTIPLE_DOCS":
      return {
        code: "file.not-yaml",
        message: 'a second document begins here ("---")',
        advice: "put it into a file of its own",
      };
    default:
      return {
        code: "file.not-yaml",
        message: `this is no YAML: ${(message.split("\n")[0] ?? "").replace(/ at line \d+, column \d+:?$/, "")}`,
        advice: CORRECT,
      };
  }
}

interface TreeFault {
  readonly fault: Omit<Fault, "place">;
  readonly offset: number;
}

/** The second of two entries of a mapping that have one name. */
function repeatedKey({ items }: YAMLMap): Scalar | undefined {
  const known = new Set<unknown>();
  for (const { key } of items) {
    if (!isScalar(key)) continue;
    if (known.has(key.value)) return key;
    known.add(key.value);
  }
  return undefined;
}

/** Values nested too deeply, a name that stands twice, and an alias that refers to nothing or to something around itself. */
function treeFault(document: Document): TreeFault | undefined {
  let found: TreeFault | undefined;
  // The library looks through the whole file for each alias.
  const anchors = new Map<string, Node>();
  visit(document, {
    Scalar: (_, node) => {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
    Collection: (_, node, around) => {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
      const twice = isMap(node) ? repeatedKey(node) : undefined;
      if (twice === undefined && around.filter(isCollection).length < DEEPEST) return undefined;
      found =
        twice === undefined
          ? { fault: TOO_DEEP, offset: node.range?.[0] ?? 0 }
          : { fault: TWICE, offset: twice.range?.[0] ?? 0 };
      return visit.BREAK;
    },
    Alias: (_, node, around) => {
      const anchor = anchors.get(node.source);
      if (anchor !== undefined && !around.includes(anchor)) return undefined;
      const message =
        anchor === undefined
          ? `"*${node.source}" refers to nothing: there is no "&${node.source}" before it`
          : `"*${node.source}" stands inside of what it refers to`;
      found = {
        fault: { code: "file.not-yaml", message, advice: "write the value out" },
        offset: node.range?.[0] ?? 0,
      };
      return visit.BREAK;
    },
  });
  return found;
}

function offsetOf(document: Document, text: string, path: Path, within: number): number {
  for (let length = path.length; length >= 0; length--) {
    const part = path.slice(0, length);
    const found = length === 0 ? document.contents : document.getIn(part, true);
    const node = isAlias(found) ? (found.resolve(document) ?? found) : found;
    if (!isNode(node) || !node.range) continue;
    // A block mapping begins at its first key; a value that is missing is best shown at the key around it.
    if (!isScalar(node)) return node.range[0];
    const begin = beginOfText(text, node.range[0], node.type);
    return length < path.length || typeof node.value !== "string"
      ? begin
      : offsetInText(text, begin, node.value, within);
  }
  return 0;
}

/** Where the characters of a scalar begin: behind the quote, or on the line below ">-". */
function beginOfText(text: string, from: number, type: string | undefined): number {
  if (type === "QUOTE_DOUBLE" || type === "QUOTE_SINGLE") return from + 1;
  if (type !== "BLOCK_FOLDED" && type !== "BLOCK_LITERAL") return from;
  const below = text.indexOf("\n", from);
  return below < 0 ? from : below + 1 + (/^[ \n\r]*/.exec(text.slice(below + 1))?.[0].length ?? 0);
}

/** Where the n-th character of a value stands in the file: line breaks and indentation of the file fold to a space. */
function offsetInText(text: string, begin: number, value: string, n: number): number {
  let at = begin;
  for (let k = 0; k < n; ) {
    if (/\s/.test(value[k] ?? "")) {
      while (k < n && /\s/.test(value[k] ?? "")) k += 1;
      while (/\s/.test(text[at] ?? "")) at += 1;
    } else {
      k += 1;
      at += 1;
    }
  }
  return at;
}

function offsetOfKey(document: Document, text: string, path: Path, key: string): number {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isMap(map)) {
    const pair = map.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    if (pair !== undefined && isScalar(pair.key) && pair.key.range) return pair.key.range[0];
  }
  return offsetOf(document, text, path, 0);
}
