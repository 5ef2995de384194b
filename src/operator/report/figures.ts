import { keepsLimits, numbersOf } from "../../experiment/design/task/outcome-limit.ts";
import { type Goal, objectivesOf } from "../../experiment/design/task/problem.ts";
import type { Explanation } from "../../experiment/explain/explanation.ts";
import { scoreOf } from "../../loop/account.ts";
import type { LoopDefinition } from "../../loop/definition.ts";
import { normalQuantile, undominated } from "../../numerics/index.ts";
import type { ExperimentRecord } from "../../record/export/experiment-record.ts";
import { unitOf } from "./asked-section.ts";
import type { Calibration } from "./calibration.ts";
import { chartSvg, DASHES, type Layer, type Point, SHAPES } from "./chart.ts";
import { type Markup, markup } from "./markup.ts";

/** A plot with what it says below. */
export function figure(svg: Markup, caption: string): Markup {
  return markup`<figure>${svg}<figcaption>${caption}</figcaption></figure>`;
}

/** A name with its unit, as axes have it: "distance / AU". */
export function withUnit(name: string, unit: string): string {
  return unit === "1" ? name : `${name} / ${unit}`;
}

/** Of bounds, targets and other lines along which nothing was measured. */
const DASHED = DASHES[1] as string;

const EXPERIMENT = { label: "experiment", whole: true } as const;

/** What was measured, experiment by experiment, with the best so far where one measurement is to become better. */
export function progressFigure(
  definition: LoopDefinition,
  records: readonly ExperimentRecord[],
  measurement: string,
): Markup {
  const { goal, limits = [] } = definition.problem;
  const measured = records.flatMap((record) => {
    const value = record.values[measurement];
    if (value === undefined || (record.state !== "measured" && record.state !== "unusable")) return [];
    const kept = keepsLimits(limits, numbersIn(record));
    const used = record.state === "measured";
    return [{ record, kept, used, x: record.number, y: value.value, reach: value.standardUncertainty }];
  });
  const usable = measured.filter(({ used, kept }) => used && kept);
  const failed = records.filter(({ state }) => state === "failed").map(({ number }) => number);
  const floor = Math.min(...measured.map(({ y, reach }) => y - reach));
  const layers: Layer[] = [
    {
      kind: "line",
      name: "best so far",
      dash: "",
      steps: true,
      points: bestSoFar(goal, usable, records.length, measurement),
    },
    { kind: "points", name: "measured", shape: "disc", points: usable },
    {
      kind: "points",
      name: "outside the limits",
      shape: "ring",
      points: measured.filter(({ used, kept }) => used && !kept),
    },
    { kind: "points", name: "not used", shape: "triangle", points: measured.filter(({ used }) => !used) },
    {
      kind: "points",
      name: "failed (no value)",
      shape: "cross",
      points: failed.map((x) => ({ x, y: floor })),
    },
    ...targetLine(goal, measurement, records.length),
  ];
  const svg = chartSvg({
    title: `${measurement} by experiment`,
    x: EXPERIMENT,
    y: { label: withUnit(measurement, unitOf(measurement, definition)) },
    layers,
  });
  return figure(svg, "Bars are standard uncertainties (± 1 sd) where they are known.");
}

function numbersIn({ values }: ExperimentRecord): Readonly<Record<string, number>> {
  return numbersOf({ kind: "measured", values });
}

function bestSoFar(
  goal: Goal,
  usable: readonly { readonly record: ExperimentRecord; readonly x: number; readonly y: number }[],
  last: number,
  measurement: string,
): Point[] {
  if (goal.kind !== "optimise" || goal.objectives.length !== 1 || usable.length === 0) return [];
  const points: Point[] = [];
  let score = -Infinity;
  for (const { x, y } of usable) {
    const own = scoreOf(goal.objectives, { [measurement]: y });
    if (own <= score) continue;
    score = own;
    points.push({ x, y });
  }
  return [...points, { x: last, y: points.at(-1)?.y ?? Number.NaN }];
}

function targetLine(goal: Goal, measurement: string, last: number): Layer[] {
  const direction = objectivesOf(goal).find((each) => each.measurement === measurement)?.direction;
  const [name, y] =
    goal.kind === "boundary"
      ? ["boundary", goal.value]
      : ["target", direction?.kind === "target" ? direction.value : undefined];
  if (y === undefined) return [];
  return [{ kind: "line", name, dash: DASHED, points: [1, last].map((x) => ({ x, y })) }];
}

/** Two objectives against each other, with the results than which none is better in both. */
export function frontFigure(
  definition: LoopDefinition,
  records: readonly ExperimentRecord[],
  [first, second]: readonly [string, string],
): Markup {
  const front = new Set(frontOf(definition.problem, records).map(({ number }) => number));
  const points = records
    .filter(({ state }) => state === "measured")
    .map((record) => {
      const [x, y] = [first, second].map((name) => record.values[name]?.value ?? Number.NaN);
      return { number: record.number, x: x as number, y: y as number };
    });
  const best = points.filter(({ number }) => front.has(number)).sort((a, b) => a.x - b.x || a.y - b.y);
  const svg = chartSvg({
    title: `${second} against ${first}`,
    x: { label: withUnit(first, unitOf(first, definition)) },
    y: { label: withUnit(second, unitOf(second, definition)) },
    square: true,
    layers: [
      { kind: "line", dash: DASHED, points: best },
      {
        kind: "points",
        name: "others",
        shape: "ring",
        points: points.filter(({ number }) => !front.has(number)),
      },
      {
        kind: "points",
        name: "the front",
        shape: "disc",
        points: best.map((point) => ({ ...point, label: `#${point.number}` })),
      },
    ],
  });
  return figure(svg, "No result is better in all objectives than one of the front; numbers are experiments.");
}

/** The measured experiments that keep all limits and than which no other one is better in all objectives. */
export function frontOf(
  { goal, limits = [] }: LoopDefinition["problem"],
  records: readonly ExperimentRecord[],
): ExperimentRecord[] {
  const kept = records.filter(
    (record) => record.state === "measured" && keepsLimits(limits, numbersIn(record)),
  );
  const scores = kept.map((record) =>
    objectivesOf(goal).map((objective) => scoreOf([objective], numbersIn(record))),
  );
  return undominated(scores).map((k) => kept[k] as ExperimentRecord);
}

/** How the weights of rival hypotheses about a measurement moved with every result. */
export function beliefFigure(records: readonly ExperimentRecord[], measurement: string): Markup | undefined {
  const moved = records
    .filter(({ report }) => (report?.movements.length ?? 0) > 0)
    .map(({ number, report }) => {
      const own = (report?.movements ?? []).filter((each) => each.measurement === measurement);
      return { number, movements: own };
    });
  const names = [...new Set(moved.flatMap(({ movements }) => movements.map(({ name }) => name)))];
  if (names.length < 2) return undefined;
  const layers = names.flatMap((name, k): Layer[] => {
    const points = moved.flatMap(({ number, movements }, i) =>
      movements
        .filter((each) => each.name === name)
        .flatMap(({ weightBefore, weightAfter }) => [
          ...(i === 0 ? [{ x: number - 1, y: weightBefore }] : []),
          { x: number, y: weightAfter },
        ]),
    );
    const shape = SHAPES[k % SHAPES.length] as (typeof SHAPES)[number];
    return [
      { kind: "line", dash: DASHES[k % DASHES.length] as string, points },
      { kind: "points", name, shape, points },
    ];
  });
  const svg = chartSvg({
    title: `belief about ${measurement}`,
    x: { ...EXPERIMENT, values: [0] },
    y: { label: `weight of hypotheses about ${measurement}`, values: [0, 1] },
    layers,
  });
  return figure(svg, "The weight of each hypothesis after each result; they sum to 1.");
}

/** What was measured against what had been predicted, and the residuals in the order of the experiments. */
export function calibrationFigures({ measurement, unit, predictions }: Calibration): Markup {
  const reach = normalQuantile(0.95);
  const points = predictions.map(({ mean, sd, measured, residual }) => {
    return { x: measured, y: mean, reach: reach * sd, outside: Math.abs(residual) > reach };
  });
  const ends = [
    Math.min(...points.flatMap(({ x, y }) => [x, y])),
    Math.max(...points.flatMap(({ x, y }) => [x, y])),
  ];
  const versus = chartSvg({
    title: `predicted against measured ${measurement}`,
    x: { label: `measured ${withUnit(measurement, unit)}` },
    y: { label: `predicted ${withUnit(measurement, unit)}` },
    square: true,
    layers: [
      {
        kind: "line",
        name: "as predicted",
        dash: DASHED,
        points: ends.map((x) => ({ x, y: x })),
      },
      {
        kind: "points",
        name: "within 90 %",
        shape: "disc",
        points: points.filter(({ outside }) => !outside),
      },
      { kind: "points", name: "outside", shape: "cross", points: points.filter(({ outside }) => outside) },
    ],
  });
  const last = predictions.at(-1)?.experiment ?? 1;
  const first = predictions[0]?.experiment ?? 1;
  const level = (y: number, dash: string, name?: string): Layer => {
    return {
      kind: "line",
      dash,
      ...(name !== undefined && { name }),
      points: [first, last].map((x) => ({ x, y })),
    };
  };
  const residuals = chartSvg({
    title: `standardised residuals of ${measurement}`,
    x: EXPERIMENT,
    y: { label: "(measured - predicted) / sd", values: [-2, 2] },
    square: true,
    layers: [
      level(0, ""),
      level(reach, DASHED, "90 % within"),
      level(-reach, DASHED),
      {
        kind: "points",
        shape: "disc",
        points: predictions.map(({ experiment, residual }) => ({ x: experiment, y: residual })),
      },
    ],
  });
  return markup`<div class="side">${figure(versus, "Bars are 90 % intervals of what was predicted when the experiment was suggested; they should meet the dashed line nine times of ten.")}${figure(residuals, "Residuals should scatter around 0 without a trend.")}</div>`;
}

/** What the surrogate expects along each numeric parameter, averaged over the others. */
export function dependenceFigures(
  definition: LoopDefinition,
  { measurement, dependence }: Explanation,
): Markup[] {
  const unit = unitOf(measurement, definition);
  return dependence.flatMap(({ parameter, points }) => {
    const declared = definition.experiment.parameters.find(({ name }) => name === parameter);
    if (declared === undefined || declared.kind === "categorical") return [];
    const along = (of: "mean" | "lower" | "upper"): Point[] =>
      points.map((each) => ({ x: Number(each.value), y: each[of] }));
    const log = "scale" in declared && declared.scale === "log";
    const svg = chartSvg({
      title: `${measurement} by ${parameter}`,
      x: { label: withUnit(parameter, declared.unit), log },
      y: { label: withUnit(measurement, unit) },
      square: true,
      layers: [
        { kind: "line", name: "expected", dash: "", points: along("mean") },
        { kind: "line", name: "90 % within", dash: DASHED, points: along("lower") },
        { kind: "line", dash: DASHED, points: along("upper") },
      ],
    });
    return [figure(svg, `${measurement} by ${parameter}, averaged over the other parameters.`)];
  });
}
