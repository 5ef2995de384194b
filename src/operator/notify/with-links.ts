import type { MessageLink } from "./message-link.ts";
import type { Letter } from "./sending.ts";

/** A message with links by which its questions can be answered; the very same one where there is none. */
export function withLinks(letter: Letter, links: readonly MessageLink[]): Letter {
  if (links.length === 0) return letter;
  return {
    ...letter,
    // Behind what was cut to its length: a link that is cut leads nowhere.
    text: [letter.text, ...links.map(({ says, url }) => `${says}\n${url}`)].join("\n\n"),
    links: links.map(({ question, url, until }) => ({ question, url, until })),
  };
}
