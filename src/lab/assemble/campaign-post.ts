import type { Notification } from "../../loop/event.ts";
import { Reachability } from "../notify/reachable.ts";
import type { Runtime } from "../runtime.ts";
import type { StartOptions } from "../start-options.ts";

/** What sends the messages of a campaign, and has journaled what becomes of them. */
export function campaignPost(
  { loaded, observer }: StartOptions,
  runtime: () => Pick<Runtime, "dispatch" | "raise" | "clear">,
): (notification: Notification) => void {
  const reachability = new Reachability(loaded.lab.notify, {
    raise: (alarm) => runtime().raise(alarm),
    clear: (alarm) => runtime().clear(alarm),
  });
  return (notification) => {
    if (notification.simulated) return;
    observer.post?.put(notification, (outcome) => {
      runtime().dispatch(outcome);
      reachability.outcome(outcome);
    });
  };
}
