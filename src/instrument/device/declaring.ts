import type {
  ChoiceArgument,
  NumberArgument,
  PropertyDeclaration,
  SettingDeclaration,
} from "../contract/declaration.ts";

interface Reach {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly resolution?: number;
}

/** A property that can be read only. */
export function readable(unit: string, description: string, reach: Reach = {}): PropertyDeclaration {
  return { unit, description, readable: true, settable: false, ...reach };
}

/** A property that can be read and set. */
export function settable(unit: string, description: string, reach: Reach): PropertyDeclaration {
  return { unit, description, readable: true, settable: true, ...reach };
}

/** An argument that is a number. */
export function quantity(
  unit: string,
  description: string,
  reach: Reach & { readonly required?: boolean } = {},
): NumberArgument {
  return { kind: "number", unit, description, ...reach };
}

/** An argument that is one of a few words. */
export function choice(
  choices: readonly string[],
  description: string,
  more: { readonly required?: boolean } = {},
): ChoiceArgument {
  return { kind: "choice", choices, description, ...more };
}

type SettingOf<K extends SettingDeclaration["kind"]> = Extract<SettingDeclaration, { kind: K }>;

/** A setting of the lab file that is a number. */
export function numberSetting(
  unit: string,
  description: string,
  more: Omit<SettingOf<"number">, "kind" | "unit" | "description"> = {},
): SettingDeclaration {
  return { kind: "number", unit, description, ...more };
}

/** A setting of the lab file that is a text. */
export function textSetting(
  description: string,
  more: Omit<SettingOf<"text">, "kind" | "description"> = {},
): SettingDeclaration {
  return { kind: "text", description, ...more };
}

/** A setting of the lab file that is one of a few words. */
export function choiceSetting(
  choices: readonly string[],
  description: string,
  more: Omit<SettingOf<"choice">, "kind" | "choices" | "description"> = {},
): SettingDeclaration {
  return { kind: "choice", choices, description, ...more };
}
