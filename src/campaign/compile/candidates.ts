import { namesIn } from "../../base/expression/expression.ts";
import { nearestName } from "../../base/fault.ts";
import { formatQuantity } from "../../base/quantity.ts";
import { repeatsIn } from "../../experiment/design/search/listed-settings.ts";
import { contextParameters } from "../../experiment/space/context.ts";
import { brokenConstraints, totalOf } from "../../experiment/space/feasibility.ts";
import { settle } from "../../experiment/space/settle.ts";
import type { Mixture, Space } from "../../experiment/space/space.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import { type ColumnReader, columnReader } from "./candidate-reader.ts";
import { type CandidateSource, cellOf } from "./candidate-source.ts";
import type { FaultCollector } from "./faults.ts";

/** Candidates at most: a decision looks at each of them. */
const MOST = 100_000;

/** Faults that are told one by one. */
const TOLD = 10;

/** How far apart the sums of a mixture may be, relative to the whole; tables are rounded. */
export const SUM_TOLERANCE = 0.02;

interface Misfit {
  readonly message: string;
  readonly advice: string;
}

/**
 * The settings that candidates mean, every one of which is allowed; what is wrong with them goes to the faults, rows
 * that are there twice to the warnings.
 */
export function compileCandidates(faults: FaultCollector, source: CandidateSource, space: Space): Setting[] {
  const before = faults.faults.length;
  checkSize(faults, source);
  checkColumns(faults, source, space);
  checkConditions(faults, space);
  if (faults.faults.length > before) return [];
  const chosen = withoutContext(space);
  const check = rowCheck(chosen);
  const settings: Setting[] = [];
  let wrong = 0;
  for (const [row, cells] of source.rows.entries()) {
    const checked = check(cells);
    if (!("message" in checked)) settings.push(checked.setting);
    else if (++wrong <= TOLD) faults.put(source.faultAt(row, checked.message, checked.advice));
  }
  if (wrong > TOLD)
    faults.put(source.faultAt(undefined, `${wrong - TOLD} more rows are wrong`, "correct the first ones"));
  else if (wrong === 0) remarkRepeats(faults, source, settings, chosen);
  return settings;
}

function checkSize(faults: FaultCollector, source: CandidateSource): void {
  const { length } = source.rows;
  if (length === 0)
    faults.put(source.faultAt(undefined, "there are no candidates", "give one setting a row"));
  if (length > MOST)
    faults.put(
      source.faultAt(
        undefined,
        `there are ${length} candidates; at most ${MOST} are looked at`,
        "leave out what is least likely to be good",
      ),
    );
}

function checkColumns(faults: FaultCollector, source: CandidateSource, space: Space): void {
  const observed = new Set(contextParameters(space).map(({ name }) => name));
  const names = space.parameters.map(({ name }) => name).filter((name) => !observed.has(name));
  for (const name of source.columns) {
    if (names.includes(name)) continue;
    const near = nearestName(name, names);
    const message = observed.has(name)
      ? `"${name}" is context: it is observed, not chosen`
      : `"${name}" is no parameter`;
    const advice =
      near === undefined ? `take it out; the parameters: ${names.join(", ")}` : `did you mean "${near}"?`;
    faults.put(source.faultAt(undefined, message, observed.has(name) ? "take it out" : advice));
  }
  for (const { name, kind } of space.parameters) {
    if (kind === "constant" || observed.has(name) || source.columns.includes(name)) continue;
    const near = nearestName(name, source.columns);
    const advice = near === undefined ? "add it, or give the parameter a `value`" : `did you mean "${near}"?`;
    faults.put(source.faultAt(undefined, `nothing is given for "${name}"`, advice));
  }
}

/** A row could not say whether a parameter rests before the context is known. */
function checkConditions(faults: FaultCollector, space: Space): void {
  const observed = new Set(contextParameters(space).map(({ name }) => name));
  for (const parameter of space.parameters) {
    if (parameter.kind === "constant" || parameter.when === undefined) continue;
    const name = namesIn(parameter.when).find((each) => observed.has(each));
    if (name === undefined) continue;
    faults.add(
      "campaign.bad-condition",
      ["parameters", parameter.name, "when"],
      `with candidates, the condition of "${parameter.name}" can't depend on the context "${name}"`,
      "write it as a constraint, or leave the candidates away",
    );
  }
}

/** What can be known of a setting before the context is; constraints on the context are looked at in each decision. */
function withoutContext(space: Space): Space {
  const context = new Set(contextParameters(space).map(({ name }) => name));
  return {
    ...space,
    parameters: space.parameters.filter(({ name }) => !context.has(name)),
    constraints: space.constraints.filter(
      ({ expression }) => !namesIn(expression).some((name) => context.has(name)),
    ),
  };
}

/** The setting of a row, or the first thing that is wrong with it. */
function rowCheck(
  space: Space,
): (cells: Readonly<Record<string, string | number>>) => { setting: Setting } | Misfit {
  const readers = space.parameters.map((parameter) =>
    columnReader(
      parameter,
      space.mixtures.some(
        ({ atMost, parameters }) => atMost !== undefined && parameters.includes(parameter.name),
      ),
    ),
  );
  return (cells) => {
    const given: Record<string, number | string> = {};
    for (const { name, read } of readers) {
      const cell = read(cellOf(cells, name));
      if (cell.kind === "problem") return cell;
      given[name] = cell.value;
    }
    const setting = settle(space, given);
    return misfitOf(space, readers, setting) ?? { setting };
  };
}

function misfitOf(space: Space, readers: readonly ColumnReader[], setting: Setting): Misfit | undefined {
  for (const { name, problemOf } of readers) {
    const problem = problemOf(setting[name] as number | string);
    if (problem !== undefined) return problem;
  }
  for (const mixture of space.mixtures) {
    const problem = mixtureProblem(space, mixture, setting);
    if (problem !== undefined) return problem;
  }
  if (space.constraints.length === 0) return undefined;
  const [broken] = brokenConstraints(space, setting);
  if (broken === undefined) return undefined;
  return {
    message: `the row breaks the constraint "${broken.text}"`,
    advice: "take the row out, or loosen the constraint",
  };
}

function mixtureProblem(space: Space, mixture: Mixture, setting: Setting): Misfit | undefined {
  const { parameters, atMost = Infinity } = mixture;
  const total = totalOf(space, mixture);
  const sum = parameters.reduce((all, name) => all + Number(setting[name]), 0);
  const unit = space.parameters.find(({ name }) => name === parameters[0]);
  const show = (value: number): string =>
    formatQuantity({
      value: Number(value.toPrecision(6)),
      unit: unit === undefined || unit.kind === "categorical" ? mixture.unit : unit.unit,
    });
  if (!(Math.abs(sum - total) <= SUM_TOLERANCE * Math.abs(total)))
    return {
      message: `${parameters.join(" + ")} is ${show(sum)}, but the mixture makes up ${show(total)}`,
      advice: "correct the row, or the mixture's total",
    };
  const present = parameters.filter((name) => setting[name] !== 0).length;
  if (present <= atMost) return undefined;
  return {
    message: `${present} parts of the mixture are there, but at most ${atMost} may be`,
    advice: "take the row out, or allow more parts",
  };
}

function remarkRepeats(
  faults: FaultCollector,
  source: CandidateSource,
  settings: readonly Setting[],
  space: Space,
): void {
  const repeats = repeatsIn(settings, space);
  const [example] = repeats;
  if (example === undefined) return;
  const others = repeats.length === 1 ? "" : `; ${repeats.length - 1} more rows repeat others too`;
  faults.remark({
    ...source.faultAt(
      example.row,
      `the row repeats ${source.nameOf(example.of)}${others}`,
      "each row may be tried once: take it out unless the repetition is wanted",
    ),
    code: "campaign.repeated-candidates",
  });
}
