import type { z } from "zod";
import { type Fault, nearestName } from "../../base/fault.ts";
import type { Path, SourceFile } from "./source-file.ts";

/** A file's data in the form of its schema, or everything that is wrong with it. */
export type Checked<T> =
  | { readonly kind: "data"; readonly data: T }
  | { readonly kind: "faults"; readonly faults: readonly Fault[] };

type Issue = z.core.$ZodIssue;

/**
 * Checks a file against a schema; every issue becomes a fault with its line and the nearest valid name.
 */
export function checkSchema<T>(source: SourceFile, schema: z.ZodType<T>): Checked<T> {
  const result = schema.safeParse(source.data);
  if (result.success) return { kind: "data", data: result.data };
  return { kind: "faults", faults: result.error.issues.flatMap((issue) => faultsOf(source, schema, issue)) };
}

function faultsOf(source: SourceFile, schema: z.ZodType, issue: Issue): Fault[] {
  const path = issue.path as Path;
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(source, schema, path, key));
    case "invalid_union":
      return unionFaults(source, schema, issue, path);
    case "invalid_key":
      return [fault(source, path, `${name(path)}: ${issue.issues[0]?.message ?? "this is no name"}`)];
    case "invalid_type":
      return [wrongType(source, issue, path)];
    default:
      return [fault(source, path, `${name(path)}: ${issue.message}`)];
  }
}

function unknownKey(source: SourceFile, schema: z.ZodType, path: Path, key: string): Fault {
  const known = keysAt(schema, path, source.data);
  const near = nearestName(key, known);
  return {
    code: "file.unknown-key",
    message: `"${key}" is no key ${path.length === 0 ? "of this file" : `of ${name(path)}`}`,
    advice: near === undefined ? `known are: ${known.join(", ")}` : `did you mean "${near}"?`,
    place: source.placeOfKey(path, key),
  };
}

/** Of the ways in which a value could be meant, the one that fits best tells what is wrong. */
function unionFaults(
  source: SourceFile,
  schema: z.ZodType,
  issue: Extract<Issue, { code: "invalid_union" }>,
  path: Path,
): Fault[] {
  const ways = issue.errors.filter((issues) => issues.length > 0);
  const rank = (issues: readonly Issue[]): number =>
    issues.reduce(
      (sum, each) => sum + (each.code === "invalid_type" && each.path.length === 0 ? 100 : 1),
      0,
    ) -
    Math.max(...issues.map((each) => each.path.length)) * 0.1;
  const best = [...ways].sort((a, b) => rank(a) - rank(b))[0];
  if (
    best === undefined ||
    (best.length === 1 && best[0]?.code === "invalid_type" && best[0].path.length === 0)
  ) {
    return [
      fault(
        source,
        path,
        `${name(path)}: ${issue.message === "Invalid input" ? "this is not one of the forms that are known here" : issue.message}`,
      ),
    ];
  }
  return best.flatMap((each) => faultsOf(source, schema, { ...each, path: [...path, ...each.path] }));
}

function wrongType(source: SourceFile, issue: Extract<Issue, { code: "invalid_type" }>, path: Path): Fault {
  const key = path.at(-1);
  const value = path.reduce<unknown>(
    (data, part) => (data as Record<string, unknown> | undefined)?.[part],
    source.data,
  );
  if (value === undefined && typeof key === "string") {
    const around = path.slice(0, -1);
    return {
      code: "file.missing-key",
      message: `${around.length === 0 ? "the file" : name(around)} has no "${key}"`,
      advice: `add "${key}:"`,
      place: source.placeOf(around),
    };
  }
  return fault(
    source,
    path,
    `${name(path)} has to be ${WORDS[issue.expected] ?? `of type ${issue.expected}`}`,
  );
}

const WORDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  object: "a set of names with values",
  record: "a set of names with values",
  array: "a list",
};

function fault(source: SourceFile, path: Path, message: string): Fault {
  return {
    code: "file.wrong-value",
    message,
    advice: "see `labloop schema` for what is allowed here",
    place: source.placeOf(path),
  };
}

/** A path as people read it: "procedure[2].with". */
export function name(path: Path): string {
  if (path.length === 0) return "the file";
  return `"${path.reduce<string>((text, part) => (typeof part === "number" ? `${text}[${part}]` : text === "" ? part : `${text}.${part}`), "")}"`;
}

/** Names that may stand at a path, gathered from the schema. */
function keysAt(schema: z.ZodType, path: Path, data: unknown): string[] {
  let schemas: readonly z.core.$ZodType[] = [schema];
  for (const part of path) schemas = schemas.flatMap((each) => inside(each, part));
  const keys = schemas.flatMap(shapes).flatMap((shape) => Object.keys(shape));
  const present = path.reduce<unknown>(
    (value, part) => (value as Record<string, unknown> | undefined)?.[part],
    data,
  );
  const own = new Set(Object.keys(present ?? {}));
  const unique = [...new Set(keys)];
  const free = unique.filter((key) => !own.has(key));
  return free.length > 0 ? free : unique;
}

type Definition = {
  type: string;
  shape?: Record<string, z.core.$ZodType>;
  element?: z.core.$ZodType;
  valueType?: z.core.$ZodType;
  innerType?: z.core.$ZodType;
  options?: readonly z.core.$ZodType[];
  getter?: () => z.core.$ZodType;
  in?: z.core.$ZodType;
};

function definition(schema: z.core.$ZodType): Definition {
  return schema._zod.def;
}

function inside(schema: z.core.$ZodType, part: string | number): readonly z.core.$ZodType[] {
  const def = definition(schema);
  const wrapped = unwrapped(def);
  if (wrapped.length > 0) return wrapped.flatMap((each) => inside(each, part));
  if (def.shape !== undefined) return def.shape[part] === undefined ? [] : [def.shape[part]];
  if (def.element !== undefined) return [def.element];
  return def.valueType === undefined ? [] : [def.valueType];
}

function shapes(schema: z.core.$ZodType): readonly Record<string, z.core.$ZodType>[] {
  const def = definition(schema);
  if (def.shape !== undefined) return [def.shape];
  return unwrapped(def).flatMap(shapes);
}

function unwrapped(def: Definition): readonly z.core.$ZodType[] {
  if (def.options !== undefined) return def.options;
  if (def.getter !== undefined) return [def.getter()];
  if (def.innerType !== undefined) return [def.innerType];
  return def.in === undefined ? [] : [def.in];
}
