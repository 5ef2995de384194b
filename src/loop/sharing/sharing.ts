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

/** The instrument that has a role; a role that has none of its own is an instrument's name. */
export function instrumentOf({ instruments }: Sharing, role: string): string {
  return instruments[role] ?? role;
}

/**
 * Which resource it is.
 *
 * @throws RangeError when the lab has none of this name
 */
export function resourceIndex({ resources }: Sharing, name: string): number {
  const index = resources.findIndex((each) => each.name === name);
  if (index < 0) throw new RangeError(`"${name}" is no resource of the lab`);
  return index;
}
