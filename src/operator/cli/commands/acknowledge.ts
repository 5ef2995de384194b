import { isHeld } from "../../../lab/ownership.ts";
import type { JournalEntry } from "../../../record/journal-entry.ts";
import type { CampaignRow, Store } from "../../../record/store.ts";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-code.ts";
import { person } from "../follow.ts";
import { findCampaign, withDatabase } from "../session.ts";
import { type CommonOptions, openTerminal, type Terminal } from "../terminal.ts";
import { tripsIn } from "../trips.ts";
import { requestInTurn } from "./request.ts";

/** `labloop acknowledge`: a person has seen what an interlock tripped on. */
export async function acknowledge(
  id: string | undefined,
  options: CommonOptions & { resume?: boolean },
): Promise<number> {
  const terminal = openTerminal(options);
  const running = await withDatabase(options, async (store) => {
    const row = await findCampaign(store, id);
    if (row.state !== "concluded" || isHeld(row)) return row.key;
    await acknowledgeEnded(terminal, store, row);
    return undefined;
  });
  if (running === undefined) return EXIT.concluded;
  return requestInTurn(
    options.resume === true ? ["acknowledge", "resume"] : ["acknowledge"],
    running,
    options,
  );
}

async function acknowledgeEnded(terminal: Terminal, store: Store, row: CampaignRow): Promise<void> {
  const entries: JournalEntry[] = [];
  for await (const entry of store.entries(row.key)) entries.push(entry);
  const trips = tripsIn(entries);
  if (trips.length === 0)
    throw new CliError({
      code: "campaign.no-trip",
      message: `no interlock tripped in campaign ${row.key}`,
      advice: "see `labloop list`",
    });
  const number = await store.request(row.key, "acknowledge", person(), new Date().toISOString());
  await store.answerRequest(number, "accepted");
  for (const { fault } of trips) terminal.say(`acknowledged: ${fault.message}`);
  if (terminal.json) terminal.emit({ event: "request.accepted", campaign: row.id, request: "acknowledge" });
}
