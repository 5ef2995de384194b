import { isUnitProblem, parseUnit, unitOf } from "../../base/unit.ts";
import type { Parameter } from "../../hypothesis/parameter.ts";
import { numberIn, textOf } from "../file/cell-value.ts";
import type { Path } from "../file/source-file.ts";
import type { WrittenParameter } from "../schema/campaign-schema.ts";
import { type CandidateSource, cellOf } from "./candidate-source.ts";
import type { FaultCollector } from "./faults.ts";

/** A number whose limits are those of the candidates; cells that are no numbers are told with their rows. */
export function compileListedNumber(
  faults: FaultCollector,
  path: Path,
  name: string,
  written: Extract<WrittenParameter, { unit: string }>,
  candidates: CandidateSource | undefined,
): Parameter | undefined {
  const unit = parseUnit(written.unit);
  if (isUnitProblem(unit)) {
    const hint =
      unit.nearest === undefined ? "write a unit such as uL, or 1" : `did you mean "${unit.nearest}"?`;
    faults.add(
      "campaign.wrong-unit",
      [...path, "unit"],
      `"${unit.symbol}" is no unit that labloop knows`,
      hint,
    );
    return undefined;
  }
  if (!hasColumn(faults, path, name, candidates)) return undefined;
  let [minimum, maximum] = [Infinity, -Infinity];
  for (const row of candidates.rows) {
    const value = numberIn(cellOf(row, name), unitOf(unit.symbol));
    if (value === undefined) continue;
    minimum = Math.min(minimum, value);
    maximum = Math.max(maximum, value);
  }
  if (!(minimum <= maximum)) [minimum, maximum] = [0, 0];
  const scale = written.scale ?? "linear";
  if (scale === "log" && minimum <= 0) {
    faults.put(
      candidates.faultAt(
        undefined,
        `"${name}" has a log scale, but its least value is ${minimum}`,
        "leave `scale: log` away, or take rows out that aren't above 0",
      ),
    );
    return undefined;
  }
  return minimum === maximum
    ? { kind: "constant", name, unit: unit.symbol, value: minimum }
    : { kind: "continuous", name, unit: unit.symbol, minimum, maximum, scale };
}

/** The choices that the candidates have, in the order in which they appear. */
export function listedChoices(
  faults: FaultCollector,
  path: Path,
  name: string,
  candidates: CandidateSource | undefined,
): string[] | undefined {
  if (!hasColumn(faults, [...path, "choices"], name, candidates)) return undefined;
  const choices = new Set(candidates.rows.map((row) => textOf(cellOf(row, name))));
  choices.delete("");
  return [...choices];
}

function hasColumn(
  faults: FaultCollector,
  path: Path,
  name: string,
  candidates: CandidateSource | undefined,
): candidates is CandidateSource {
  if (candidates === undefined)
    faults.add(
      "campaign.empty-range",
      path,
      `nothing says which values "${name}" may have: there are no candidates`,
      "write min and max, levels or choices; or give `candidates`",
    );
  // A column that isn't there is told once, with the candidates.
  return candidates !== undefined && candidates.columns.includes(name);
}
