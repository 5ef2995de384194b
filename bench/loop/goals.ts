/** What a figure of the bench must reach. */
export interface Goal {
  readonly figure: string;
  readonly unit: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** The goals of the loop, in the order in which they are printed. */
export const GOALS: readonly Goal[] = [
  { figure: "scan in memory", unit: "points/s", atLeast: 5000 },
  { figure: "durable scan", unit: "points/s", atLeast: 3000 },
  { figure: "64 campaigns", unit: "durable events/s", atLeast: 10_000 },
  { figure: "actions that may not be repeated", unit: "actions/s", atLeast: 600 },
  { figure: "p99 to the next dispatch, scan", unit: "ms", atMost: 10 },
  { figure: "p99 to the next dispatch, each intent durable", unit: "ms", atMost: 10 },
  { figure: "p99 to the next dispatch, 64 campaigns at 10 readings/s", unit: "ms", atMost: 10 },
  // No goal: at full speed a campaign waits for the turns of the 63 others, which is their number over the throughput.
  { figure: "p99 to the next dispatch, 64 campaigns at full speed", unit: "ms" },
  { figure: "replay of 100,000 events", unit: "s", atMost: 5 },
  // Memory is flat when 90,000 further experiments keep less than 10 bytes each: less than one number and its name.
  { figure: "growth of the heap, 10,000 to 100,000 experiments", unit: "MB", atMost: 0.9 },
  { figure: "heap after 10,000 experiments", unit: "MB" },
  { figure: "experiments in a row", unit: "experiments/s" },
];

/** What a goal says of a measured value. */
export function verdict({ atLeast, atMost }: Goal, value: number): "met" | "MISSED" | "" {
  if (atLeast === undefined && atMost === undefined) return "";
  return value >= (atLeast ?? -Infinity) && value <= (atMost ?? Infinity) ? "met" : "MISSED";
}

/** Whether a value misses its goal by more than a factor of 2. */
export function farOff({ atLeast, atMost }: Goal, value: number): boolean {
  return value < (atLeast ?? -Infinity) / 2 || value > (atMost ?? Infinity) * 2;
}
