import type { Fault } from "../../base/fault.ts";
import type { Path, SourceFile } from "../file/source-file.ts";

/** Gathers what is wrong with a file, so that one check tells everything. */
export class FaultCollector {
  readonly faults: Fault[] = [];
  readonly #source: SourceFile;

  constructor(source: SourceFile) {
    this.#source = source;
  }

  /** A fault at a place of the file; `offset` counts characters from the beginning of the value. */
  add(code: string, path: Path, message: string, advice?: string, offset = 0): void {
    const place = this.#source.placeOf(path);
    const at = { ...place, column: place.column + offset };
    this.faults.push(
      advice === undefined ? { code, message, place: at } : { code, message, advice, place: at },
    );
  }
}
