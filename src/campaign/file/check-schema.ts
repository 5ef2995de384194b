import type { z } from "zod";
import { type Fault, nearestName } from "../../base/fault.ts";
import { keysOf, optionsOf, requiredKeysOf, schemasAt } from "./schema-tree.ts";
import type { Path, SourceFile } from "./source-file.ts";

/** A file's data in the form of its schema, or everything that is wrong with it. */
export type Checked<T> =
  | { readonly kind: "data"; readonly data: T }
  | { readonly kind: "faults"; readonly faults: readonly Fault[] };

type Issue = z.core.$ZodIssue;

/** The form that a part of the file is checked against. */
interface Form {
  readonly source: SourceFile;
  readonly schemas: readonly z.core.$ZodType[];
  /** Where in the file the schemas begin. */
  readonly base: Path;
}

/**
 * Checks a file against a schema; every issue becomes a fault with its line and the nearest valid name.
 */
export function checkSchema<T>(source: SourceFile, schema: z.ZodType<T>): Checked<T> {
  const result = schema.safeParse(source.data);
  if (result.success) return { kind: "data", data: result.data };
  const form: Form = { source, schemas: [schema], base: [] };
  const { issues } = result.error;
  // A file of another version may be right in all that looks wrong to this one.
  const version = issues.filter(({ path }) => path.length === 1 && path[0] === VERSION);
  if (version.length > 0 && valueAt(source, [VERSION]) !== undefined)
    return { kind: "faults", faults: [otherVersion(source)] };
  return { kind: "faults", faults: faultsOfAll(form, issues) };
}

const VERSION = "labloop";

function otherVersion(source: SourceFile): Fault {
  const written = valueAt(source, [VERSION]);
  const newer = typeof written === "number" && written > 1;
  return {
    code: "file.other-version",
    message: `this file has format ${JSON.stringify(written)}, but this version of labloop reads format 1`,
    advice: newer
      ? "run it with the version of labloop that it was written for"
      : "write `labloop: 1`, then see what `labloop validate` says",
    place: source.placeOf([VERSION]),
  };
}

/** Faults of issues that stand together; a missing key whose name is only misspelt is told once. */
function faultsOfAll(form: Form, issues: readonly Issue[]): Fault[] {
  const misspelt = new Set(
    issues.flatMap((issue) =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map((key) => pathKey([...issue.path, nearestFree(form, issue.path as Path, key)]))
        : [],
    ),
  );
  return issues
    .filter((issue) => !(isMissing(form, issue) && misspelt.has(pathKey(issue.path as Path))))
    .flatMap((issue) => faultsOf(form, issue));
}

function pathKey(path: readonly (PropertyKey | undefined)[]): string {
  return JSON.stringify(path.map(String));
}

function isMissing({ source, base }: Form, issue: Issue): boolean {
  return (
    typeof issue.path.at(-1) === "string" && valueAt(source, [...base, ...(issue.path as Path)]) === undefined
  );
}

function faultsOf(form: Form, issue: Issue): Fault[] {
  const { source, base } = form;
  const path: Path = [...base, ...(issue.path as Path)];
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => unknownKey(form, path, key));
  if (issue.code === "invalid_key")
    return [
      {
        ...fault(
          source,
          path,
          `"${String(path.at(-1))}" is no name: ${issue.issues[0]?.message ?? "choose another"}`,
        ),
        place: source.placeOfKey(path.slice(0, -1), String(path.at(-1))),
        advice: "choose another name",
      },
    ];
  if (isMissing(form, issue)) return [missingKey(form, path)];
  if (issue.code === "invalid_union") return unionFaults(form, issue, path);
  return [fault(source, path, `${name(path)} ${complaint(issue)}`, adviceFor(source, issue, path))];
}

/** What is wrong with a value, to be read behind its name. */
function complaint(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return `has to be ${WORDS[issue.expected] ?? `of type ${issue.expected}`}`;
    case "too_small":
      return issue.origin === "array"
        ? `needs at least ${issue.minimum} ${issue.minimum === 1 ? "entry" : "entries"}`
        : `has to be at least ${issue.minimum}`;
    case "too_big":
      return issue.origin === "array"
        ? `has more than ${issue.maximum} entries`
        : `has to be at most ${issue.maximum}`;
    case "invalid_value":
      return `has to be ${issue.values.map((value) => (typeof value === "string" ? `"${value}"` : String(value))).join(" or ")}`;
    default:
      return `is not right: ${issue.message}`;
  }
}

function adviceFor(source: SourceFile, issue: Issue, path: Path): string | undefined {
  if (issue.code !== "invalid_value") return undefined;
  const near = nearestName(String(valueAt(source, path)), issue.values.map(String));
  return near === undefined ? undefined : `did you mean "${near}"?`;
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

function missingKey({ source }: Form, path: Path): Fault {
  const around = path.slice(0, -1);
  const key = String(path.at(-1));
  return {
    code: "file.missing-key",
    message: `${name(around)} has no "${key}"`,
    advice: key === VERSION ? "add `labloop: 1`, the version of the file's format" : `add "${key}:"`,
    place: source.placeOf(around),
  };
}

/** The key that an unknown one was probably meant to be, among those that the file doesn't have. */
function nearestFree(form: Form, path: Path, key: string): string | undefined {
  const { source, base } = form;
  const own = new Set(Object.keys(valueAt(source, [...base, ...path]) ?? {}));
  return nearestName(
    key,
    schemasAt(form.schemas, path)
      .flatMap(keysOf)
      .filter((each) => !own.has(each)),
  );
}

function unknownKey(form: Form, path: Path, key: string): Fault {
  const { source, base } = form;
  const schemas = schemasAt(form.schemas, path.slice(base.length));
  const known = [...new Set(schemas.flatMap(keysOf))];
  const present = Object.keys(valueAt(source, path) ?? {});
  const place = source.placeOfKey(path, key);
  if (known.includes(key)) {
    const others = present.filter((each) => each !== key && known.includes(each));
    return {
      code: "file.unknown-key",
      message: `"${key}" can't stand beside ${others.map((each) => `"${each}"`).join(", ")} in ${name(path)}`,
      advice: "take one of them out; `labloop schema` tells what goes together",
      place,
    };
  }
  const near = nearestFree(form, path.slice(base.length), key);
  const free = known.filter((each) => !present.includes(each));
  return {
    code: "file.unknown-key",
    message: `"${key}" is no key of ${name(path)}`,
    advice:
      near === undefined
        ? `known are: ${(free.length > 0 ? free : known).join(", ")}`
        : `did you mean "${near}"?`,
    place,
  };
}

/** Of the forms that a value could have, the one that fits best tells what is wrong. */
function unionFaults(form: Form, issue: Extract<Issue, { code: "invalid_union" }>, path: Path): Fault[] {
  const { source, base } = form;
  const options = schemasAt(form.schemas, path.slice(base.length)).flatMap(optionsOf);
  const value = valueAt(source, path);
  const ways = issue.errors
    .map((issues, i) => ({ issues, schema: options.length === issue.errors.length ? options[i] : undefined }))
    .filter(({ issues }) => issues.length > 0);
  const best = [...ways].sort((a, b) => rank(a.issues) - rank(b.issues))[0];
  const forms = formsOf(ways.map((way) => way.schema));
  if (best === undefined || best.issues.some(isWhole))
    return [fault(source, path, `${name(path)} has to be ${kindsOf(options)}`, forms)];
  const required = best.schema === undefined ? [] : requiredKeysOf(best.schema);
  const given = new Set(Object.keys(value ?? {}));
  const alien = required.length > 0 && !required.some((key) => given.has(key));
  const inner: Form = { source, schemas: options.length > 0 ? options : form.schemas, base: path };
  const faults = faultsOfAll(inner, best.issues);
  // Nothing tells which form was meant, unless a key is misspelt.
  if (!alien || !faults.some(({ code }) => code === "file.missing-key")) return faults;
  return [fault(source, path, `${name(path)} has none of the forms that are known here`, forms)];
}

/** The kinds of value that a union takes, in words. */
function kindsOf(options: readonly z.core.$ZodType[]): string {
  const kinds = new Set(options.map((each) => each._zod.def.type));
  if (kinds.size === 2 && kinds.has("string") && kinds.has("number"))
    return 'a number, or a text such as "300 uL"';
  const words = [...kinds].map((kind) => WORDS[kind]).filter((word) => word !== undefined);
  return words.length === 0 ? "of another form" : [...new Set(words)].join(" or ");
}

function isWhole(issue: Issue): boolean {
  return issue.path.length === 0 && (issue.code === "invalid_type" || issue.code === "invalid_value");
}

/** Fewer issues are better, deeper ones too; a value of quite another type is worst. */
function rank(issues: readonly Issue[]): number {
  return (
    issues.reduce((sum, each) => sum + (isWhole(each) ? 100 : 1), 0) -
    Math.max(...issues.map((each) => each.path.length)) * 0.1
  );
}

/** What to write where nothing fits: the keys by which the forms are told apart. */
function formsOf(schemas: readonly (z.core.$ZodType | undefined)[]): string | undefined {
  const keys = schemas.map((schema) => (schema === undefined ? [] : requiredKeysOf(schema)));
  const telling = [...new Set(keys.flatMap(([first]) => (first === undefined ? [] : [first])))];
  return telling.length < 2 ? undefined : `it is told by one of these keys: ${telling.join(", ")}`;
}

function valueAt(source: SourceFile, path: Path): unknown {
  return path.reduce<unknown>(
    (data, part) =>
      typeof data === "object" && data !== null && Object.hasOwn(data, part)
        ? (data as Record<string | number, unknown>)[part]
        : undefined,
    source.data,
  );
}

function fault(
  source: SourceFile,
  path: Path,
  message: string,
  advice = "`labloop schema` tells what is allowed here",
): Fault {
  return { code: "file.wrong-value", message, advice, place: source.placeOf(path) };
}

/** A path as people read it: "procedure[2].with". */
export function name(path: Path): string {
  if (path.length === 0) return "the file";
  return `"${path.reduce<string>((text, part) => (typeof part === "number" ? `${text}[${part}]` : text === "" ? part : `${text}.${part}`), "")}"`;
}
