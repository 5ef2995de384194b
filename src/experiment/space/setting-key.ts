import { tidy } from "../../base/unit.ts";
import type { Setting } from "../../hypothesis/parameter.ts";

/** A text that two settings share exactly when they are the same to 12 digits, whatever the order of their names. */
export function settingKey(setting: Setting): string {
  const names = Object.keys(setting).sort();
  return JSON.stringify(
    names.map((name) => {
      const value = setting[name] as number | string;
      return [name, typeof value === "number" ? tidy(value) + 0 : value];
    }),
  );
}
