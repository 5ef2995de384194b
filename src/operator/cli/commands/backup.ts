import { backUp, restore as restoreDatabase } from "../../../record/backup.ts";
import { EXIT } from "../exit-code.ts";
import { databaseAddress, withDatabase } from "../session.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";

interface BackupOptions extends CommonOptions {
  readonly force?: boolean;
}

/** `labloop backup`: the whole database into one file, also while campaigns run. */
export async function backup(file: string, options: BackupOptions): Promise<number> {
  const terminal = openTerminal(options);
  const { campaigns, entries } = await withDatabase(options, (_, database) =>
    backUp(database, file, options.force),
  );
  if (terminal.json) terminal.emit({ event: "backed-up", file, campaigns, entries });
  terminal.say(`${file}: ${campaigns} campaigns with ${entries} entries, every hash chain holds`);
  return EXIT.concluded;
}

/** `labloop restore`: a database from a backup. */
export async function restore(file: string, options: CommonOptions): Promise<number> {
  const terminal = openTerminal(options);
  const address = databaseAddress(options);
  const { campaigns, entries } = await restoreDatabase(file, address);
  if (terminal.json) terminal.emit({ event: "restored", file: address, campaigns, entries });
  terminal.say(`${address}: ${campaigns} campaigns with ${entries} entries, every hash chain holds`);
  terminal.say("what was done after the backup isn't in it: look at the instruments before `labloop resume`");
  return EXIT.concluded;
}
