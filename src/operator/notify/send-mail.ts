import { createTransport } from "nodemailer";
import type { Channel } from "../../lab/notify/notify-policy.ts";
import { type Letter, type Sent, unsent } from "./sending.ts";

/** Milliseconds that a mail server may be silent. */
const SILENCE = 20_000;

/** An error of nodemailer, as far as it is looked at; its text may hold what the server said. */
interface MailError extends Error {
  readonly code?: string;
  /** Of SMTP: 4xx for now, 5xx for good. */
  readonly responseCode?: number;
}

/**
 * Sends a message by mail.
 *
 * @param password - undefined where the server is used without a login
 */
export async function sendMail(
  { address, mail }: Extract<Channel, { kind: "email" }>,
  letter: Letter,
  password: string | undefined,
  signal: AbortSignal,
): Promise<Sent> {
  const transport = createTransport({
    host: mail.host,
    port: mail.port,
    secure: mail.encryption === "from the start",
    requireTLS: mail.encryption === "required",
    ignoreTLS: mail.encryption === "none",
    connectionTimeout: SILENCE,
    greetingTimeout: SILENCE,
    socketTimeout: SILENCE,
    dnsTimeout: SILENCE,
    // A message never makes labloop read a file or another server.
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(mail.user !== undefined && { auth: { user: mail.user, pass: password ?? "" } }),
  });
  const abort = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  const sending = transport.sendMail({
    from: mail.from,
    to: address,
    subject: letter.title,
    text: letter.text,
    messageId: `<${letter.id}@labloop>`,
    ...(letter.priority === "critical" && { priority: "high" as const }),
    headers: { "Auto-Submitted": "auto-generated" },
  });
  try {
    await Promise.race([sending, abort]);
    return { kind: "sent" };
  } catch (error) {
    sending.catch(() => undefined);
    const server = `${mail.host}:${mail.port}`;
    if (signal.aborted)
      return unsent("failed", `the mail server ${server} takes too long`, "look at its load");
    return refusal(error as MailError, server);
  } finally {
    transport.close();
  }
}

function refusal({ code, responseCode, name }: MailError, server: string): Sent {
  if (responseCode !== undefined && responseCode >= 500)
    return unsent(
      "refused",
      `the mail server ${server} refuses it for good (${responseCode})`,
      code === "EAUTH" ? "look at `user` and the password" : "look at the addresses",
    );
  if (responseCode !== undefined)
    return unsent("failed", `the mail server ${server} refuses it for now (${responseCode})`, "wait");
  return unsent(
    code === "ETLS" || code === "EAUTH" ? "refused" : "failed",
    `the mail server ${server} can't be reached (${code ?? name})`,
    code === "ETLS" ? "look at `encryption`" : "look at `notify.mail.server` and the network",
  );
}
