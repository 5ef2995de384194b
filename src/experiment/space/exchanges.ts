import { tidy } from "../../base/unit.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { steppedValue } from "./makeable.ts";
import type { Component } from "./mixture-amounts.ts";
import { componentsOf } from "./place-setting.ts";
import type { Mixture, Space } from "./space.ts";

interface Part {
  readonly name: string;
  readonly component: Component;
  readonly amount: number;
}

/**
 * Settings in which one part of a mixture gives an amount to another, in whole steps where there are steps; where
 * few parts may be there, also those in which another part comes in with all of the amount.
 */
export function exchanges(space: Space, mixture: Mixture, setting: Setting, radius: number): Setting[] {
  const components = componentsOf(space, mixture.parameters);
  const parts = mixture.parameters.map((name, i) => ({
    name,
    component: components[i] as Component,
    amount: Number(setting[name]),
  }));
  const few = mixture.atMost !== undefined;
  const present = parts.filter(({ amount }) => amount !== 0).length;
  const found: Setting[] = [];
  for (const from of parts) {
    for (const to of parts) {
      if (from === to) continue;
      for (const amount of amountsToGive(from, to, { radius, few })) {
        const less = tidy(from.amount - amount);
        const more = tidy(to.amount + amount);
        const here = present + (less === 0 ? -1 : 0) + (to.amount === 0 ? 1 : 0);
        if (here > (mixture.atMost ?? Infinity)) continue;
        if (canBe(from, less, few) && canBe(to, more, few))
          found.push({ ...setting, [from.name]: less, [to.name]: more });
      }
    }
  }
  return found;
}

function canBe({ component }: Part, amount: number, few: boolean): boolean {
  if (few && amount === 0) return true;
  const { minimum, maximum, step } = component;
  if (amount < minimum || amount > maximum) return false;
  if (step === undefined) return true;
  const nearest = steppedValue({ minimum, step }, Math.round((amount - minimum) / step));
  return Math.abs(nearest - amount) <= 1e-9 * Math.max(Math.abs(nearest), Math.abs(amount));
}

function amountsToGive(from: Part, to: Part, how: { radius: number; few: boolean }): number[] {
  const step = Math.max(from.component.step ?? 0, to.component.step ?? 0);
  const wanted = how.radius * Math.min(rangeOf(from), rangeOf(to));
  const usual = step === 0 ? wanted : Math.max(1, Math.round(wanted / step)) * step;
  if (!how.few) return [usual];
  if (from.amount === 0) return [];
  // All of it, and, where the other part isn't there or this one would fall below its minimum, that minimum.
  const toMinimum = to.amount === 0 ? to.component.minimum : 0;
  const amounts = [Math.max(usual, toMinimum), from.amount, from.amount - from.component.minimum];
  return [...new Set(amounts)].filter((amount) => amount > 0 && amount <= from.amount);
}

function rangeOf({ component }: Part): number {
  return component.maximum - component.minimum;
}
