import type { LoadedCampaign } from "../../lab/load-campaign.ts";
import type { RunMode } from "../../loop/event.ts";
import { repliesOfLab } from "../http/replies-of-lab.ts";
import type { ReplyDesk } from "../http/reply-desk.ts";
import { postOfLab } from "../notify/post-of-lab.ts";
import type { PostOffice } from "../notify/post-office.ts";

/** What brings messages to people, and takes their answers. */
export interface Messengers {
  readonly post?: PostOffice;
  readonly replies?: ReplyDesk;
}

/**
 * The messengers of a campaign that is begun.
 *
 * @param notify - whether messages are sent in a simulation, too
 */
export function messengersOf({ lab, id }: LoadedCampaign, mode: RunMode, notify: boolean): Messengers {
  const sends = mode === "live" || (mode === "real-time" && notify);
  const replies = mode === "live" ? repliesOfLab(lab, id) : undefined;
  const post = sends ? postOfLab(lab, id, replies && ((...of) => replies.links(...of))) : undefined;
  return { ...(post && { post }), ...(replies && { replies }) };
}
