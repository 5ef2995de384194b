/** Why an instrument gave no number that can be used. */
export type Quality = "overload" | "underload" | "no-sensor" | "unstable" | "in-compliance" | "saturated";

/** What an instrument said in place of a number: it is flagged, and never becomes a value. */
export interface Unusable {
  readonly unusable: Quality;
}

/** A number in the declared unit, or why there is none. */
export type Value = number | Unusable;

/** Makes a value of what is no number. */
export function unusable(quality: Quality): Unusable {
  return { unusable: quality };
}

/** Numbers by name, and a flag such as "overload:weight" for each that there is none of. */
export function splitValues(values: Readonly<Record<string, Value>>): {
  readings: Record<string, number>;
  flags: string[];
} {
  const readings: Record<string, number> = {};
  const flags: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    if (typeof value === "number") readings[name] = value;
    else flags.push(`${value.unusable}:${name}`);
  }
  return { readings, flags };
}
