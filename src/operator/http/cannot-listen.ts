import type { Fault } from "../../base/fault.ts";
import type { ReplyPolicy } from "../../lab/notify/notify-policy.ts";

const WHY: Readonly<Record<string, readonly [why: string, advice: string]>> = {
  EADDRINUSE: ["another program has the port", "end it, or write another port into `notify.replies.listen`"],
  EACCES: ["this user may not use the port", "write a port above 1023 into `notify.replies.listen`"],
  EADDRNOTAVAIL: [
    "this computer doesn't have the address",
    "write an address of this computer into `notify.replies.listen`, such as 127.0.0.1",
  ],
  ENOTFOUND: [
    "this computer doesn't know the name",
    "write an address of this computer into `notify.replies.listen`, such as 127.0.0.1",
  ],
};

/** That links can't be answered, since labloop can't listen where the lab file says. */
export function cannotListen(
  { host, port }: ReplyPolicy,
  { code = "unknown" }: NodeJS.ErrnoException,
): Fault {
  const [why, advice] = WHY[code] ?? [code, "look at `notify.replies.listen`"];
  return {
    code: "notify.no-replies",
    message: `messages have no links to answer by: labloop can't listen at ${host}:${port} (${why})`,
    advice,
  };
}
