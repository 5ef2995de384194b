import type { Fault } from "../../base/fault.ts";
import { convert, formatQuantity, type Quantity } from "../../base/quantity.ts";
import { isUnitProblem, parseUnit, sameDimension, unitOf } from "../../base/unit.ts";
import type { ArgumentDeclaration } from "./declaration.ts";

/** Values that an instrument can reach, in `unit`; without a limit the end is infinite. */
export interface Range {
  readonly unit: string;
  readonly minimum: number;
  readonly maximum: number;
}

/** The reachable values of a numeric argument; undefined for a choice. */
export function rangeOf(argument: ArgumentDeclaration): Range | undefined {
  if (argument.kind === "choice") return undefined;
  const { unit, minimum = -Infinity, maximum = Infinity } = argument;
  return { unit, minimum, maximum };
}

/**
 * Whether an instrument can reach both ends of what somebody plans to ask of it.
 *
 * @param what - whose range it is, for the messages, such as `"volume" of "dispense" of cyan pump`
 * @param range - what the instrument can reach
 * @param wanted - the ends of what is planned
 * @returns one fault for each end out of reach
 */
export function checkReach(what: string, range: Range, wanted: readonly Quantity[]): Fault[] {
  return wanted.flatMap((end) => {
    const unit = parseUnit(end.unit);
    if (isUnitProblem(unit) || !sameDimension(unit.dimension, unitOf(range.unit).dimension)) {
      return [unreachable(what, end, `which is no quantity in ${range.unit}`)];
    }
    const value = convert(end, range.unit);
    if (value < range.minimum) {
      return [
        unreachable(
          what,
          end,
          `below its least, ${formatQuantity({ value: range.minimum, unit: range.unit })}`,
        ),
      ];
    }
    if (value > range.maximum) {
      return [
        unreachable(
          what,
          end,
          `above its most, ${formatQuantity({ value: range.maximum, unit: range.unit })}`,
        ),
      ];
    }
    return [];
  });
}

function unreachable(what: string, end: Quantity, why: string): Fault {
  return {
    code: "instrument.out-of-reach",
    message: `the plan asks ${what} for ${formatQuantity(end)}, ${why}`,
    advice: "narrow the plan, or use an instrument that reaches it",
  };
}
