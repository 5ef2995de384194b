import { box, type TestFunction } from "./functions.ts";

/**
 * Branin's function, of minimum 5 / (4π) at (-π, 12.275), (π, 2.275) and (9.42478, 2.475).
 * Source: Surjanovic and Bingham, Virtual Library of Simulation Experiments, as are all functions here.
 */
export function branin([x1 = 0, x2 = 0]: readonly number[]): number {
  const bend = x2 - (5.1 / (4 * Math.PI ** 2)) * x1 ** 2 + (5 / Math.PI) * x1 - 6;
  return bend ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x1) + 10;
}

/** Columns of Branin's function. */
export const BRANIN_BOX: TestFunction["columns"] = [
  { kind: "real", name: "x1", min: -5, max: 10 },
  { kind: "real", name: "x2", min: 0, max: 15 },
];

const WEIGHTS = [1, 1.2, 3, 3.2];

const HARTMANN3 = {
  sharpness: [
    [3, 10, 30],
    [0.1, 10, 35],
    [3, 10, 30],
    [0.1, 10, 35],
  ],
  places: [
    [3689, 1170, 2673],
    [4699, 4387, 7470],
    [1091, 8732, 5547],
    [381, 5743, 8828],
  ],
};

const HARTMANN6 = {
  sharpness: [
    [10, 3, 17, 3.5, 1.7, 8],
    [0.05, 10, 17, 0.1, 8, 14],
    [3, 3.5, 1.7, 10, 17, 8],
    [17, 8, 0.05, 10, 0.1, 14],
  ],
  places: [
    [1312, 1696, 5569, 124, 8283, 5886],
    [2329, 4135, 8307, 3736, 1004, 9991],
    [2348, 1451, 3522, 2883, 3047, 6650],
    [4047, 8828, 8732, 5743, 1091, 381],
  ],
};

function hartmann(x: readonly number[], { sharpness, places }: typeof HARTMANN3): number {
  return -WEIGHTS.reduce((sum, weight, i) => {
    const far = x.reduce((far, each, j) => {
      const place = (places[i]?.[j] as number) * 1e-4;
      return far + (sharpness[i]?.[j] as number) * (each - place) ** 2;
    }, 0);
    return sum + weight * Math.exp(-far);
  }, 0);
}

/** Hartmann's function in six dimensions on the unit cube. */
export function hartmann6(x: readonly number[]): number {
  return hartmann(x, HARTMANN6);
}

/** Value of `hartmann6` at its minimiser (0.20169, 0.150011, 0.476874, 0.275332, 0.311652, 0.6573). */
export const HARTMANN6_MINIMUM = -3.322368011391339;

function levy(x: readonly number[]): number {
  const w = x.map((each) => 1 + (each - 1) / 4);
  const [first, last] = [w[0] as number, w.at(-1) as number];
  const middle = w
    .slice(0, -1)
    .reduce((sum, each) => sum + (each - 1) ** 2 * (1 + 10 * Math.sin(Math.PI * each + 1) ** 2), 0);
  const end = (last - 1) ** 2 * (1 + Math.sin(2 * Math.PI * last) ** 2);
  return Math.sin(Math.PI * first) ** 2 + middle + end;
}

function ackley(x: readonly number[]): number {
  const square = x.reduce((sum, each) => sum + each ** 2, 0) / x.length;
  const wave = x.reduce((sum, each) => sum + Math.cos(2 * Math.PI * each), 0) / x.length;
  return -20 * Math.exp(-0.2 * Math.sqrt(square)) - Math.exp(wave) + 20 + Math.E;
}

function rosenbrock(x: readonly number[]): number {
  return x.slice(0, -1).reduce((sum, each, i) => {
    const next = x[i + 1] as number;
    return sum + 100 * (next - each ** 2) ** 2 + (each - 1) ** 2;
  }, 0);
}

/** The six functions of the benchmarks' README, with its targets. */
export const CLASSIC_FUNCTIONS: readonly TestFunction[] = [
  {
    name: "branin",
    columns: BRANIN_BOX,
    minimum: 5 / (4 * Math.PI),
    experiments: 30,
    target: 0.005,
    evaluate: branin,
  },
  {
    name: "hartmann3",
    columns: box(3, 0, 1),
    minimum: -3.862779786949337,
    experiments: 30,
    target: 7e-5,
    evaluate: (x) => hartmann(x, HARTMANN3),
  },
  {
    name: "hartmann6",
    columns: box(6, 0, 1),
    minimum: HARTMANN6_MINIMUM,
    experiments: 60,
    target: 1e-3,
    evaluate: hartmann6,
  },
  { name: "levy4", columns: box(4, -10, 10), minimum: 0, experiments: 60, target: 0.18, evaluate: levy },
  { name: "ackley5", columns: box(5, -25, 15), minimum: 0, experiments: 60, target: 3, evaluate: ackley },
  {
    name: "rosenbrock4",
    columns: box(4, -5, 10),
    minimum: 0,
    experiments: 60,
    target: 130,
    evaluate: rosenbrock,
  },
];
