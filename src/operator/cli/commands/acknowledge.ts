import { isHeld } from "../../../lab/ownership.ts";
import type { CampaignRow, Store } from "../../../record/store.ts";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-code.ts";
import { person } from "../follow.ts";
import { findCampaign, withDatabase } from "../session.ts";
import { entriesOf } from "../stored-campaign.ts";
import { openTerminal, type Terminal } from "../terminal.ts";
import { haltsIn, tripsIn } from "../trips.ts";
import { type RequestOptions, requestInTurn } from "./request.ts";

/** `labloop acknowledge`: a person has seen what an interlock tripped on. */
export async function acknowledge(
  id: string | undefined,
  options: RequestOptions & { resume?: boolean },
): Promise<number> {
  const terminal = openTerminal(options);
  const running = await withDatabase(options, async (store) => {
    const row = await findCampaign(store, id);
    if (row.state !== "concluded" || isHeld(row)) return row.key;
    await acknowledgeEnded(terminal, store, row, options);
    return undefined;
  });
  if (running === undefined) return EXIT.concluded;
  const wanted = [{ request: "acknowledge" }, { request: "resume" }] as const;
  return requestInTurn(options.resume === true ? wanted : wanted.slice(0, 1), running, options);
}

async function acknowledgeEnded(
  terminal: Terminal,
  store: Store,
  row: CampaignRow,
  { why }: RequestOptions,
): Promise<void> {
  const entries = await entriesOf(store, row);
  const seen = [...tripsIn(entries).map(({ fault }) => fault.message), ...haltsIn(entries)];
  if (seen.length === 0)
    throw new CliError({
      code: "campaign.no-trip",
      message: `no interlock tripped in campaign ${row.key}, and nobody halted it`,
      advice: "see `labloop list`",
    });
  const asked = { request: "acknowledge", by: person(), ...(why !== undefined && { why }) } as const;
  await store.keepAfterwards(row.key, asked, new Date().toISOString());
  for (const what of seen) terminal.say(`acknowledged: ${what}`);
  if (terminal.json) terminal.emit({ event: "request.accepted", campaign: row.id, request: "acknowledge" });
}
