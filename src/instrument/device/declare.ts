import type {
  ActionDeclaration,
  AlarmDeclaration,
  Declaration,
  NumberArgument,
  PropertyDeclaration,
  ReadingDeclaration,
} from "../contract/declaration.ts";

/** Parts of a declaration that many instruments have nothing in. */
type Often = "settings" | "properties" | "alarms";

/**
 * A declaration whose empty parts may be left out, and which has not yet the actions that follow from its properties.
 */
export type Declaring<T extends Declaration["transport"]> = Omit<Declaration, Often | "transport"> &
  Partial<Pick<Declaration, Often>> & { readonly transport: T };

/**
 * Adds to a declaration the actions that follow from its properties: `read`, which gives every readable one, and
 * `set-…` for each settable one, which names the state afterwards and gives what was read back.
 */
export function declare<T extends Declaration["transport"]>(
  declaring: Declaring<T>,
): Declaration & { readonly transport: T } {
  const declaration = { settings: {}, properties: {}, alarms: {}, ...declaring };
  return {
    ...declaration,
    actions: { ...derivedActions(declaration.properties), ...declaration.actions },
  };
}

/** Alarms by their code, from what each says, with one advice for all. */
export function alarms(
  descriptions: Readonly<Record<string, string>>,
  advice: string,
): Record<string, AlarmDeclaration> {
  return Object.fromEntries(
    Object.entries(descriptions).map(([code, description]) => [code, { description, advice }]),
  );
}

/** The property that a derived action sets. */
export function propertySet(
  action: string,
  properties: Readonly<Record<string, PropertyDeclaration>>,
): string | undefined {
  const name = action.startsWith("set-") ? action.slice(4) : undefined;
  return name !== undefined && properties[name]?.settable === true ? name : undefined;
}

function derivedActions(properties: Declaration["properties"]): Record<string, ActionDeclaration> {
  const readable = Object.entries(properties).filter(([, property]) => property.readable);
  const settable = Object.entries(properties).filter(([, property]) => property.settable);
  const actions: Record<string, ActionDeclaration> = {};
  if (readable.length > 0)
    actions["read"] = {
      description: `reads ${readable.map(([name]) => name).join(", ")}`,
      effect: "read",
      arguments: {},
      readings: Object.fromEntries(readable.map(([name, property]) => [name, reading(property)])),
    };
  for (const [name, property] of settable)
    actions[`set-${name}`] = {
      description: `sets ${property.description}`,
      effect: "end-state",
      arguments: { [name]: argument(property) },
      readings: property.readable ? { [name]: reading(property) } : {},
    };
  return actions;
}

function reading({ unit, description, resolution }: PropertyDeclaration): ReadingDeclaration {
  return { unit, description, ...(resolution === undefined ? {} : { resolution }) };
}

function argument({ unit, description, minimum, maximum, resolution }: PropertyDeclaration): NumberArgument {
  return {
    kind: "number",
    unit,
    description,
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(resolution === undefined ? {} : { resolution }),
  };
}
