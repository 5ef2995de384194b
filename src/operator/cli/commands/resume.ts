import { workerCompute } from "../../../lab/compute/worker-compute.ts";
import { resumeCampaign } from "../../../lab/run-campaign.ts";
import { openDatabase } from "../../../record/database.ts";
import { openStore } from "../../../record/store.ts";
import { EXIT } from "../exit-code.ts";
import { follow } from "../follow.ts";
import { databaseAddress, findCampaign } from "../session.ts";
import { readCampaign } from "../stored-campaign.ts";
import { type CommonOptions, openTerminal, report } from "../terminal.ts";
import { lookForTornTail } from "../torn-note.ts";
import { workers } from "../workers.ts";

/** `labloop resume`: goes on with a campaign whose process ended. */
export async function resume(id: string | undefined, options: CommonOptions): Promise<number> {
  const terminal = openTerminal(options);
  const tellTornTail = lookForTornTail(terminal, options);
  const database = await openDatabase(databaseAddress(options));
  const compute = workerCompute(workers());
  try {
    const store = openStore(database);
    await tellTornTail(store);
    const row = await findCampaign(store, id, ({ state }) => state !== "concluded");
    const stored = await readCampaign(store, row);
    if (stored.kind === "faults") {
      report(terminal, stored.faults);
      return EXIT.badInput;
    }
    const { loaded, started } = stored;
    terminal.say(
      `${terminal.paint("bold", row.name)}  ${row.key}: going on behind entry ${row.headSeq} of its journal`,
    );
    return await follow({
      terminal,
      definition: loaded.campaign.definition,
      zone: loaded.lab.zone,
      mode: started.mode,
      id: row.id,
      start: (observer) => resumeCampaign({ row, database, compute, observer }),
    });
  } finally {
    await compute.close();
    await database.close();
  }
}
