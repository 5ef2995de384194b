import { type NumberArgument, quantity, type ReadingDeclaration } from "labloop/instrument";

/** One thing that a program takes or gives. */
const ITEM =
  /^([A-Za-z_][\w-]*)(?:\s+([^\s\d[][^\s[]*|1))?(?:\s*\[\s*(-?[\d.eE+-]+)\s*\.\.\s*(-?[\d.eE+-]+)\s*\])?$/;

/**
 * Reads "temperature degC [0..80], stirring rpm": name, unit, and limits in that unit.
 *
 * @throws RangeError when it can't be read
 */
export function argumentsIn(text: string): Record<string, NumberArgument> {
  return Object.fromEntries(
    itemsIn(text).map(({ name, unit, ...limits }) => [name, quantity(unit, name, limits)]),
  );
}

/**
 * Reads "yield %, purity %": name and unit.
 *
 * @throws RangeError when it can't be read
 */
export function readingsIn(text: string): Record<string, ReadingDeclaration> {
  return Object.fromEntries(itemsIn(text).map(({ name, unit }) => [name, { unit, description: name }]));
}

function itemsIn(text: string) {
  return text
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "")
    .map((each) => {
      const [, name, unit = "1", minimum, maximum] = ITEM.exec(each) ?? [];
      if (name === undefined)
        throw new RangeError(`"${each}" is no name, unit and limits, such as "temperature degC [0..80]"`);
      // Both limits stand there, or none.
      if (minimum === undefined) return { name, unit };
      return { name, unit, minimum: Number(minimum), maximum: Number(maximum) };
    });
}
