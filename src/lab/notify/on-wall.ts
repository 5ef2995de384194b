import { wallTime } from "../../campaign/window/wall-clock.ts";

/** A time as the lab's wall shows it, such as "2030-01-01 18:00 (Europe/Berlin)". */
export function onWall(moment: number, zone: string): string {
  return `${new Date(wallTime(moment, zone)).toISOString().slice(0, 16).replace("T", " ")} (${zone})`;
}
