import type { Optimiser, Point } from "../peers/optimiser.ts";
import type { TestFunction } from "./functions.ts";
import { type RandomNumbers, randomNumbers } from "./random-numbers.ts";
import { isAllowed, startPoints } from "./start-points.ts";

/** A campaign to be played on a function. */
export interface FunctionCampaign {
  readonly test: TestFunction;
  readonly seed: number;
  readonly optimiser: Optimiser<Point> & { held?(): readonly number[] | undefined };
  /** Points that the optimiser is told before it is asked; those that all share by default. */
  readonly start?: readonly (readonly number[])[];
}

/** How a campaign on a function ended. */
export interface FunctionFigures {
  /** Value without noise of the setting that measured best, less the minimum. */
  readonly regret: number;
  /** After each experiment that the optimiser chose, in order. */
  readonly standings: readonly Standing[];
  /** Seconds for each suggestion, in order. */
  readonly seconds: readonly number[];
  /** Experiments that failed or were not allowed. */
  readonly lost: number;
}

/** Values without noise of what a campaign could end with, less the minimum; infinite before the first result. */
export interface Standing {
  /** Of the setting that measured best. */
  readonly measured: number;
  /** Of the best setting tried. */
  readonly tried: number;
  /** Of the setting that the optimiser held for the best before this experiment, if it did. */
  readonly heldBefore: number | undefined;
}

const NOISE_STREAM = 2_000_003;
const GLITCH_STREAM = 3_000_017;

/** Plays a campaign, one suggestion at a time; noise and gross errors come by the experiment's number. */
export async function playFunction(campaign: FunctionCampaign): Promise<FunctionFigures> {
  const { test, seed, optimiser, start = startPoints(test, seed) } = campaign;
  const noise = randomNumbers(seed + NOISE_STREAM);
  const glitch = randomNumbers(seed + GLITCH_STREAM);
  const standings: Standing[] = [];
  const seconds: number[] = [];
  let best = { measured: Infinity, value: Infinity };
  let tried = Infinity;
  let lost = 0;
  const perform = async (point: readonly number[]): Promise<void> => {
    const value = test.evaluate(point);
    const error = (test.noise ?? 0) * noise.normal() + grossError(test, glitch);
    const measured = value === undefined ? undefined : value + error;
    if (value === undefined || measured === undefined || !isAllowed(test, point)) lost += 1;
    else {
      if (measured < best.measured) best = { measured, value };
      tried = Math.min(tried, value);
    }
    await optimiser.tell({
      place: point,
      values: measured === undefined ? undefined : [-measured],
      ...(test.margins === undefined ? {} : { margins: test.margins(point) }),
    });
  };
  const regretAt = (value: number): number => Math.max(0, value - test.minimum);
  for (const point of start) await perform(point);
  for (let n = start.length; n < test.experiments; n++) {
    const asked = await optimiser.ask();
    seconds.push(asked.seconds);
    const held = optimiser.held?.();
    const heldValue = held && test.evaluate(held);
    await perform(asked.place as number[]);
    standings.push({
      measured: regretAt(best.value),
      tried: regretAt(tried),
      heldBefore: heldValue === undefined ? undefined : regretAt(heldValue),
    });
  }
  return { regret: regretAt(best.value), standings, seconds, lost };
}

function grossError({ glitches }: TestFunction, random: RandomNumbers): number {
  if (glitches === undefined) return 0;
  const [happens, sign, size] = [random.uniform(), random.uniform(), random.uniform()];
  if (happens >= glitches.share) return 0;
  const [least, most] = glitches.sizes;
  return (sign < 0.5 ? -1 : 1) * (least + size * (most - least));
}
