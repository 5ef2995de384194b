/** A setting as an optimiser of the bench has it: a value for each column. */
export type Point = readonly (number | string)[];

/** A column of settings. */
export type Column =
  | {
      readonly kind: "real" | "integer";
      readonly name: string;
      readonly min: number;
      readonly max: number;
    }
  | { readonly kind: "category"; readonly name: string; readonly choices: readonly string[] };

/** Where an optimiser may look: anywhere between the columns' limits, or among the rows of a table. */
export interface Space {
  readonly columns: readonly Column[];
  /** The only settings there are, each to be tried once. */
  readonly rows?: readonly Point[];
  /** What the columns sum to; each goes from 0 to it. */
  readonly total?: number;
  /** Python expressions over columns, at least 0 where a setting is allowed. */
  readonly margins?: readonly string[];
}

/** A finished experiment: what is to be made large, or nothing when it failed; margins of known constraints. */
export interface Told<Place> {
  readonly place: Place;
  readonly values: readonly number[] | undefined;
  readonly margins?: readonly number[];
}

/** What an optimiser wants to try next, and how long it computed since it last asked. */
export interface Asked<Place> {
  readonly place: Place;
  readonly seconds: number;
}

/** One campaign of an optimiser; a place is a point, or a row of a table. */
export interface Optimiser<Place> {
  tell(told: Told<Place>): Promise<void>;
  ask(): Promise<Asked<Place>>;
}
