import { isHeld } from "../../../lab/ownership.ts";
import type { CampaignRow, Store } from "../../../record/store.ts";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-code.ts";
import { findCampaign, withDatabase } from "../session.ts";
import { entriesOf } from "../stored-campaign.ts";
import { openTerminal, type Terminal } from "../terminal.ts";
import { haltsIn, tripsIn } from "../trips.ts";
import { askedHere, keepBeside, type RequestOptions, requestInTurn } from "./request.ts";

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
  options: RequestOptions,
): Promise<void> {
  const entries = await entriesOf(store, row);
  const seen = [...tripsIn(entries).map(({ fault }) => fault.message), ...haltsIn(entries)];
  if (seen.length === 0)
    throw new CliError({
      code: "campaign.no-trip",
      message: `no interlock tripped in campaign ${row.key}, and nobody halted it`,
      advice: "see `labloop list`",
    });
  const told = seen.map((what) => `acknowledged: ${what}`);
  await keepBeside({ terminal, store, row }, askedHere({ request: "acknowledge" }, options), told);
}
