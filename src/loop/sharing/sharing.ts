/** How experiments that are under way at the same time share a lab. */
export interface Sharing {
  /** Experiments that may be under way at a time, at least 2. */
  readonly atOnce: number;
  readonly resources: readonly SharedResource[];
  /** Instrument, which is a resource, for each role. */
  readonly instruments: Readonly<Record<string, string>>;
  /** Of the search for a good order. */
  readonly seed: number;
}

/** An instrument, or positions or channels that the lab file declares. */
export interface SharedResource {
  readonly name: string;
  /** Numbers of those that there are; an instrument does as many actions at a time. */
  readonly places: readonly number[];
}
