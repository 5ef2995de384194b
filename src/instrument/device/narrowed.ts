import { suggest } from "../../base/suggest.ts";
import type { ActionDeclaration, ArgumentDeclaration, Declaration } from "../contract/declaration.ts";

/** Limits in the declared unit, and the smallest step between them. */
export interface Limits {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly resolution?: number;
}

/**
 * A declaration with narrower limits. A resolution holds for the reading of the same name, too.
 *
 * @param limits - by property ("setpoint", which holds for `set-setpoint` too) or by action and argument
 * ("reach.temperature")
 * @throws RangeError when there is none of that name
 */
export function narrowed<D extends Declaration>(declaration: D, limits: Readonly<Record<string, Limits>>): D {
  let { properties, actions } = declaration;
  for (const [name, limit] of Object.entries(limits)) {
    const [first = "", argument] = name.split(".");
    const property = argument === undefined ? properties[first] : undefined;
    if (property !== undefined) properties = { ...properties, [first]: { ...property, ...limit } };
    const [action, key] = argument === undefined ? [`set-${first}`, first] : [first, argument];
    const declared = actions[action];
    const narrowedArgument = declared?.arguments[key];
    if (property === undefined && narrowedArgument === undefined)
      throw new RangeError(
        `${declaration.id} has no property or argument "${name}"; ${suggest(name, names(declaration), "it has")}`,
      );
    if (declared !== undefined && narrowedArgument !== undefined) {
      const changed = { ...narrowedArgument, ...limit } as ArgumentDeclaration;
      actions = {
        ...actions,
        [action]: {
          ...declared,
          arguments: { ...declared.arguments, [key]: changed },
          readings: withResolution(declared.readings, key, limit.resolution),
        },
      };
    }
  }
  return { ...declaration, properties, actions };
}

function withResolution(
  readings: ActionDeclaration["readings"],
  name: string,
  resolution: number | undefined,
): ActionDeclaration["readings"] {
  const reading = readings[name];
  if (reading === undefined || resolution === undefined) return readings;
  return { ...readings, [name]: { ...reading, resolution } };
}

function names({ properties, actions }: Declaration): string[] {
  const ofActions = Object.entries(actions).flatMap(([action, { arguments: all }]) =>
    Object.keys(all).map((argument) => `${action}.${argument}`),
  );
  return [...Object.keys(properties), ...ofActions];
}
