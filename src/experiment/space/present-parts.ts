import type { Component } from "./mixture-amounts.ts";

/**
 * Which parts of a mixture are there, from places in the unit cube: the parts with the largest places, as many
 * as can be half of the time, any number of them otherwise.
 *
 * Given which places are largest, those are uniform above the largest other one, so that they can go on to say
 * how much of each part there is.
 *
 * @param from.places - one of each part; shape (components)
 * @param from.count - a place that says how many
 * @returns indices of the parts and their own places in [0, 1), or undefined when these parts can't make up the total
 */
export function presentParts(
  components: readonly Component[],
  total: number,
  { atMost, places, count }: { atMost: number; places: readonly number[]; count: number },
): { indices: number[]; places: number[] } | undefined {
  const order = components.map((_, i) => i).sort((a, b) => (places[b] as number) - (places[a] as number));
  const most = Math.min(atMost, components.length);
  let size = count < 0.5 ? most : 1 + Math.floor(2 * (count - 0.5) * most);
  const sum = (of: "minimum" | "maximum"): number =>
    order.slice(0, size).reduce((all, i) => all + (components[i] as Component)[of], 0);
  const rounding = 1e-9 * Math.abs(total);
  while (size < most && sum("maximum") < total - rounding) size++;
  while (size > 1 && sum("minimum") > total + rounding) size--;
  if (sum("maximum") < total - rounding || sum("minimum") > total + rounding) return undefined;
  const indices = order.slice(0, size).sort((a, b) => a - b);
  const next = order[size];
  const below = next === undefined ? 0 : (places[next] as number);
  return { indices, places: indices.map((i) => ((places[i] as number) - below) / (1 - below)) };
}
