import { connect } from "node:net";
import type { Fault } from "../../base/fault.ts";
import type { Channel, NotifyPolicy } from "../../lab/notify/notify-policy.ts";

/** Milliseconds in which a server that is there has answered. */
const PATIENCE = 3000;

/** Servers of a lab's messages that don't answer; nothing is sent to them. */
export async function unreachableServers({ people }: NotifyPolicy): Promise<readonly Fault[]> {
  const servers = new Set(Object.values(people).flatMap((channels) => channels.map(serverOf)));
  const found = await Promise.all(
    [...servers].map(async (server) => ({ server, why: await whyNot(server) })),
  );
  return found.flatMap(({ server, why }) =>
    why === undefined
      ? []
      : [
          {
            code: "notify.unreachable",
            message: `${server} can't be reached (${why}): nobody would be told anything through it`,
            advice: "look at the address and the network, then `labloop notify test lab.yaml`",
          },
        ],
  );
}

/** Host and port. */
function serverOf(channel: Channel): string {
  if (channel.kind === "email") return `${channel.mail.host}:${channel.mail.port}`;
  const { hostname, port, protocol } = new URL(channel.kind === "ntfy" ? channel.server : channel.url);
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}

function whyNot(server: string): Promise<string | undefined> {
  const cut = server.lastIndexOf(":");
  return new Promise((resolve) => {
    const socket = connect({
      host: server.slice(0, cut).replace(/^\[|\]$/g, ""),
      port: Number(server.slice(cut + 1)),
      timeout: PATIENCE,
    });
    const end = (why?: string): void => {
      socket.destroy();
      resolve(why);
    };
    socket.once("connect", () => end());
    socket.once("timeout", () => end("no answer"));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? "unknown"));
  });
}
