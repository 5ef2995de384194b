/**
 * 2,4-difluoronitrobenzene (1) and pyrrolidine (2) give the ortho (3) and the para product (4), and both give the
 * bis-product (5). Rate constants at 90 degC in 10⁻² L/(mol s) and activation energies in kJ/mol.
 * Source: Hone, Holmes, Akien, Bourne, Muller, React. Chem. Eng. 2 (2017) 103.
 */
export const FLOW_REACTOR_TRUTH = {
  constants: [57.9, 2.7, 0.865, 1.63],
  activations: [33.3, 35.3, 38.9, 44.8],
  reference: 90,
} as const;

/** kJ/(mol K) */
const GAS = 8.314e-3;
/** Steps of the integration; the error is below 1e-6 of the feed for the residence times of the paper. */
const STEPS = 400;

/** mol/L of substance 1 to 5. */
export type Concentrations = readonly [number, number, number, number, number];

/**
 * What comes out of a plug-flow reactor, by the classical Runge-Kutta rule.
 *
 * @param feed - mol/L of difluoronitrobenzene and pyrrolidine at the inlet
 * @param seconds - residence time
 * @param temperature - degC
 */
export function outletOf(
  feed: readonly [number, number],
  seconds: number,
  temperature: number,
): Concentrations {
  const { activations, constants, reference } = FLOW_REACTOR_TRUTH;
  const inverse = 1 / (temperature + 273.15) - 1 / (reference + 273.15);
  const [a, b, c, d] = constants.map(
    (k, i) => 0.01 * k * Math.exp((-(activations[i] as number) / GAS) * inverse),
  ) as [number, number, number, number];
  const slope = ([x = 0, y = 0, o = 0, p = 0]: readonly number[]): number[] => [
    -(a + b) * x * y,
    -(a + b) * x * y - c * o * y - d * p * y,
    a * x * y - c * o * y,
    b * x * y - d * p * y,
    c * o * y + d * p * y,
  ];
  const along = (from: readonly number[], by: readonly number[], step: number): number[] =>
    from.map((value, i) => value + step * (by[i] as number));
  const step = seconds / STEPS;
  let now: number[] = [...feed, 0, 0, 0];
  for (let i = 0; i < STEPS; i++) {
    const first = slope(now);
    const second = slope(along(now, first, step / 2));
    const third = slope(along(now, second, step / 2));
    const fourth = slope(along(now, third, step));
    now = now.map(
      (value, k) =>
        value +
        (step / 6) *
          ((first[k] as number) +
            2 * (second[k] as number) +
            2 * (third[k] as number) +
            (fourth[k] as number)),
    );
  }
  return now as unknown as Concentrations;
}
