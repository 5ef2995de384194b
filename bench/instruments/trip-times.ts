import type { Clock } from "../../src/base/clock.ts";
import { unitOf } from "../../src/base/unit.ts";
import type { Instrument } from "../../src/instrument/contract/instrument.ts";
import type { Interlock } from "../../src/lab/interlock/interlock.ts";
import { Supervisor } from "../../src/lab/interlock/supervisor.ts";
import { Runtime } from "../../src/lab/runtime.ts";
import { createLoop } from "../../src/loop/loop.ts";
import type { Plan } from "../../src/loop/plan.ts";
import { oneParameterDefinition } from "../../test/support/one-parameter.ts";
import { instantCompute, NO_BELIEF } from "../loop/instant-lab.ts";
import { memoryJournal } from "../loop/memory-journal.ts";

/** Instruments under supervision, and what is known of their lines. */
export interface TripBench {
  readonly clock: Clock;
  /** By name; each has a property "temperature". */
  readonly instruments: Readonly<Record<string, Instrument>>;
  /** Lets one of them show that it is too hot, or no longer. */
  overheat(hot: boolean): void;
  /** Is called with the first command that makes an instrument safe. */
  onSafe(commanded: () => void): void;
}

/** Milliseconds between two readings of each instrument. */
const EVERY = 100;
/** degC */
const LIMIT = 90;
/** An experiment that is under way until the interlock trips. */
const WAITING: Plan = [
  { kind: "wait", seconds: { kind: "number", at: 0, value: 3600, unit: unitOf("1") }, always: false },
];

/**
 * Runs campaigns that an interlock aborts.
 *
 * @returns milliseconds of each from the trip to the first command that makes an instrument safe
 */
export async function tripTimes(bench: TripBench, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i++) times.push(await tripTime(bench, i));
  return times;
}

async function tripTime(bench: TripBench, round: number): Promise<number> {
  const { clock, instruments } = bench;
  const loop = createLoop(oneParameterDefinition(WAITING));
  let [tripped, safe] = [Number.NaN, Number.NaN];
  bench.onSafe(() => {
    if (Number.isNaN(safe)) safe = performance.now();
  });
  const supervisor = new Supervisor({
    interlocks: Object.keys(instruments).map(interlock),
    instruments,
    roles: {},
    clock,
    standsStill: false,
    trip: (event) => {
      if (Number.isNaN(tripped)) tripped = performance.now();
      runtime.dispatch(event);
    },
  });
  const runtime = new Runtime({
    loop,
    clock,
    journal: memoryJournal(),
    compute: instantCompute(),
    instruments,
    from: { state: loop.begin(), belief: NO_BELIEF, observed: {} },
    ask: async () => "",
    onEntry: () => {},
    supervisor,
  });
  runtime.dispatch({ type: "campaign.started", name: "trip", seed: 1, mode: "real-time", files: {} });
  // At another place of the interval each time.
  await new Promise((resolve) => setTimeout(resolve, 2 * EVERY + ((round * 37) % EVERY)));
  bench.overheat(true);
  await runtime.ended;
  bench.overheat(false);
  return safe - tripped;
}

function interlock(name: string): Interlock {
  const [text, unit] = [`${name}.temperature`, unitOf("degC")];
  return {
    kind: "reading",
    name,
    watch: {
      text,
      expression: { kind: "name", at: 0, name: text },
      properties: [{ name: text, instrument: name, property: "temperature", unit }],
    },
    conditions: [{ kind: "above", limit: LIMIT + 273.15, hysteresis: 0, text: `above ${LIMIT} degC` }],
    every: EVERY,
    stale: 10_000,
    then: "abort",
  };
}
