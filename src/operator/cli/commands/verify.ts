import { EXIT } from "../exit-code.ts";
import { findCampaign, withDatabase } from "../session.ts";
import { type CommonOptions, openTerminal, report } from "../terminal.ts";
import { lookForTornTail } from "../torn-note.ts";
import { verifyCampaign } from "../verify-campaign.ts";

/** `labloop verify`: the hash chain holds, and replay gives the state and the beliefs that were journaled. */
export async function verify(id: string | undefined, options: CommonOptions): Promise<number> {
  const terminal = openTerminal(options);
  const tellTornTail = lookForTornTail(terminal, options);
  return withDatabase(options, async (store) => {
    await tellTornTail(store);
    const rows = id === undefined ? await store.campaigns() : [await findCampaign(store, id)];
    let code: number = EXIT.concluded;
    for (const row of rows) {
      const { faults, entries: verified } = await verifyCampaign(store, row);
      const entries = verified.length;
      if (terminal.json)
        terminal.emit({
          event: "verified",
          campaign: row.id,
          run: row.run,
          entries,
          hash: row.headHash,
          intact: faults.length === 0,
        });
      if (faults.length === 0) {
        terminal.say(`${row.key}: intact, ${entries} entries, hash ${row.headHash}`);
        continue;
      }
      report(terminal, faults);
      code = EXIT.fault;
    }
    return code;
  });
}
