import type { IncomingMessage } from "node:http";

/** The text of a call, or why there is none. */
export type Body = { readonly kind: "text"; readonly text: string } | { readonly kind: "too large" };

/**
 * Reads the body of a call, as far as it may be long.
 *
 * @param most - bytes
 * @throws Error when the caller breaks off
 */
export function readBody(request: IncomingMessage, most: number): Promise<Body> {
  if (Number(request.headers["content-length"] ?? 0) > most) return Promise.resolve({ kind: "too large" });
  const parts: Buffer[] = [];
  let length = 0;
  return new Promise((resolve, reject) => {
    request.on("data", (part: Buffer) => {
      length += part.length;
      if (length <= most) parts.push(part);
      else resolve({ kind: "too large" });
    });
    request.on("end", () => resolve({ kind: "text", text: Buffer.concat(parts).toString("utf8") }));
    request.on("close", () => reject(new Error("the caller broke off")));
  });
}
