interface Span {
  readonly from: number;
  readonly to: number;
  readonly activity: number;
}

/** When one resource is in use. */
export class Occupancy {
  readonly #capacity: number;
  /** By their beginnings. */
  #spans: Span[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The first time from `from` on at which one more can be in use for `duration`. */
  earliest(from: number, duration: number): number {
    return this.#capacity === 1 ? this.#gap(from, duration) : this.#room(from, duration);
  }

  add(activity: number, from: number, to: number): void {
    const spans = this.#spans;
    let at = spans.length;
    while (at > 0 && (spans[at - 1] as Span).from > from) at -= 1;
    spans.splice(at, 0, { from, to, activity });
  }

  /**
   * What an activity took goes on until then, instead of for ever.
   *
   * @returns false where it had taken nothing, or it goes on until some time already
   */
  close(activity: number, to: number): boolean {
    const at = this.#spans.findIndex((span) => span.activity === activity && span.to === Infinity);
    const span = this.#spans[at];
    if (span === undefined) return false;
    this.#spans[at] = { ...span, to };
    return true;
  }

  /** Whether an activity can have it for so long, beside all others. */
  hasRoomFor(activity: number, from: number, to: number): boolean {
    const own = this.#spans.findIndex((span) => span.activity === activity);
    const all = this.#spans;
    this.#spans = all.filter((_, i) => i !== own);
    const fits = this.earliest(from, to - from) === from;
    this.#spans = all;
    return fits;
  }

  remove(activity: number): void {
    this.#spans = this.#spans.filter((span) => span.activity !== activity);
  }

  /** With one of it, spans don't overlap. */
  #gap(from: number, duration: number): number {
    let begin = from;
    for (const span of this.#spans) {
      if (span.from >= begin + duration && span.from > begin) break;
      if (span.to > begin) begin = span.to;
    }
    return begin;
  }

  #room(from: number, duration: number): number {
    let begin = from;
    for (;;) {
      const full = this.#firstFull(begin, duration);
      if (full === undefined) return begin;
      begin = full;
    }
  }

  /** When one of those ends that leave no room within a span; undefined where there is room. */
  #firstFull(begin: number, duration: number): number | undefined {
    const within = this.#spans.filter(({ from, to }) => to > begin && from < begin + duration);
    if (within.length < this.#capacity) return undefined;
    for (const moment of [begin, ...within.map(({ from }) => from)]) {
      if (moment < begin) continue;
      const there = within.filter(({ from, to }) => from <= moment && to > moment);
      if (there.length >= this.#capacity) return Math.min(...there.map(({ to }) => to));
    }
    return undefined;
  }
}
