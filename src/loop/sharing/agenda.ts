/** In what order the steps of experiments that share a lab are best done, as it was found last. */
export interface Agenda {
  /** Rank of each step, by experiment and instruction, such as "3.12". */
  readonly ranks: Readonly<Record<string, number>>;
  /** Experiments for which the order was looked for; it is looked for again when others are under way. */
  readonly of: string;
  readonly searches: number;
  /** When turns are looked at though nothing happens before, milliseconds since 1970; null where nothing waits on purpose. */
  readonly due: number | null;
  /** Looks that were asked for so far. */
  readonly looks: number;
}

export const EMPTY_AGENDA: Agenda = { ranks: {}, of: "", searches: 0, due: null, looks: 0 };
