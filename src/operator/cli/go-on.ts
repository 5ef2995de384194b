import { workerCompute } from "../../lab/compute/worker-compute.ts";
import { resumeCampaign } from "../../lab/run-campaign.ts";
import type { PersonRequest } from "../../loop/event.ts";
import { openDatabase } from "../../record/database.ts";
import { openStore } from "../../record/store.ts";
import { formerLinks } from "../http/former-links.ts";
import { repliesOfLab } from "../http/replies-of-lab.ts";
import { postOfLab } from "../notify/post-of-lab.ts";
import { EXIT } from "./exit-code.ts";
import { follow } from "./follow.ts";
import { databaseAddress, findCampaign } from "./session.ts";
import { settlements } from "./settlements.ts";
import { entriesOf, readCampaign } from "./stored-campaign.ts";
import { type CommonOptions, report, type Terminal } from "./terminal.ts";
import { terminalPerson } from "./terminal-person.ts";
import { lookForTornTail } from "./torn-note.ts";
import { workers } from "./workers.ts";

/**
 * Goes on with a campaign whose process ended, to its conclusion.
 *
 * @param first - what a person wants before anything else is done
 */
export async function goOn(
  terminal: Terminal,
  id: string | undefined,
  options: CommonOptions,
  first?: PersonRequest,
): Promise<number> {
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
    for (const line of await settlements(store, row, loaded.campaign.definition)) terminal.say(`  ${line}`);
    const { lab } = loaded;
    const isLive = started.mode === "live";
    const replies = isLive ? repliesOfLab(lab, row.id, formerLinks(await entriesOf(store, row))) : undefined;
    const post = isLive ? postOfLab(lab, row.id, replies && ((...of) => replies.links(...of))) : undefined;
    const person = isLive ? terminalPerson(terminal) : undefined;
    return await follow({
      terminal,
      definition: loaded.campaign.definition,
      zone: lab.zone,
      mode: started.mode,
      id: row.id,
      ...(started.speed !== undefined && { speed: started.speed }),
      ...(post && { post }),
      ...(replies && { replies }),
      start: (observer) =>
        resumeCampaign({
          row,
          database,
          compute,
          observer,
          ...(person && { person }),
          ...(first && { first }),
        }),
    });
  } finally {
    await compute.close();
    await database.close();
  }
}
