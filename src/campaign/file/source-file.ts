import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from "yaml";
import type { Fault, Place } from "../../base/fault.ts";

/** Where something stands in a file's tree: keys and indices. */
export type Path = readonly (string | number)[];

/** A YAML file that was read, with the place of everything in it. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
  readonly data: unknown;
  /** The place of a value, or of the nearest thing around it that is in the file. */
  placeOf(path: Path): Place;
  /** The place of a key. */
  placeOfKey(path: Path, key: string): Place;
}

/** A file that was read, or why it can't be. */
export type ParsedFile =
  | { readonly kind: "file"; readonly source: SourceFile }
  | { readonly kind: "faults"; readonly faults: readonly Fault[] };

/** More aliases than this in one file are a mistake or an attack. */
const MOST_ALIASES = 100;

/**
 * Reads YAML and remembers where everything stands.
 *
 * @param file - the name for messages
 * @param text - what the file holds
 */
export function parseSourceFile(file: string, text: string): ParsedFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: "1.2", uniqueKeys: true });
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  if (document.errors.length > 0) {
    return {
      kind: "faults",
      faults: document.errors.map((error) => ({
        code: "file.not-yaml",
        message: `this is no YAML: ${(error.message.split("\n")[0] ?? "").replace(/ at line \d+, column \d+:?$/, "")}`,
        advice:
          'correct the line; lists begin with "- ", names end with ":", and indentation is made of spaces',
        place: place(error.pos[0]),
      })),
    };
  }
  const data: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
  return {
    kind: "file",
    source: {
      file,
      text,
      data,
      placeOf: (path) => place(offsetOf(document, path)),
      placeOfKey: (path, key) => place(offsetOfKey(document, path, key)),
    },
  };
}

function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length >= 0; length--) {
    const part = path.slice(0, length);
    const node = length === 0 ? document.contents : document.getIn(part, true);
    if (isNode(node) && node.range) {
      // A block mapping begins at its first key; a value that is missing is best shown at the key around it.
      return (
        node.range[0] +
        (isScalar(node) && (node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE") ? 1 : 0)
      );
    }
  }
  return 0;
}

function offsetOfKey(document: Document, path: Path, key: string): number {
  const map = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isMap(map)) {
    const pair = map.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    if (pair !== undefined && isScalar(pair.key) && pair.key.range) return pair.key.range[0];
  }
  return offsetOf(document, path);
}
