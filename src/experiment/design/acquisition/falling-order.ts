/**
 * Indices of values from the largest on, of equal ones the first first; only as far as they are asked for is anything sorted.
 */
export class FallingOrder {
  readonly #values: Float64Array;
  /** A heap: the value of an entry comes before those of the two entries at twice its place. */
  readonly #heap: Uint32Array;
  #size: number;

  /** @param values - none of them NaN */
  constructor(values: Float64Array) {
    this.#values = values;
    this.#size = values.length;
    this.#heap = Uint32Array.from(values.keys());
    for (let at = (this.#size >> 1) - 1; at >= 0; at--) this.#sink(at);
  }

  /** The next ones; fewer where there are no more. */
  take(count: number): Uint32Array {
    const taken = new Uint32Array(Math.min(count, this.#size));
    const heap = this.#heap;
    for (let k = 0; k < taken.length; k++) {
      taken[k] = heap[0] as number;
      this.#size -= 1;
      heap[0] = heap[this.#size] as number;
      this.#sink(0);
    }
    return taken;
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const sunk = heap[from] as number;
    let at = from;
    for (let child = 2 * at + 1; child < this.#size; child = 2 * at + 1) {
      if (child + 1 < this.#size && this.#isBefore(heap[child + 1] as number, heap[child] as number))
        child += 1;
      if (!this.#isBefore(heap[child] as number, sunk)) break;
      heap[at] = heap[child] as number;
      at = child;
    }
    if (this.#size > 0) heap[at] = sunk;
  }

  #isBefore(a: number, b: number): boolean {
    const [first, second] = [this.#values[a] as number, this.#values[b] as number];
    return first > second || (first === second && a < b);
  }
}
