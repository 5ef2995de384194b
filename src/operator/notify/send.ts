import type { Clock } from "../../base/clock.ts";
import { deadline } from "../../base/clock.ts";
import type { Channel } from "../../lab/notify/notify-policy.ts";
import { readSecret, type SecretPlace } from "../../lab/secret.ts";
import { sendMail } from "./send-mail.ts";
import { sendNtfy } from "./send-ntfy.ts";
import { sendWebhook } from "./send-webhook.ts";
import type { Letter, Sent } from "./sending.ts";

/** Milliseconds that one attempt may take. */
const LONGEST_ATTEMPT = 30_000;

/** Sends a message on one way, once. */
export type Send = (channel: Channel, letter: Letter) => Promise<Sent>;

/**
 * What sends messages of a lab.
 *
 * @param labFile - paths of secrets begin at its folder
 */
export function sender(labFile: string, clock: Clock, longest: number = LONGEST_ATTEMPT): Send {
  return async (channel, letter) => {
    const found = readSecret(placeOf(channel), labFile);
    if (found.kind === "failed") return { kind: "refused", fault: found.fault };
    const late = deadline(clock, longest, () => new Error("it takes too long"));
    try {
      return await sendOn(channel, letter, found.secret, clock.now(), late.signal);
    } finally {
      late.cancel();
    }
  };
}

function sendOn(
  channel: Channel,
  letter: Letter,
  secret: string | undefined,
  now: number,
  signal: AbortSignal,
): Promise<Sent> {
  switch (channel.kind) {
    case "email":
      return sendMail(channel, letter, secret, signal);
    case "ntfy":
      return sendNtfy(channel, letter, secret, signal);
    case "webhook":
      return sendWebhook(channel, letter, secret ?? "", now, signal);
  }
}

function placeOf(channel: Channel): SecretPlace {
  switch (channel.kind) {
    case "email":
      return channel.mail.password;
    case "ntfy":
      return channel.token;
    case "webhook":
      return channel.secret;
  }
}
