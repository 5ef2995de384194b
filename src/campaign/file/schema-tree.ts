import type { z } from "zod";

type Schema = z.core.$ZodType;

/** What zod keeps of a schema; only one of these for each kind. */
interface Definition {
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly element?: Schema;
  readonly valueType?: Schema;
  readonly innerType?: Schema;
  readonly options?: readonly Schema[];
  readonly getter?: () => Schema;
  readonly in?: Schema;
  readonly type: string;
}

/** The forms that may stand at a path below some schemas; several where there are unions on the way. */
export function schemasAt(schemas: readonly Schema[], path: readonly (string | number)[]): readonly Schema[] {
  return path.reduce<readonly Schema[]>(
    (found, part) => found.flatMap((each) => inside(each, part)),
    schemas,
  );
}

/** Keys that may stand in an object of a schema, those of all its forms. */
export function keysOf(schema: Schema): string[] {
  return shapesOf(schema).flatMap((shape) => Object.keys(shape));
}

/** Keys without which an object is not of a schema; none for a union. */
export function requiredKeysOf(schema: Schema): string[] {
  const [shape, ...others] = shapesOf(schema);
  if (shape === undefined || others.length > 0) return [];
  return Object.entries(shape).flatMap(([key, value]) =>
    definition(value).type === "optional" ? [] : [key],
  );
}

/** The forms of a union; none when it is no union. */
export function optionsOf(schema: Schema): readonly Schema[] {
  const { options, ...rest } = definition(schema);
  return options ?? wrapped(rest).flatMap(optionsOf);
}

function definition(schema: Schema): Definition {
  return schema._zod.def;
}

function inside(schema: Schema, part: string | number): readonly Schema[] {
  const def = definition(schema);
  const within = [...(def.options ?? []), ...wrapped(def)];
  if (within.length > 0) return within.flatMap((each) => inside(each, part));
  if (def.shape !== undefined) {
    const found = Object.hasOwn(def.shape, part) ? def.shape[part] : undefined;
    return found === undefined ? [] : [found];
  }
  const each = def.element ?? def.valueType;
  return each === undefined ? [] : [each];
}

function shapesOf(schema: Schema): readonly Readonly<Record<string, Schema>>[] {
  const def = definition(schema);
  return def.shape === undefined ? [...(def.options ?? []), ...wrapped(def)].flatMap(shapesOf) : [def.shape];
}

function wrapped({ getter, innerType, in: input }: Omit<Definition, "options">): readonly Schema[] {
  if (getter !== undefined) return [getter()];
  if (innerType !== undefined) return [innerType];
  return input === undefined ? [] : [input];
}
