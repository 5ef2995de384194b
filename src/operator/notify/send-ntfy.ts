import type { Channel } from "../../lab/notify/notify-policy.ts";
import type { AlarmPriority } from "../../loop/event.ts";
import { postJson } from "./post-json.ts";
import type { Letter, Sent } from "./sending.ts";

/** From 1, without sound, to 5, which rings on and on. */
const PRIORITY: Readonly<Record<AlarmPriority, number>> = { low: 2, medium: 3, high: 4, critical: 5 };

/** Emoji by their short codes. */
const TAGS: Readonly<Record<AlarmPriority, readonly string[]>> = {
  low: [],
  medium: ["bell"],
  high: ["warning"],
  critical: ["rotating_light"],
};

/**
 * Publishes a message to a topic of ntfy, as JSON: headers would lose what is no ASCII.
 * Source: ntfy documentation, "Publish as JSON"
 */
export function sendNtfy(
  { server, topic }: Extract<Channel, { kind: "ntfy" }>,
  { title, text, priority }: Letter,
  token: string | undefined,
  signal: AbortSignal,
): Promise<Sent> {
  const command = /^Type: (.+)$/m.exec(text)?.[1];
  const body = JSON.stringify({
    topic,
    title,
    message: text,
    priority: PRIORITY[priority],
    tags: TAGS[priority],
    ...(command !== undefined && {
      actions: [{ action: "copy", label: "Copy the command", value: command }],
    }),
  });
  return postJson(server, body, token === undefined ? {} : { authorization: `Bearer ${token}` }, signal);
}
