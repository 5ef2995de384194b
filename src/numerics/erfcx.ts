import { exp } from "../base/elementary.ts";

const ONE_OVER_SQRT_PI = 1 / Math.sqrt(Math.PI);

/** Where the first rational function gives way to the second, and the second to the third. */
const NEAR = 0.46875;
const FAR = 4;

/** Numerators and denominators of the three rational functions, the highest power first. */
const ERF_ABOVE = [
  0.18577770618460315, 3.1611237438705655, 113.86415415105016, 377.485237685302, 3209.3775891384694,
];
const ERF_BELOW = [1, 23.601290952344122, 244.02463793444417, 1282.6165260773723, 2844.236833439171];
const MIDDLE_ABOVE = [
  2.1531153547440383e-8, 0.5641884969886701, 8.883149794388377, 66.11919063714163, 298.6351381974001,
  881.952221241769, 1712.0476126340707, 2051.0783778260716, 1230.3393547979972,
];
const MIDDLE_BELOW = [
  1, 15.744926110709835, 117.6939508913125, 537.1811018620099, 1621.3895745666903, 3290.7992357334597,
  4362.619090143247, 3439.3676741437216, 1230.3393548037495,
];
const FAR_ABOVE = [
  0.016315387137302097, 0.30532663496123236, 0.36034489994980445, 0.12578172611122926, 0.016083785148742275,
  0.0006587491615298378,
];
const FAR_BELOW = [
  1, 2.568520192289822, 1.8729528499234673, 0.5279051029514285, 0.06051834131244132, 0.0023352049762686918,
];

/**
 * Scaled complementary error function, erfcx(x) = exp(x²)·erfc(x), by three rational functions.
 * Source: Cody, Rational Chebyshev approximation for the error function (Math. Comp. 23:631, 1969), with the
 * coefficients of his CALERF.
 *
 * @returns relative error under 1e-14; ∞ where exp(x²) overflows, x < -26.6
 */
export function erfcx(x: number): number {
  if (x < -NEAR) return 2 * exp(x * x) - erfcx(-x);
  if (x <= NEAR) return exp(x * x) * (1 - x * ratio(ERF_ABOVE, ERF_BELOW, x * x));
  if (x <= FAR) return ratio(MIDDLE_ABOVE, MIDDLE_BELOW, x);
  const inverse = 1 / (x * x);
  return (ONE_OVER_SQRT_PI - inverse * ratio(FAR_ABOVE, FAR_BELOW, inverse)) / x;
}

function ratio(above: readonly number[], below: readonly number[], x: number): number {
  return polynomial(above, x) / polynomial(below, x);
}

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = coefficients[0] as number;
  for (let k = 1; k < coefficients.length; k++) sum = sum * x + (coefficients[k] as number);
  return sum;
}
