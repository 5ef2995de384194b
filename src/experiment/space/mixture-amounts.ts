import { tidy } from "../../base/unit.ts";
import { simplexPoint } from "../../numerics/index.ts";
import { stepCount } from "./makeable.ts";

/** One part of a mixture; `step` is absent where any amount can be made. */
export interface Component {
  readonly minimum: number;
  readonly maximum: number;
  readonly step?: number;
}

/** A part that isn't there. */
export const ABSENT: Component = { minimum: 0, maximum: 0 };

/**
 * Amounts of the components that sum to the total exactly, keep their limits and lie on their steps.
 *
 * @param components - at least one, in one unit
 * @param total - in the same unit
 * @param places - numbers in [0, 1); uniform ones give amounts uniform over the simplex, which maxima may cut;
 *   shape (components - 1)
 * @returns shape (components), or undefined where a maximum cuts this point off, or limits or steps leave no
 *   way to make up the total from here
 */
export function mixtureAmounts(
  components: readonly Component[],
  total: number,
  places: ArrayLike<number>,
): number[] | undefined {
  const least = components.reduce((sum, { minimum }) => sum + minimum, 0);
  if (least > total + 1e-9 * Math.abs(total)) return undefined;
  const shares = simplexPoint(places);
  const wanted = components.map(({ minimum }, i) => minimum + (shares[i] as number) * (total - least));
  const beyond = wanted.some((amount, i) => {
    const { maximum, step } = components[i] as Component;
    return amount > maximum + (step ?? 1e-9 * Math.abs(maximum));
  });
  return beyond ? undefined : amountsNear(components, total, wanted);
}

/**
 * The amounts on steps and within limits that are nearest to wanted ones, rounded to 12 digits.
 *
 * @param wanted - amounts that sum to about the total; shape (components)
 * @returns shape (components), or undefined where no way was found to make up the total
 */
export function amountsNear(
  components: readonly Component[],
  total: number,
  wanted: readonly number[],
): number[] | undefined {
  return roughAmountsNear(components, total, wanted)?.map(tidy);
}

/**
 * The same before their last digits are rounded: goes down to steps, then gives what is left to the components that
 * lost most, or to one without steps.
 */
export function roughAmountsNear(
  components: readonly Component[],
  total: number,
  wanted: readonly number[],
): number[] | undefined {
  const amounts = wanted.map((amount, i) => roundedDown(components[i] as Component, amount));
  let left = total - amounts.reduce((a, b) => a + b, 0);
  const rounding = 1e-9 * Math.abs(total);
  if (Math.abs(left) <= rounding) return amounts;
  const byLoss = wanted
    .map((amount, i) => ({ i, loss: amount - (amounts[i] as number) }))
    .sort((a, b) => b.loss - a.loss);
  for (let round = 0; round < 2 * components.length && Math.abs(left) > rounding; round++) {
    const taker = byLoss.find(({ i }) => takes(components[i] as Component, amounts[i] as number, left));
    if (taker === undefined) return undefined;
    const more = components[taker.i]?.step ?? left;
    amounts[taker.i] = (amounts[taker.i] as number) + more;
    left -= more;
    byLoss.push(...byLoss.splice(byLoss.indexOf(taker), 1));
  }
  const sum = amounts.reduce((a, b) => a + b, 0);
  return Math.abs(sum - total) <= rounding ? amounts : undefined;
}

function roundedDown({ minimum, maximum, step }: Component, amount: number): number {
  if (step === undefined) return Math.min(Math.max(amount, minimum), maximum);
  const k = Math.floor((amount - minimum) / step + 1e-9);
  return minimum + step * Math.max(0, Math.min(k, stepCount({ minimum, maximum, step })));
}

function takes({ minimum, maximum, step }: Component, amount: number, left: number): boolean {
  const more = step ?? left;
  const rounding = 1e-9 * Math.abs(maximum);
  return (
    (step === undefined || left >= step - rounding) &&
    amount + more <= maximum + rounding &&
    amount + more >= minimum - rounding
  );
}
