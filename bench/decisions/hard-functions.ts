import { BRANIN_BOX, branin, HARTMANN6_MINIMUM, hartmann6 } from "./classic-functions.ts";
import { box, type TestFunction } from "./functions.ts";

/** Which of 20 parameters matter, in the order of Hartmann's own. */
const EMBEDDED = [1, 4, 7, 11, 14, 18];

/** Composition of the best mixture, inside the simplex. */
const BEST_MIXTURE = [0.16, 0.02, 0.1, 0.05, 0.21, 0.03, 0.08, 0.04, 0.13, 0.02, 0.09, 0.07];

/** Distance over which the property of the mixture fades; components count between once and twice. */
const FADES_OVER = 0.25;

/** A property that is 0 at `BEST_MIXTURE` and rises towards 1 away from it. */
function mixtureProperty(x: readonly number[]): number {
  const far = x.reduce((far, share, i) => {
    const weight = 1 + i / (x.length - 1);
    return far + weight * (share - (BEST_MIXTURE[i] as number)) ** 2;
  }, 0);
  return 1 - Math.exp(-far / (2 * FADES_OVER ** 2));
}

/** Inside the disk that is BoTorch's constraint on Branin's function; one of three minima lies there. */
function worksAt([x1 = 0, x2 = 0]: readonly number[]): boolean {
  return (x1 - 2.5) ** 2 + (x2 - 7.5) ** 2 <= 50;
}

/** What laboratories add to such functions: noise, useless knobs, mixtures, constraints, failures. */
export const HARD_FUNCTIONS: readonly TestFunction[] = [
  {
    name: "hartmann6-noisy",
    columns: box(6, 0, 1),
    minimum: HARTMANN6_MINIMUM,
    experiments: 60,
    noise: 0.1,
    evaluate: hartmann6,
  },
  {
    name: "hartmann6-in-20",
    columns: box(20, 0, 1),
    minimum: HARTMANN6_MINIMUM,
    experiments: 60,
    evaluate: (x) => hartmann6(EMBEDDED.map((i) => x[i] as number)),
  },
  {
    name: "mixture-12",
    columns: box(12, 0, 1),
    minimum: 0,
    experiments: 60,
    total: 1,
    evaluate: mixtureProperty,
  },
  {
    // Gardner et al., Bayesian optimization with inequality constraints (ICML 2014), simulation 2. sin(x) is at least
    // -0.95 / sin(y), so the minimum is asin(0.95) - 1, at x = 3π/2; the line cuts off a second, worse region.
    name: "gardner-constrained",
    columns: [
      { kind: "real", name: "x", min: 0, max: 6 },
      { kind: "real", name: "y", min: 0, max: 6 },
    ],
    minimum: Math.asin(0.95) - 1,
    experiments: 30,
    constraints: [
      { labloop: "sin(x) * sin(y) <= -0.95", python: "-0.95 - sin(x) * sin(y)" },
      { labloop: "y <= x + 2", python: "x + 2 - y" },
    ],
    margins: ([x = 0, y = 0]) => [-0.95 - Math.sin(x) * Math.sin(y), x + 2 - y],
    evaluate: ([x = 0, y = 0]) => Math.sin(x) + y,
  },
  {
    name: "branin-fails",
    columns: BRANIN_BOX,
    minimum: 5 / (4 * Math.PI),
    experiments: 40,
    evaluate: (x) => (worksAt(x) ? branin(x) : undefined),
  },
];
