import type { Setting } from "./parameter.ts";

/** Something that may be done to a setting without changing what comes out. */
export type Symmetry =
  /** Blocks of parameters that may change places; blocks have equally many parameters, of equal limits at each place. */
  | { readonly kind: "permutation"; readonly blocks: readonly (readonly string[])[] }
  /** Parameters whose signs may change together. */
  | { readonly kind: "sign"; readonly parameters: readonly string[] }
  /** A number that comes round again, such as an angle; in the parameter's unit. */
  | { readonly kind: "period"; readonly parameter: string; readonly period: number }
  /** A group of permutations: `images[g][k]` is the index of the parameter that takes place k. */
  | {
      readonly kind: "group";
      readonly parameters: readonly string[];
      readonly images: readonly (readonly number[])[];
    };

/**
 * The setting that stands for all that are the same by symmetry: a kernel of it is invariant.
 *
 * Blocks are put into rising order, signs made positive, periodic numbers taken to the first period, and of the images
 * under a group the greatest is taken (by the first parameter that differs).
 */
export function representative(symmetries: readonly Symmetry[], setting: Setting): Setting {
  let image = setting;
  for (const symmetry of symmetries) image = moved(symmetry, image);
  return image;
}

function moved(symmetry: Symmetry, setting: Setting): Setting {
  switch (symmetry.kind) {
    case "permutation": {
      const rows = symmetry.blocks.map((block) => block.map((name) => setting[name] as number | string));
      rows.sort(compareRows);
      return withValues(setting, symmetry.blocks.flat(), rows.flat());
    }
    case "sign": {
      const values = symmetry.parameters.map((name) => Number(setting[name]));
      const first = values.find((value) => value !== 0) ?? 0;
      return first < 0
        ? withValues(
            setting,
            symmetry.parameters,
            values.map((value) => 0 - value),
          )
        : setting;
    }
    case "period": {
      const value = Number(setting[symmetry.parameter]);
      return {
        ...setting,
        [symmetry.parameter]: value - symmetry.period * Math.floor(value / symmetry.period),
      };
    }
    case "group": {
      const values = symmetry.parameters.map((name) => setting[name] as number | string);
      const images = symmetry.images.map((image) => image.map((k) => values[k] as number | string));
      const greatest = images.reduce((best, each) => (compareRows(each, best) > 0 ? each : best), values);
      return withValues(setting, symmetry.parameters, greatest);
    }
  }
}

function withValues(
  setting: Setting,
  names: readonly string[],
  values: readonly (number | string)[],
): Setting {
  return {
    ...setting,
    ...Object.fromEntries(names.map((name, k) => [name, values[k] as number | string])),
  };
}

/** Numbers by size, texts by their code units, the first difference decides. */
function compareRows(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  for (const [k, left] of a.entries()) {
    const right = b[k] as number | string;
    if (left !== right) return left < right ? -1 : 1;
  }
  return 0;
}

/** Sets of parameters that symmetry makes alike, so that they have to share a length-scale. */
export function alikeParameters(symmetries: readonly Symmetry[]): readonly (readonly string[])[] {
  return symmetries.flatMap((symmetry) => {
    if (symmetry.kind === "group") return [symmetry.parameters];
    if (symmetry.kind !== "permutation") return [];
    const width = symmetry.blocks[0]?.length ?? 0;
    return Array.from({ length: width }, (_, k) => symmetry.blocks.map((block) => block[k] as string));
  });
}
