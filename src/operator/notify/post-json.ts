import { type Sent, unsent } from "./sending.ts";

/** Answers over HTTP after which another try is worth it. */
const PASSING = new Set([408, 425, 429]);

/** Posts JSON; what the server answers beyond its status is not read. */
export async function postJson(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Sent> {
  const { host } = new URL(url);
  try {
    const response = await fetch(url, {
      method: "POST",
      body,
      headers: { "content-type": "application/json", "user-agent": "labloop", ...headers },
      // What is signed or has a token goes nowhere else.
      redirect: "manual",
      signal,
    });
    await response.body?.cancel();
    if (response.ok) return { kind: "sent" };
    const { status } = response;
    const passes = status >= 500 || PASSING.has(status);
    return unsent(
      passes ? "failed" : "refused",
      `${host} answers ${status}`,
      status === 401 || status === 403
        ? "look at the token or secret"
        : "look at the address and at what listens there",
    );
  } catch (error) {
    if (signal.aborted) return unsent("failed", `${host} takes too long`, "look at what listens there");
    const { cause, name } = error as Error & { cause?: { code?: string } };
    return unsent(
      "failed",
      `${host} can't be reached (${cause?.code ?? name})`,
      "look at the address and the network",
    );
  }
}
