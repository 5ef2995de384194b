import { parseQuantity } from "../../../base/quantity.ts";
import { sameDimension, toSi, unitOf } from "../../../base/unit.ts";
import { forget as forgetCampaigns, forgettable } from "../../../record/forget.ts";
import type { CampaignRow } from "../../../record/store.ts";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-code.ts";
import { atKeyboard } from "../keyboard.ts";
import { withDatabase } from "../session.ts";
import { type CommonOptions, openTerminal, type Terminal } from "../terminal.ts";

interface ForgetOptions extends CommonOptions {
  readonly olderThan?: string;
  readonly yes?: boolean;
}

/** `labloop forget`: deletes concluded campaigns that were begun long ago; asks first. */
export async function forget(options: ForgetOptions): Promise<number> {
  const terminal = openTerminal(options);
  const before = new Date(Date.now() - ageOf(options.olderThan));
  return withDatabase(options, async (_, database) => {
    const rows = await forgettable(database, before);
    for (const row of rows)
      terminal.say(`${row.key}  ${row.name}, begun ${row.createdAt.slice(0, 10)}, ${row.headSeq} entries`);
    if (rows.length === 0)
      terminal.say(`no concluded campaign was begun before ${before.toISOString().slice(0, 10)}`);
    else if (!(await isWanted(terminal, options, rows))) {
      terminal.say("nothing was deleted");
      return EXIT.stoppedByPerson;
    }
    await forgetCampaigns(
      database,
      rows.map(({ key }) => key),
    );
    if (terminal.json)
      for (const { id, run } of rows) terminal.emit({ event: "forgotten", campaign: id, run });
    if (rows.length > 0) terminal.say(`${rows.length} campaigns were deleted`);
    return EXIT.concluded;
  });
}

/** Milliseconds. */
function ageOf(written: string | undefined): number {
  const parsed = parseQuantity(written ?? "");
  if (parsed.kind === "quantity" && sameDimension(parsed.unit.dimension, unitOf("s").dimension)) {
    const age = toSi(parsed.value, parsed.unit) * 1000;
    if (age >= 0 && age < Date.now()) return age;
  }
  throw new CliError({
    code: "cli.bad-age",
    message: written === undefined ? "say how old" : `"${written}" is no age of a campaign`,
    advice: 'write a time such as --older-than "90 d"',
  });
}

async function isWanted(
  terminal: Terminal,
  { yes }: ForgetOptions,
  rows: readonly CampaignRow[],
): Promise<boolean> {
  if (yes === true) return true;
  if (!process.stdin.isTTY)
    throw new CliError({
      code: "cli.no-terminal",
      message: `nobody can be asked here whether ${rows.length} campaigns are to be deleted for good`,
      advice: "look at the list, back the database up, and say --yes",
    });
  terminal.warn("Deleted campaigns can't be brought back, other than from a backup (`labloop backup`).");
  const typed = await atKeyboard(new AbortController().signal, (question) =>
    question(`type "forget" to delete ${rows.length} campaigns for good: `),
  );
  return typed.kind === "typed" && typed.value.trim() === "forget";
}
