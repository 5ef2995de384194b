import type { FaultCollector } from "../../campaign/compile/faults.ts";
import { readTime } from "../../campaign/compile/values.ts";
import type { ReplyPolicy } from "./notify-policy.ts";
import type { WrittenNotifyRule, WrittenReplies } from "./notify-schema.ts";

const CODE = "lab.bad-notify";
const PATH = ["notify", "replies"] as const;

/** Milliseconds for which a link can be used, unless the lab file says otherwise: a night. */
const USUAL_VALID = 12 * 3_600_000;
/** Milliseconds; nobody opens a message in less, and a link that lies in a mailbox for longer is found by others. */
const SHORTEST_VALID = 60_000;
const LONGEST_VALID = 7 * 24 * 3_600_000;

/** Addresses at which a computer listens on all of its networks, and at which nobody finds it. */
const EVERYWHERE: ReadonlySet<string> = new Set(["0.0.0.0", "::"]);

/** Reads where links in messages are answered, and checks that somebody gets one. */
export function readReplies(
  faults: FaultCollector,
  { listen, url, valid: written }: WrittenReplies,
  rules: readonly WrittenNotifyRule[],
): ReplyPolicy | undefined {
  const add = (key: string, message: string, advice: string): void =>
    faults.add(CODE, [...PATH, key], message, advice);
  const cut = listen.lastIndexOf(":");
  const host = listen.slice(0, cut).replace(/^\[|\]$/g, "");
  const port = Number(listen.slice(cut + 1));
  if (port < 1 || port > 65_535) add("listen", `there is no port ${port}`, "write a port from 1 to 65535");
  if (EVERYWHERE.has(host) && url === undefined)
    add("listen", `no phone finds this computer at ${host}`, "write `url`, which links are to begin with");
  if (!rules.some(({ on }) => on.includes("question") || on.includes("alarm")))
    faults.add(CODE, PATH, "nobody is told of questions", "add `question` to `on` of a rule");
  const valid = written === undefined ? USUAL_VALID : readTime(faults, [...PATH, "valid"], written);
  if (valid === undefined) return undefined;
  if (valid < SHORTEST_VALID)
    add("valid", "nobody opens a message in so short a time", "write 1 min or more");
  if (valid > LONGEST_VALID) add("valid", "a link that old is found by others", "write 7 d or less");
  return { host, port, url: (url ?? `http://${listen}`).replace(/\/+$/, ""), valid };
}
