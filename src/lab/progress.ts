import type { Belief } from "../hypothesis/belief.ts";
import type { Observation } from "../hypothesis/observation.ts";
import type { LoopEvent } from "../loop/event.ts";
import type { LoopState, Stepped } from "../loop/loop.ts";

/** Everything that a campaign has come to: the fold over its journal. */
export interface Progress {
  readonly state: LoopState;
  readonly belief: Belief;
  /** Measurements that the belief has not been updated by, by experiment. */
  readonly observed: Readonly<Record<number, Observation>>;
}

/**
 * The progress after an event.
 *
 * @param learned - the belief that the event reports, where it reports one
 */
export function proceed(before: Progress, event: LoopEvent, stepped: Stepped, learned?: Belief): Progress {
  let { belief, observed } = before;
  if (event.type === "measurement.recorded" && event.unusable.length === 0) {
    const { experiment, setting, values } = event;
    observed = { ...observed, [experiment]: { experiment, setting, outcome: { kind: "measured", values } } };
  }
  if (learned !== undefined) belief = learned;
  for (const { number, setting, outcome } of stepped.ended) {
    const { [number]: _, ...others } = observed;
    observed = others;
    // That a sample was discarded or a stock ran out says nothing about its setting.
    if (outcome === "measured" || outcome === "discarded" || outcome === "exhausted") continue;
    const failed: Observation = { experiment: number, setting, outcome: { kind: "failed", reason: outcome } };
    belief = { ...belief, observations: [...belief.observations, failed] };
  }
  return { state: stepped.state, belief, observed };
}
