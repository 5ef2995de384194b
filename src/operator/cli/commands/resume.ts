import { isHeld } from "../../../lab/ownership.ts";
import { person } from "../follow.ts";
import { goOn } from "../go-on.ts";
import { findCampaign, withDatabase } from "../session.ts";
import { openTerminal } from "../terminal.ts";
import { type RequestOptions, requestInTurn } from "./request.ts";

/** `labloop resume`: goes on with a campaign whose process ended, or that is paused. */
export async function resume(id: string | undefined, options: RequestOptions): Promise<number> {
  const terminal = openTerminal(options);
  const row = await withDatabase(options, (store) =>
    findCampaign(store, id, ({ state }) => state !== "concluded"),
  );
  const { key, state } = row;
  if (isHeld(row) && PAUSED.has(state)) return requestInTurn([{ request: "resume" }], key, options);
  const { why } = options;
  const paused = !isHeld(row) && PAUSED.has(state);
  const first = { request: "resume", by: person(), ...(why !== undefined && { why }) } as const;
  return goOn(terminal, key, options, paused ? first : undefined);
}

const PAUSED: ReadonlySet<string> = new Set(["pausing", "paused"]);
