/** What a status topic has told of a device. */
export interface Presence {
  /** Undefined until the device or its last will said something. */
  readonly online?: boolean;
  /** Tells one run of the device's firmware from another. */
  readonly boot?: string;
}

/** One message of a status topic. */
export interface StatusMessage {
  readonly status: "online" | "offline";
  readonly boot?: string;
}

/**
 * Reads a message of a status topic: `online` or `offline`, or JSON such as `{"status":"online","boot":"5f3a"}`.
 *
 * @returns undefined for anything else
 */
export function parseStatus(payload: Uint8Array): StatusMessage | undefined {
  const text = new TextDecoder().decode(payload).trim();
  if (text === "online" || text === "offline") return { status: text };
  const { status, boot } = parseObject(text);
  if (status !== "online" && status !== "offline") return undefined;
  return typeof boot === "string" ? { status, boot } : { status };
}

function parseObject(text: string): { readonly status?: unknown; readonly boot?: unknown } {
  try {
    return (JSON.parse(text) as object | null) ?? {};
  } catch {
    return {};
  }
}

/**
 * What a message of the status topic changes.
 *
 * A last will can come after the device is back (knolleary/pubsubclient#872): an "offline" of another boot than the one
 * that is online says nothing. A device that was offline and doesn't tell its boot counts as restarted.
 *
 * @returns the presence from now on, and whether the device restarted, so that its settings are lost
 */
export function nextPresence(
  before: Presence,
  message: StatusMessage,
): { readonly presence: Presence; readonly restarted: boolean } {
  const boot = message.boot ?? before.boot;
  const other = before.boot !== undefined && boot !== before.boot;
  if (message.status === "offline") {
    const late = before.online === true && other;
    return { presence: late ? before : known(false, boot), restarted: false };
  }
  const silent = before.online === false && message.boot === undefined;
  return { presence: known(true, boot), restarted: other || silent };
}

function known(online: boolean, boot: string | undefined): Presence {
  return boot === undefined ? { online } : { online, boot };
}
