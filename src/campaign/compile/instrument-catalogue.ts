import type { Effect } from "../../loop/plan.ts";

/** An argument of an action, as its driver declares it. */
export type CatalogueArgument =
  | {
      readonly kind: "number";
      readonly unit: string;
      readonly minimum?: number;
      readonly maximum?: number;
      readonly resolution?: number;
      readonly required?: boolean;
    }
  | { readonly kind: "choice"; readonly choices: readonly string[]; readonly required?: boolean };

/** What a campaign must know of an instrument: a part of the driver's declaration. */
export interface CatalogueEntry {
  readonly title: string;
  readonly actions: Readonly<
    Record<
      string,
      {
        readonly effect: Effect;
        readonly arguments: Readonly<Record<string, CatalogueArgument>>;
        readonly readings: Readonly<Record<string, { readonly unit: string }>>;
      }
    >
  >;
}

/** The instruments of a lab by name. */
export type InstrumentCatalogue = Readonly<Record<string, CatalogueEntry>>;
