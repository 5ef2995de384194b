import type { LoadedCampaign } from "../../lab/load-campaign.ts";
import { isHeld } from "../../lab/ownership.ts";
import type { CampaignRow, Store } from "../../record/store.ts";
import { CliError } from "./cli-error.ts";
import { atKeyboard } from "./keyboard.ts";
import { settlements } from "./settlements.ts";
import type { Terminal } from "./terminal.ts";

/** What is done about an unfinished campaign of the same files. */
export type ResumeChoice = "auto" | "ask" | "never";

/**
 * What a person wrote behind --resume.
 *
 * @throws CliError for anything else
 */
export function resumeChoice(text: string | undefined): ResumeChoice {
  if (text === undefined) return "ask";
  if (text === "auto" || text === "ask" || text === "never") return text;
  throw new CliError({
    code: "cli.bad-option",
    message: `--resume takes auto, ask or never, not "${text}"`,
    advice:
      "auto: go on with an unfinished campaign of these files; ask: at the terminal; never: refuse to start",
  });
}

/**
 * Tells which campaigns on real instruments aren't finished, and what would be made of the one with these files.
 *
 * @returns the key of the campaign to go on with; undefined when a new one is to be started
 */
export async function unfinishedToResume(
  terminal: Terminal,
  store: Store,
  { id, campaign }: LoadedCampaign,
  choice: ResumeChoice,
): Promise<string | undefined> {
  const rows = (await store.campaigns()).filter(isUnfinished);
  const same = rows.findLast((row) => row.id === id);
  for (const { key, name, state } of rows)
    if (key !== same?.key)
      terminal.say(
        `note: ${name} (${key}) isn't finished (${state}); \`labloop resume ${key}\` goes on with it`,
      );
  if (same === undefined || choice === "never") return undefined;
  terminal.say(`this campaign was begun before and isn't finished (${same.key}, ${same.state})`);
  for (const line of await settlements(store, same, campaign.definition)) terminal.say(`  ${line}`);
  if (choice === "auto") return same.key;
  if (!process.stdin.isTTY) return undefined;
  const typed = await atKeyboard(undefined, (question) => question("  go on with it? (yes/no): "));
  return typed.kind === "typed" && /^y(es)?$/i.test(typed.value.trim()) ? same.key : undefined;
}

function isUnfinished(row: CampaignRow): boolean {
  return !row.simulated && row.state !== "concluded" && row.headSeq > 0 && !isHeld(row);
}
