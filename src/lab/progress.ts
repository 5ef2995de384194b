import type { Belief } from "../hypothesis/belief.ts";
import type { Observation } from "../hypothesis/observation.ts";
import type { LoopEvent, WithheldResult } from "../loop/event.ts";
import type { LoopState, Stepped } from "../loop/loop.ts";

/** Everything that a campaign has come to: the fold over its journal. */
export interface Progress {
  readonly state: LoopState;
  readonly belief: Belief;
  /** Measurements that the belief has not been updated by, by experiment. */
  readonly observed: Readonly<Record<number, Observation>>;
  /** Withheld measurements that the belief is to be updated by with the experiment that confirmed them. */
  readonly confirmed?: Readonly<Record<number, Observation>>;
}

/**
 * The progress after an event.
 *
 * @param learned - the belief that the event reports, where it reports one
 */
export function proceed(before: Progress, event: LoopEvent, stepped: Stepped, learned?: Belief): Progress {
  let { belief, observed, confirmed } = before;
  if (event.type === "measurement.recorded" && event.unusable.length === 0 && !event.withheld) {
    observed = { ...observed, [event.experiment]: measured(event) };
    if (event.confirms !== undefined)
      confirmed = { ...confirmed, [event.experiment]: measured(event.confirms) };
  }
  if (learned !== undefined) belief = learned;
  for (const { number, setting, outcome } of stepped.ended) {
    const { [number]: _, ...others } = observed;
    observed = others;
    if (confirmed !== undefined) {
      const { [number]: _taken, ...left } = confirmed;
      confirmed = left;
    }
    if (SAYS_NOTHING.has(outcome)) continue;
    const failed: Observation = { experiment: number, setting, outcome: { kind: "failed", reason: outcome } };
    belief = { ...belief, observations: [...belief.observations, failed] };
  }
  return { state: stepped.state, belief, observed, ...(confirmed && { confirmed }) };
}

/**
 * Outcomes that say nothing about whether a setting gives a result: it gave one, its sample was discarded, a stock ran out.
 */
const SAYS_NOTHING: ReadonlySet<string> = new Set(["measured", "withheld", "discarded", "exhausted"]);

function measured({ experiment, setting, values }: WithheldResult): Observation {
  return { experiment, setting, outcome: { kind: "measured", values } };
}
