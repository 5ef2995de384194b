import { createHmac } from "node:crypto";
import type { Channel } from "../../lab/notify/notify-policy.ts";
import { postJson } from "./post-json.ts";
import type { Letter, Sent } from "./sending.ts";

/**
 * Posts a message to a program, signed, so that it can tell who made the call, and when.
 *
 * @param now - milliseconds since 1970
 */
export function sendWebhook(
  { url }: Extract<Channel, { kind: "webhook" }>,
  letter: Letter,
  secret: string,
  now: number,
  signal: AbortSignal,
): Promise<Sent> {
  const body = JSON.stringify(letter);
  const timestamp = String(Math.floor(now / 1000));
  const headers = {
    "x-labloop-timestamp": timestamp,
    "x-labloop-signature": `sha256=${signature(secret, timestamp, body)}`,
  };
  return postJson(url, body, headers, signal);
}

/** HMAC-SHA256 over the time in seconds, a dot and the body; hexadecimal. */
export function signature(secret: string, timestamp: string, body: string): string {
  return createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex");
}
