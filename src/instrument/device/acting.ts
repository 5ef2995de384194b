import type { ActionBehaviour, Arguments } from "./behaviour.ts";
import type { Device, Reaching } from "./device.ts";
import type { Value } from "./value.ts";

/**
 * An action that usually takes the same time.
 *
 * @param milliseconds - how long
 * @param stop - ends what was begun, when the call is interrupted or fails in the middle
 */
export function taking<D extends Device>(
  milliseconds: number,
  perform: ActionBehaviour<D>["perform"],
  stop?: (device: D) => Promise<void>,
): ActionBehaviour<D> {
  return { takes: () => milliseconds, perform, ...(stop && { stop }) };
}

/** How a value is set and waited for. */
export interface Reach<D extends Device> extends Omit<Reaching, "wanted" | "near" | "slowest"> {
  /** Name of the argument that has to be reached, and of the reading that tells what was. */
  readonly value: string;
  /** Sends it on its way. */
  set(device: D, wanted: number, given: Arguments): Promise<unknown>;
  read(device: D): Promise<Value>;
  /** How far from what is wanted is near enough. */
  near(wanted: number, given: Arguments): number;
  /** Least change in a minute: the way may take that long, beyond `within`. */
  readonly slowest?: (given: Arguments) => number;
  /** Milliseconds that it usually takes. */
  readonly takes: (given: Arguments) => number;
}

/** An action that sets a value and waits until it is reached, such as a temperature, a flow or a speed. */
export function reaching<D extends Device>(reach: Reach<D>): ActionBehaviour<D> {
  const { value, set, read, near, slowest, takes, ...goal } = reach;
  return {
    takes,
    perform: async (device, given) => {
      const wanted = given[value] as number;
      device.begin();
      await set(device, wanted, given);
      const least = slowest?.(given);
      const reached = await device.reach(() => read(device), {
        ...goal,
        wanted,
        near: near(wanted, given),
        ...(least !== undefined && { slowest: least }),
      });
      return { [value]: reached };
    },
  };
}
