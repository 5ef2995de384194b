import { tidy } from "../../base/unit.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { representative } from "../../hypothesis/symmetry.ts";
import type { Space } from "./space.ts";

/** A text that two settings share exactly when they are the same to 12 digits, whatever the order of their names. */
export function settingKey(setting: Setting): string {
  let key = "";
  for (const name of Object.keys(setting).sort()) {
    const value = setting[name] as number | string;
    key += `${JSON.stringify(name)}:${typeof value === "number" ? tidy(value) + 0 : JSON.stringify(value)},`;
  }
  return key;
}

/** A text that two settings share exactly when they are the same, or the same by symmetry. */
export function keyIn({ symmetries }: Pick<Space, "symmetries">, setting: Setting): string {
  return settingKey(symmetries === undefined ? setting : representative(symmetries, setting));
}
