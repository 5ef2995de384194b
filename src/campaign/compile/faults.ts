import type { Fault } from "../../base/fault.ts";
import type { Path, SourceFile } from "../file/source-file.ts";

/** Gathers what is wrong with a file, so that one check tells everything. */
export class FaultCollector {
  readonly faults: Fault[] = [];
  /** What is allowed but probably not meant. */
  readonly warnings: Fault[] = [];
  readonly #source: SourceFile;
  readonly #broken = new Set<string>();

  constructor(source: SourceFile) {
    this.#source = source;
  }

  /** A fault at a place of the file; `offset` counts characters from the beginning of the value. */
  add(code: string, path: Path, message: string, advice?: string, offset = 0): void {
    this.faults.push(this.#fault(code, path, message, advice, offset));
  }

  /** Something that runs as it is, but is worth a second look. */
  warn(code: string, path: Path, message: string, advice?: string): void {
    this.warnings.push(this.#fault(code, path, message, advice, 0));
  }

  /** A fault in another file, or in none. */
  put(fault: Fault): void {
    this.faults.push(fault);
  }

  /** Something in another file that is worth a second look. */
  remark(fault: Fault): void {
    this.warnings.push(fault);
  }

  /** A name whose definition has a fault: what uses it isn't to blame. */
  giveUp(name: string): void {
    this.#broken.add(name);
  }

  /** Whether a name, or the group that it belongs to, was given up. */
  isGivenUp(name: string): boolean {
    return this.#broken.has(name) || this.#broken.has(name.split(".")[0] as string);
  }

  #fault(code: string, path: Path, message: string, advice: string | undefined, offset: number): Fault {
    const place = this.#source.placeOf(path, offset);
    return { code, message, ...(advice === undefined ? {} : { advice }), place };
  }
}
