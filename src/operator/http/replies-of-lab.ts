import type { LabDescription } from "../../lab/lab-description.ts";
import { SystemClock } from "../../lab/system-clock.ts";
import { ReplyDesk } from "./reply-desk.ts";

/**
 * What takes answers by links to a campaign in a lab; undefined where its lab file has none.
 *
 * @param former - digests of links that earlier processes of the campaign gave
 */
export function repliesOfLab(
  { name: lab, zone, roles, notify }: LabDescription,
  campaign: string,
  former: Iterable<string> = [],
): ReplyDesk | undefined {
  const { replies: policy } = notify;
  if (policy === undefined) return undefined;
  return new ReplyDesk({ policy, roles, clock: new SystemClock(), subject: { campaign, lab, zone }, former });
}
