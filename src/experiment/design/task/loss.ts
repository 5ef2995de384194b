import type { Direction } from "./problem.ts";

/** How bad a value is; larger is worse. */
export function lossOf(direction: Direction, value: number): number {
  switch (direction.kind) {
    case "minimise":
      return value;
    case "maximise":
      return -value;
    case "target":
      return Math.abs(value - direction.value);
  }
}
