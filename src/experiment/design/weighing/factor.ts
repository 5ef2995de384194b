import type { Setting } from "../../../hypothesis/parameter.ts";
import { exp } from "../../../numerics/index.ts";
import type { Acquisition, Adjustment, ListedPoints } from "../acquisition/acquisition.ts";

/** Something that what a setting is worth is multiplied by, as a logarithm. */
export interface Factor {
  /** At features from `at` on; -∞ where the setting is worth nothing. */
  value(setting: Setting, features: Float64Array, at?: number): number;
  /** Where it is analytic: the value, with its derivative by the features written into `gradient`. */
  readonly derive?: (features: Float64Array, gradient: Float64Array) => number;
}

/**
 * Multiplies an acquisition by a factor: a logarithmic one by adding, another by multiplying what it is above its
 * floor.
 */
export function multiplied(acquisition: Acquisition, factor: Factor): Acquisition {
  const { floor, best, derive } = acquisition;
  const times = (value: number, ln: number): number =>
    floor === undefined ? value + ln : floor + Math.max(0, value - floor) * exp(ln);
  return {
    method: acquisition.method,
    ...(floor !== undefined && { floor }),
    value: (setting, features) =>
      times(acquisition.value(setting, features), factor.value(setting, features)),
    ...(derive && factor.derive && { derive: derivedProduct(derive, factor.derive, floor) }),
    ...(best && {
      best: (points: ListedPoints, most: number, adjust: Adjustment = unadjusted) => {
        const factors = new Float64Array(points.count).fill(Number.NaN);
        return best(points, most, (value, row) => {
          let ln = factors[row] as number;
          if (Number.isNaN(ln)) {
            ln = factor.value(points.settingOf(row), points.features, row * points.dimension);
            factors[row] = Number.isNaN(ln) ? -Infinity : ln;
          }
          return adjust(times(value, factors[row] as number), row);
        });
      },
    }),
  };
}

/** Leaves the worth of a row as it is. */
export const unadjusted: Adjustment = (value) => value;

type Derivative = NonNullable<Acquisition["derive"]>;

function derivedProduct(derive: Derivative, factor: Derivative, floor: number | undefined): Derivative {
  let slopes = new Float64Array(0);
  return (features, gradient) => {
    if (slopes.length !== gradient.length) slopes = new Float64Array(gradient.length);
    const value = derive(features, gradient);
    const ln = factor(features, slopes);
    if (floor === undefined) {
      for (let k = 0; k < gradient.length; k++) gradient[k] = (gradient[k] as number) + (slopes[k] as number);
      return value + ln;
    }
    const above = Math.max(0, value - floor);
    const share = exp(ln);
    for (let k = 0; k < gradient.length; k++)
      gradient[k] = above === 0 ? 0 : share * ((gradient[k] as number) + above * (slopes[k] as number));
    return floor + above * share;
  };
}

/** Values every setting alike, for where its factors are all that can be gone by. */
export function nothingBut(method: Acquisition["method"]): Acquisition {
  return {
    method,
    value: () => 0,
    derive: (_, gradient) => {
      gradient.fill(0);
      return 0;
    },
  };
}
