import { writeFile } from "node:fs/promises";
import { exportBluesky } from "../../../record/export/bluesky-export.ts";
import { exportCsv } from "../../../record/export/csv-export.ts";
import { type ExperimentRecord, experimentRecords } from "../../../record/export/experiment-record.ts";
import { eventOf } from "../../../record/journal-entry.ts";
import type { CampaignRow, Store } from "../../../record/store.ts";
import { CliError } from "../cli-error.ts";
import { jsonLine } from "../describe.ts";
import { EXIT } from "../exit-code.ts";
import { findCampaign, withDatabase } from "../session.ts";
import { readCampaign, type StoredCampaign } from "../stored-campaign.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";

interface ExportOptions extends CommonOptions {
  readonly format?: string;
  readonly out?: string;
}

type Stored = Extract<StoredCampaign, { kind: "stored" }>;
type Exporter = (store: Store, row: CampaignRow, stored: Stored) => Promise<string>;

const FORMATS: Readonly<Record<string, Exporter>> = {
  csv: async (store, row, { loaded }) => exportCsv(await records(store, row), loaded.campaign.definition),
  bluesky: async (store, row, { loaded, started }) =>
    lines(
      exportBluesky(await records(store, row), loaded.campaign.definition, {
        id: row.id,
        name: row.name,
        seed: started.seed,
        simulated: started.mode !== "live",
      }),
    ),
  json: async (store, row) => {
    const events: unknown[] = [];
    for await (const entry of store.entries(row.key)) events.push(jsonLine(row.id, entry, eventOf(entry)));
    return lines(events);
  },
};

/** `labloop export`: a campaign for other programs, also while it runs. */
export async function exportCampaign(id: string | undefined, options: ExportOptions): Promise<number> {
  const terminal = openTerminal(options);
  const exporter = FORMATS[options.format ?? "csv"];
  if (exporter === undefined)
    throw new CliError({
      code: "cli.no-format",
      message: `there is no format "${options.format}"`,
      advice: `choose one of ${Object.keys(FORMATS).join(", ")}`,
    });
  return withDatabase(options, async (store) => {
    const row = await findCampaign(store, id);
    const stored = await readCampaign(store, row);
    if (stored.kind === "faults") throw new CliError(...stored.faults);
    const text = await exporter(store, row, stored);
    if (options.out === undefined) process.stdout.write(text);
    else await writeFile(options.out, text);
    terminal.say(`${row.key} exported${options.out === undefined ? "" : ` to ${options.out}`}`);
    return EXIT.concluded;
  });
}

function records(store: Store, row: CampaignRow): Promise<ExperimentRecord[]> {
  return experimentRecords(store.entries(row.key));
}

function lines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join("");
}
