import type { Channel } from "../../lab/notify/notify-policy.ts";
import { questionNumber } from "../../lab/question/question-name.ts";
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

/** Buttons below a message. */
const MOST_ACTIONS = 3;

/**
 * Publishes a message to a topic of ntfy, as JSON: headers would lose what is no ASCII.
 * Source: ntfy documentation, "Publish as JSON"
 */
export function sendNtfy(
  { server, topic }: Extract<Channel, { kind: "ntfy" }>,
  { title, text, priority, links = [] }: Letter,
  token: string | undefined,
  signal: AbortSignal,
): Promise<Sent> {
  const command = /^Type: (.+)$/m.exec(text)?.[1];
  const actions = [
    ...links.slice(0, MOST_ACTIONS - 1).map(({ question, url }) => ({
      action: "view",
      label: `Answer ${questionNumber(question)}`,
      url,
    })),
    ...(command === undefined ? [] : [{ action: "copy", label: "Copy the command", value: command }]),
  ];
  const body = JSON.stringify({
    topic,
    title,
    message: text,
    priority: PRIORITY[priority],
    tags: TAGS[priority],
    ...(actions.length > 0 && { actions }),
  });
  return postJson(server, body, token === undefined ? {} : { authorization: `Bearer ${token}` }, signal);
}
