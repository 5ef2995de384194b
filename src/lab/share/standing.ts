import { modeOf } from "../../loop/campaign-mode.ts";
import type { LoopState } from "../../loop/loop.ts";
import type { Claim } from "./whose-turn.ts";

/** What a campaign wants and holds, worked out from where it stands. */
export type Standing = Pick<Claim, "wants" | "holds">;

/** What a campaign wants of the lab, and how many leases it holds; it keeps nothing while it is paused or waits for its window. */
export function standingOf({ campaign }: LoopState): Standing {
  const { performing, lease, reason, awaitsWindow } = campaign.context;
  const unused = lease?.standing === "given" ? 1 : 0;
  const holds = performing.length + unused;
  if (modeOf(campaign) !== "running" || reason !== null || awaitsWindow !== null)
    return { wants: "nothing", holds };
  if (lease?.standing === "asked") return { wants: "lease", holds };
  return { wants: holds === 0 ? "soon" : "nothing", holds };
}
