import type {
  ActionDeclaration,
  Declaration,
  NumberArgument,
  PropertyDeclaration,
  ReadingDeclaration,
} from "../contract/declaration.ts";

/**
 * Adds to a declaration the actions that follow from its properties: `read`, which gives every readable one, and
 * `set-…` for each settable one, which names the state afterwards and gives what was read back.
 */
export function declare<D extends Declaration>(declaration: D): D {
  return {
    ...declaration,
    actions: { ...derivedActions(declaration.properties), ...declaration.actions },
  };
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
