import type { Fault, Place } from "../../base/fault.ts";
import { formatQuantity } from "../../base/quantity.ts";
import { fromSi, toSi, type Unit } from "../../base/unit.ts";
import type { FaultCollector } from "../../campaign/compile/faults.ts";
import { readQuantity, readSi } from "../../campaign/compile/values.ts";
import type { WrittenLab } from "../lab-schema.ts";
import type { JudgedPlan } from "../safety/judge-plan.ts";
import { type RulesInput, readTerms } from "../safety/read-rules.ts";
import { type Act, actOf, type Term } from "../safety/rules.ts";
import { countOf } from "../safety/tally.ts";

/** A reagent that actions draw from, or a waste container that they fill. */
export interface Supply {
  readonly kind: "stock" | "waste";
  readonly name: string;
  readonly terms: readonly Term[];
  /** What is available after the last refill, or the capacity; in coherent SI units, as is the reserve. */
  readonly holds: number;
  /** What isn't to be used, for priming and dead volumes; 0 of waste. */
  readonly reserve: number;
  /** In which it is told. */
  readonly unit: Unit;
  /** Where it is written. */
  readonly place: Place;
}

/** Reads stock and waste of a lab file, and checks what they name. */
export function readSupplies(input: RulesInput & { readonly file: WrittenLab }): Supply[] {
  const { stock = {}, waste = {} } = input.file;
  return [
    ...Object.entries(stock).flatMap(([name, { drawn, available, reserve }]) => {
      const path = ["stock", name];
      const supply = readSupply(input, { path, holds: ["available", available], terms: ["drawn", drawn] });
      const kept = supply && readReserve(input.faults, [...path, "reserve"], reserve, supply);
      return supply === undefined || kept === undefined
        ? []
        : [{ ...supply, name, reserve: kept, kind: "stock" as const }];
    }),
    ...Object.entries(waste).flatMap(([name, { filled, capacity }]) => {
      const path = ["waste", name];
      const supply = readSupply(input, { path, holds: ["capacity", capacity], terms: ["filled", filled] });
      if (Object.hasOwn(stock, name))
        input.faults.add("lab.bad-rule", path, `"${name}" is a stock already`, "choose another name");
      return supply === undefined ? [] : [{ ...supply, name, reserve: 0, kind: "waste" as const }];
    }),
  ];
}

interface SupplyPlace {
  readonly path: readonly string[];
  readonly holds: readonly [key: string, written: string | number];
  readonly terms: readonly [key: string, written: readonly (string | number)[]];
}

function readSupply(
  input: RulesInput,
  { path, holds: [key, written], terms: [termsKey, texts] }: SupplyPlace,
): Pick<Supply, "terms" | "holds" | "unit" | "place"> | undefined {
  const size = readQuantity(input.faults, [...path, key], written);
  if (size === undefined) return undefined;
  const { unit } = size;
  const terms = readTerms(input, texts, [...path, termsKey], unit.dimension);
  const holds = toSi(size.value, unit);
  if (!(holds > 0)) {
    input.faults.add("lab.bad-rule", [...path, key], `"${written}" is no size`, "write a value above 0");
    return undefined;
  }
  return terms && { terms, holds, unit, place: input.source.placeOf(path) };
}

function readReserve(
  faults: FaultCollector,
  path: readonly string[],
  written: string | number | undefined,
  { holds, unit }: Pick<Supply, "holds" | "unit">,
): number | undefined {
  const reserve = written === undefined ? 0 : readSi(faults, path, written, unit.dimension);
  if (reserve === undefined || (reserve >= 0 && reserve < holds)) return reserve;
  faults.add("lab.bad-rule", path, `"${written}" leaves nothing to use`, "write less than what is available");
  return undefined;
}

/** What an action uses of each supply, in coherent SI units; what isn't known counts as nothing. */
export function usedBy(supplies: readonly Supply[], act: Act): number[] {
  return supplies.map(({ terms }) => countOf(terms, act, 0));
}

/** What an experiment is going to use of each supply, as far as that is known beforehand. */
export function neededBy(
  supplies: readonly Supply[],
  { forecast, roles }: Omit<JudgedPlan, "values">,
): number[] {
  return forecast.actions
    .filter(({ sure }) => sure)
    .map(({ role, action, arguments: given }) => usedBy(supplies, actOf(roles, role, action, given)))
    .reduce(
      added,
      supplies.map(() => 0),
    );
}

/** Sums, supply by supply. */
export function added(a: readonly number[], b: readonly number[]): number[] {
  return a.map((each, i) => each + (b[i] ?? 0));
}

/** An amount as it is told. */
export function describeAmount({ unit }: Pick<Supply, "unit">, si: number): string {
  return formatQuantity({ value: fromSi(si, unit), unit: unit.symbol });
}

/**
 * Why an experiment can't be supplied: the first supply of which it needs more than there is room for.
 *
 * @param room - what can be used of each, in coherent SI units
 */
export function shortOf(
  supplies: readonly Supply[],
  needs: readonly number[],
  room: readonly number[],
): Fault | undefined {
  for (const [i, supply] of supplies.entries()) {
    const [need = 0, left = 0] = [needs[i], room[i]];
    // A relative tolerance of rounding, as for the consumables of a budget.
    if (need <= 0 || need <= left + supply.holds * 1e-9) continue;
    const { name, kind, place } = supply;
    const [wanted, there] = [describeAmount(supply, need), describeAmount(supply, Math.max(0, left))];
    return {
      code: "experiment.out-of-stock",
      message:
        kind === "stock"
          ? `the experiment needs ${wanted} of "${name}", but ${there} can be used`
          : `the experiment puts ${wanted} into "${name}", but there is room for ${there}`,
      advice:
        kind === "stock"
          ? `refill it, then \`labloop stock <lab.yaml> --refill ${name}=<amount>\``
          : `empty it, then \`labloop stock <lab.yaml> --emptied ${name}\``,
      place,
    };
  }
  return undefined;
}
