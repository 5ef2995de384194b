import type { Random } from "../../base/random.ts";
import type { Parameter, Setting } from "../../hypothesis/parameter.ts";
import { SOBOL_DIMENSIONS, sobolPoints } from "../../numerics/index.ts";
import { valueAtPlace } from "../space/makeable.ts";
import { freeParameters } from "../space/place-setting.ts";
import type { Space } from "../space/space.ts";
import type { Importance } from "./explanation.ts";

/** Pairs of points; the indices are then known to about 0.03. */
const POINTS = 512;

/**
 * Sobol indices of what is expected over the space: the shares of its variance that parameters cause. Parameters are
 * varied independently over their ranges, whatever mixtures or constraints there are.
 * Source: Jansen, Analysis of variance designs for model output (Comput. Phys. Commun. 117, 1999); Saltelli et al.,
 * Variance based sensitivity analysis (Comput. Phys. Commun. 181, 2010), table 2.
 *
 * @param expected - mean of the prediction at a setting
 * @returns the most important first; empty where the prediction is the same everywhere
 */
export function importanceOf(
  space: Space,
  expected: (setting: Setting) => number,
  random: Random,
): Importance[] {
  const free = freeParameters(space);
  const rest = fixedPart(space);
  const [a, b] = drawnPairs(free, rest, random);
  const atA = a.map(expected);
  const atB = b.map(expected);
  const all = [...atA, ...atB];
  const centre = all.reduce((sum, value) => sum + value, 0) / all.length;
  const variance = all.reduce((sum, value) => sum + (value - centre) * (value - centre), 0) / all.length;
  if (!(variance > 1e-12 * centre * centre)) return [];
  return free
    .map(({ name }) => {
      let alone = 0;
      let total = 0;
      for (const [i, setting] of a.entries()) {
        const swapped = expected({ ...setting, [name]: b[i]?.[name] as number | string });
        const toB = (atB[i] as number) - swapped;
        const toA = (atA[i] as number) - swapped;
        alone += toB * toB;
        total += toA * toA;
      }
      return {
        parameter: name,
        alone: Math.max(0, 1 - alone / (2 * POINTS * variance)),
        total: total / (2 * POINTS * variance),
      };
    })
    .sort((x, y) => y.total - x.total);
}

/** Both settings of a pair are one point of a sequence, since points of two sequences of the same place are alike. */
function drawnPairs(free: readonly Parameter[], rest: Setting, random: Random): [Setting[], Setting[]] {
  const dimensions = Math.min(2 * free.length, SOBOL_DIMENSIONS);
  const points = sobolPoints(POINTS, dimensions, random);
  const settings = (from: number): Setting[] =>
    Array.from({ length: POINTS }, (_, i) => ({
      ...rest,
      ...Object.fromEntries(
        free.map((parameter, k) => {
          const at = from + k;
          const place = at < dimensions ? (points[i * dimensions + at] as number) : random.uniform();
          return [parameter.name, valueAtPlace(parameter, place)];
        }),
      ),
    }));
  return [settings(0), settings(free.length)];
}

/** Values that aren't chosen: constants, and context as it is. */
function fixedPart(space: Space): Setting {
  return Object.fromEntries(
    space.parameters.flatMap((parameter) => {
      if (parameter.kind === "constant") return [[parameter.name, parameter.value] as const];
      if (parameter.context !== true) return [];
      return [[parameter.name, space.pinned?.[parameter.name] ?? valueAtPlace(parameter, 0.5)] as const];
    }),
  );
}
