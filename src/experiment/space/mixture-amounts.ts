import { tidy } from "../../base/unit.ts";
import { simplexPoint } from "../../numerics/index.ts";
import { stepCount, steppedValue } from "./makeable.ts";

/** One part of a mixture; `step` is absent where any amount can be made. */
export interface Component {
  readonly minimum: number;
  readonly maximum: number;
  readonly step?: number;
}

/**
 * Amounts of the components that sum to the total exactly, keep their limits and lie on their steps.
 *
 * @param components - at least one, in one unit
 * @param total - in the same unit
 * @param places - numbers in [0, 1); uniform ones give amounts uniform over the simplex where no maximum
 *   cuts it; shape (components - 1)
 * @returns shape (components), or undefined where limits or steps leave no way to make up the total from here
 */
export function mixtureAmounts(
  components: readonly Component[],
  total: number,
  places: ArrayLike<number>,
): number[] | undefined {
  const least = components.reduce((sum, { minimum }) => sum + minimum, 0);
  const most = components.reduce((sum, { maximum }) => sum + maximum, 0);
  const rounding = 1e-9 * Math.abs(total);
  if (least > total + rounding || most < total - rounding) return undefined;
  const shares = simplexPoint(places);
  const wanted = components.map(({ minimum }, i) => minimum + (shares[i] as number) * (total - least));
  return onSteps(components, total, withinMaxima(components, wanted));
}

/** Cuts amounts at their maxima and spreads the excess over the others by the room that they have. */
function withinMaxima(components: readonly Component[], wanted: readonly number[]): number[] {
  let excess = 0;
  const amounts = wanted.map((amount, i) => {
    const { maximum } = components[i] as Component;
    excess += Math.max(0, amount - maximum);
    return Math.min(amount, maximum);
  });
  const rooms = amounts.map((amount, i) => (components[i] as Component).maximum - amount);
  const room = rooms.reduce((a, b) => a + b, 0);
  return room <= 0 ? amounts : amounts.map((amount, i) => amount + (excess * (rooms[i] as number)) / room);
}

/** Rounds down to steps, then gives what is left to the components that lost most, or to one without steps. */
function onSteps(
  components: readonly Component[],
  total: number,
  wanted: readonly number[],
): number[] | undefined {
  const amounts = wanted.map((amount, i) => roundedDown(components[i] as Component, amount));
  const byLoss = wanted
    .map((amount, i) => ({ i, loss: amount - (amounts[i] as number) }))
    .sort((a, b) => b.loss - a.loss);
  const rounding = 1e-9 * Math.abs(total);
  for (let round = 0; round < 2 * components.length; round++) {
    const left = total - amounts.reduce((a, b) => a + b, 0);
    if (Math.abs(left) <= rounding) break;
    const taker = byLoss.find(({ i }) => takes(components[i] as Component, amounts[i] as number, left));
    if (taker === undefined) return undefined;
    const { step } = components[taker.i] as Component;
    amounts[taker.i] = tidy((amounts[taker.i] as number) + (step === undefined ? left : step));
    byLoss.push(...byLoss.splice(byLoss.indexOf(taker), 1));
  }
  const sum = amounts.reduce((a, b) => a + b, 0);
  return Math.abs(sum - total) <= rounding ? amounts.map(tidy) : undefined;
}

function roundedDown({ minimum, maximum, step }: Component, amount: number): number {
  if (step === undefined) return tidy(amount);
  const k = Math.floor((amount - minimum) / step + 1e-9);
  return steppedValue({ minimum, step }, Math.max(0, Math.min(k, stepCount({ minimum, maximum, step }))));
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
