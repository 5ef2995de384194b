import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";

/**
 * Where a call comes from, for counting: a whole network of IPv6 (/64) is one, since whoever has one address of it has all.
 * What a server in front says is believed where it runs on this computer.
 */
export function addressOf({ socket, headers }: Pick<IncomingMessage, "socket" | "headers">): string {
  const peer = plain(socket.remoteAddress ?? "");
  const forwarded = [headers["x-forwarded-for"] ?? []].flat().join(",").split(",").at(-1)?.trim() ?? "";
  return networkOf(isLoopback(peer) && isIP(forwarded) !== 0 ? plain(forwarded) : peer);
}

/** IPv4 as it is written, also where it comes wrapped into IPv6. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}

function networkOf(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = "", tail] = address.toLowerCase().split("::");
  const before = head === "" ? [] : head.split(":");
  const after = tail === undefined || tail === "" ? [] : tail.split(":");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  return [...before, ...Array<string>(zeros).fill("0"), ...after].slice(0, 4).join(":");
}
