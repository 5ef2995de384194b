/**
 * Degenerate histories: constant outcomes, duplicates, one point, scales of 1e±12, collinear settings, every experiment
 * failed, finite spaces tried up. Every suggestion has to lie within its limits, on its grid, and not to repeat what
 * was tried; a finite space has to end.
 *
 * Usage: npm run bench:never-fails [-- --histories 10000 --seed 1]
 */
import { parseArgs } from "node:util";
import { createStrategy, type Setting, type StrategyDefinition } from "labloop";
import { randomNumbers } from "./random-numbers.ts";

const { values: given } = parseArgs({
  options: { histories: { type: "string", default: "10000" }, seed: { type: "string", default: "1" } },
});
const { uniform: random } = randomNumbers(Number(given.seed));
const pick = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T;

type Parameters = Readonly<
  Record<
    string,
    | {
        readonly min: number;
        readonly max: number;
        readonly step?: number;
        readonly integer?: true;
        readonly scale?: "log";
      }
    | { readonly levels: readonly number[] }
    | { readonly choices: readonly string[] }
    | { readonly value: number }
  >
>;

/** Spaces of every kind, some of them so small that a history uses them up. */
const SPACES: readonly Parameters[] = [
  { x: { min: 0, max: 1 } },
  { x: { min: 1e-12, max: 1e-9, scale: "log" }, y: { min: -1e12, max: 1e12 } },
  { x: { min: 0, max: 1 }, y: { min: 0, max: 1 }, z: { min: 0, max: 1 } },
  { n: { min: 1, max: 3, integer: true }, c: { choices: ["a", "b"] } },
  { s: { min: 0, max: 1, step: 0.25 }, l: { levels: [1, 10, 1000] } },
  { c: { choices: ["a", "b", "c"] }, x: { min: 5, max: 6 }, k: { value: 7 } },
];

/** Outcomes that models stumble over, by the number of the experiment. */
const OUTCOMES: readonly ((setting: Setting, i: number) => number | undefined)[] = [
  () => 0,
  () => 3.25,
  () => 1e12,
  (_, i) => 1e-12 * i,
  (_, i) => (i % 2 === 0 ? 1e12 : -1e12),
  (_, i) => (i === 0 ? 1 : undefined),
  () => undefined,
  () => random() * 1e12,
  () => random() * 1e-12,
  (_, i) => (i === 3 ? 1e100 : random()),
  (setting) => Object.values(setting).reduce<number>((sum, value) => sum + (Number(value) || 0), 0),
  () => -1e100 * random(),
];

/** Surrogates of every kind; most histories have the usual one. */
const SURROGATES: readonly NonNullable<StrategyDefinition["surrogate"]>[] = [
  {},
  {},
  {},
  { kernel: "matern32 + linear" },
  { kernel: "rbf * linear" },
  { kernel: "matern52 * rbf + linear", input_warping: true },
  { output_transform: "power" },
  { output_transform: "rank" },
  { output_transform: "evidence" },
  { outliers: "kept", output_transform: "none" },
];

/** Acquisitions that one objective can have. */
const ACQUISITIONS = [
  undefined,
  undefined,
  "log expected improvement",
  "thompson",
  "knowledge gradient",
] as const;

/** Settings of a history: as suggested, all the same, or on one line. */
const SOURCES = ["suggested", "same", "line"] as const;

function onLine(parameters: Parameters, share: number): Setting {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, parameter]) => {
      if ("value" in parameter) return [name, parameter.value];
      if ("choices" in parameter) return [name, parameter.choices[0] as string];
      if ("levels" in parameter) return [name, parameter.levels[0] as number];
      const [min, max] = [parameter.min, parameter.max];
      const value = min + share * (max - min);
      if ("integer" in parameter) return [name, Math.round(value)];
      const { step } = parameter;
      return [name, step === undefined ? value : min + Math.round((value - min) / step) * step];
    }),
  );
}

/** What is wrong with a suggested setting, if anything is. */
function fault(parameters: Parameters, setting: Setting): string | undefined {
  for (const [name, parameter] of Object.entries(parameters)) {
    const value = setting[name];
    if ("value" in parameter) continue;
    if ("choices" in parameter ? parameter.choices.includes(String(value)) : false) continue;
    if ("levels" in parameter ? parameter.levels.includes(value as number) : false) continue;
    if ("choices" in parameter || "levels" in parameter) return `${name} is ${value}`;
    const [min, max] = [parameter.min, parameter.max];
    if (typeof value !== "number" || !(value >= min && value <= max)) return `${name} is ${value}`;
    const step = "integer" in parameter ? 1 : parameter.step;
    if (step !== undefined && Math.abs((value - min) / step - Math.round((value - min) / step)) > 1e-9)
      return `${name} is ${value}, off its grid`;
  }
  return undefined;
}

/** Settings that a space has, ∞ where one parameter is continuous. */
function sizeOf(parameters: Parameters): number {
  return Object.values(parameters).reduce((size, parameter) => {
    if ("value" in parameter) return size;
    if ("choices" in parameter) return size * parameter.choices.length;
    if ("levels" in parameter) return size * parameter.levels.length;
    const step = "integer" in parameter ? 1 : parameter.step;
    return step === undefined
      ? Infinity
      : size * (Math.floor((parameter.max - parameter.min) / step + 1e-9) + 1);
  }, 1);
}

/** Plays one history; what went wrong, if anything did. */
function play(history: number): string | undefined {
  const parameters = pick(SPACES);
  const outcomeOf = pick(OUTCOMES);
  const source = pick(SOURCES);
  const length = 1 + Math.floor(random() * 12);
  const goal = pick([{ maximise: "m" }, { minimise: "m" }, { target: "m", value: 1 }] as const);
  const acquisition = "target" in goal ? undefined : pick(ACQUISITIONS);
  const strategy = createStrategy({
    parameters,
    measurements: { m: {} },
    goal,
    surrogate: pick(SURROGATES),
    ...(acquisition && { design: { acquisition } }),
    seed: history,
  });
  const tried = new Set<string>();
  for (let i = 0; i <= length; i++) {
    const [suggestion] = strategy.suggest();
    if (suggestion === undefined)
      return tried.size >= sizeOf(parameters) ? undefined : `nothing suggested after ${tried.size} settings`;
    const wrong = fault(parameters, suggestion.setting);
    if (wrong !== undefined) return wrong;
    if (tried.has(JSON.stringify(suggestion.setting))) return `${JSON.stringify(suggestion.setting)} twice`;
    const setting =
      source === "suggested" ? suggestion.setting : onLine(parameters, source === "same" ? 0.5 : i / 12);
    const value = outcomeOf(setting, i);
    strategy.observe(
      value === undefined ? { setting, failed: "broken" } : { setting, outcome: { m: value } },
    );
    tried.add(JSON.stringify(setting));
    tried.add(JSON.stringify(suggestion.setting));
  }
  return undefined;
}

const histories = Number(given.histories);
let failed = 0;
for (let history = 0; history < histories; history++) {
  let wrong: string | undefined;
  try {
    wrong = play(history);
  } catch (error) {
    wrong = (error as Error).stack ?? String(error);
  }
  if (wrong === undefined) continue;
  failed += 1;
  if (failed <= 10) console.error(`history ${history}: ${wrong}`);
}
console.log(
  `${histories} degenerate histories: ${histories - failed} with valid suggestions, ${failed} without`,
);
process.exit(failed === 0 ? 0 : 1);
