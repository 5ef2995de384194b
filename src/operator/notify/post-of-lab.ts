import type { LabDescription } from "../../lab/lab-description.ts";
import { SystemClock } from "../../lab/system-clock.ts";
import type { MakeLinks } from "./message-link.ts";
import { PostOffice } from "./post-office.ts";
import { sender } from "./send.ts";

/**
 * What sends the messages of a campaign to the people of its lab; undefined where nobody is to be told anything.
 *
 * @param links - makes the links by which questions are answered; messages have none when absent
 */
export function postOfLab(
  { name, file, notify }: LabDescription,
  campaign: string,
  links?: MakeLinks,
): PostOffice | undefined {
  if (notify.rules.length === 0) return undefined;
  const clock = new SystemClock();
  return new PostOffice({
    policy: notify,
    clock,
    campaign,
    lab: name,
    send: sender(file, clock),
    ...(links && { links }),
  });
}
