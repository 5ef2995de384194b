import { standingOf } from "../../../lab/ownership.ts";
import { eventOf } from "../../../record/journal-entry.ts";
import type { CampaignRow, Store } from "../../../record/store.ts";
import { describeFiring } from "../describe.ts";
import { EXIT } from "../exit-code.ts";
import { withDatabase } from "../session.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";

/** `labloop list`: a line for each campaign. */
export async function list(options: CommonOptions): Promise<number> {
  const terminal = openTerminal(options);
  return withDatabase(options, async (store) => {
    const rows = await store.campaigns();
    if (rows.length === 0) terminal.say("no campaign yet; begin with `labloop run campaign.yaml --simulate`");
    if (!terminal.json && rows.length > 0)
      terminal.print(line("campaign", "name", "state", "experiments", "began"));
    for (const row of rows) {
      const experiments = await countExperiments(store, row);
      const state = standingOf(row);
      const firing = (await store.firings(row.key)).at(-1);
      if (terminal.json) {
        terminal.emit({
          campaign: row.id,
          run: row.run,
          name: row.name,
          state,
          experiments,
          simulated: row.simulated,
          began: row.createdAt,
          ...(firing && { watchdog: new Date(firing.at).toISOString() }),
        });
      } else {
        terminal.print(
          line(row.key, row.name, state, String(experiments), row.createdAt.slice(0, 16).replace("T", " ")),
        );
        if (firing !== undefined && state === "interrupted")
          terminal.print(`  watchdog: ${describeFiring(firing)}`);
      }
    }
    return EXIT.concluded;
  });
}

async function countExperiments(store: Store, row: CampaignRow): Promise<number> {
  let count = 0;
  for await (const entry of store.entries(row.key)) {
    if (entry.kind === "measurement.recorded") count += 1;
    if (entry.kind === "campaign.concluded") {
      const event = eventOf(entry);
      if (event.type === "campaign.concluded") return event.experiments;
    }
  }
  return count;
}

function line(key: string, name: string, state: string, experiments: string, began: string): string {
  return `${key.padEnd(32)}  ${name.padEnd(20)}  ${state.padEnd(12)}  ${experiments.padStart(11)}  ${began}`;
}
