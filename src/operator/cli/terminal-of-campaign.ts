import type { Terminal } from "./terminal.ts";

/**
 * The terminal of one of several campaigns: each line says which one it is of. Nothing is painted in place, since
 * that would be painted over by the others.
 *
 * @param name - in front of each line
 * @param campaign - id, in objects that don't name a campaign
 */
export function terminalOfCampaign(terminal: Terminal, name: string, campaign: string): Terminal {
  const named = (text: string): string =>
    text
      .split("\n")
      .map((line) => `${terminal.paint("cyan", name)} | ${line}`)
      .join("\n");
  return {
    ...terminal,
    live: false,
    say: (text) => terminal.say(named(text)),
    warn: (text) => terminal.warn(named(text)),
    print: (text) => terminal.print(named(text)),
    emit: (value) => terminal.emit({ campaign, ...(value as object) }),
  };
}
