import { createHash } from "node:crypto";
import { onWall } from "../../lab/notify/on-wall.ts";
import type { KnownQuestion, QuestionStanding } from "../../lab/question/question-book.ts";
import { NOBODY_IN_TIME } from "../../lab/question/question-desk.ts";
import { questionNumber } from "../../lab/question/question-name.ts";
import { type Markup, markup } from "../report/markup.ts";
import { LONGEST_ANSWER } from "./read-reply.ts";
import type { Found } from "./reply-links.ts";

/** What a page speaks of. */
export interface PageSubject {
  /** Of the campaign, as commands take it. */
  readonly campaign: string;
  readonly lab: string;
  /** Time zone of the lab. */
  readonly zone: string;
}

type FoundQuestion = Extract<Found, { readonly question: KnownQuestion }>;
type FoundOpen = Extract<Found, { readonly kind: "open" }>;

/** The question with its answers as buttons, or with a field for words. */
export function questionPage(subject: PageSubject, { link, question }: FoundOpen, wrong = false): string {
  const { zone } = subject;
  const retry = wrong
    ? markup`<p class="wrong">That was no answer to this question. Nothing is answered yet.</p>`
    : undefined;
  return page("A question", subject, [
    retry,
    markup`<h1>${question.text}</h1>`,
    question.answers === undefined ? wordsForm() : choiceForm(question.answers),
    facts([
      ["Asked", `since ${onWall(question.since, zone)}`],
      ["Waits", waits(question, zone)],
      ["You answer", `as ${link.person}, once; the first answer counts, whoever gives it`],
      ["This link", `can be used until ${onWall(link.until, zone)}`],
    ]),
  ]);
}

function waits({ until, otherwise }: KnownQuestion, zone: string): string {
  return until === undefined
    ? "until somebody answers"
    : `until ${onWall(until, zone)}; then “${otherwise}” counts`;
}

/** A form without an address is sent to the address of its page, wherever a server in front has it. */
function choiceForm(answers: readonly string[]): Markup {
  return markup`<form method="post">${answers.map(button)}</form>`;
}

function button(answer: string): Markup {
  return markup`<button name="answer" value="${answer}">${answer}</button>`;
}

function wordsForm(): Markup {
  return markup`<form method="post">${button("done")}</form>
<form method="post"><label for="words">or in your words</label>
<input id="words" name="answer" required maxlength="${LONGEST_ANSWER}" autocomplete="off">
<button>Send</button></form>`;
}

/** That an answer was taken and is written down. */
export function thanksPage(subject: PageSubject, { link, question }: FoundQuestion, answer: string): string {
  return page("Answered", subject, [
    markup`<h1>Thank you, ${link.person}: “${answer}” counts.</h1>`,
    facts([["Question", question.text]]),
    markup`<p>This link, and every other one to this question, is used up.</p>`,
  ]);
}

/** That a question takes no answer by this link any more, and what became of it. */
export function closedPage(
  subject: PageSubject,
  found: Exclude<Found, { kind: "unknown" | "open" }>,
): string {
  switch (found.kind) {
    case "former":
      return page("Over", subject, [
        markup`<h1>This link is over</h1>`,
        markup`<p>labloop was started again after it was sent. What still waits for an answer was asked again, with a message and a link of its own.</p>`,
      ]);
    case "late":
      return page("Over", subject, [
        markup`<h1>This link is over</h1>`,
        facts([
          ["Question", found.question.text],
          ["The link", `could be used until ${onWall(found.link.until, subject.zone)}`],
          ["It still waits", waits(found.question, subject.zone)],
        ]),
        markup`<p>Answer at a terminal: <code>labloop answer ${subject.campaign} ${questionNumber(found.question.name)} "…"</code></p>`,
      ]);
    case "closed":
      return page("Answered", subject, [
        markup`<h1>${headline(found.question.standing)}</h1>`,
        facts([["Question", found.question.text], ...outcome(found.question.standing, subject.zone)]),
      ]);
  }
}

function headline(standing: QuestionStanding): string {
  return standing.kind === "answered" ? "This question is answered" : "This question isn’t asked any more";
}

function outcome(standing: QuestionStanding, zone: string): (readonly [string, string])[] {
  if (standing.kind === "open") return [];
  const at = ["When", onWall(standing.at, zone)] as const;
  if (standing.kind === "over") return [["Answer", "none: what asked it has ended"], at];
  const { answer, by, via } = standing;
  const how = by === NOBODY_IN_TIME ? "" : via === "link" ? ", by a link" : ", at a terminal";
  return [["Answer", `“${answer}”`], ["By", `${by}${how}`], at];
}

/** That there is nothing at an address, or that a call can't be taken. */
export function plainPage(title: string, text: string): string {
  return page(title, undefined, [markup`<h1>${title}</h1>`, markup`<p>${text}</p>`]);
}

function facts(rows: readonly (readonly [string, string])[]): Markup {
  return markup`<dl>${rows.map(([name, text]) => markup`<dt>${name}</dt><dd>${text}</dd>`)}</dl>`;
}

function page(
  title: string,
  subject: PageSubject | undefined,
  parts: readonly (Markup | undefined)[],
): string {
  const where =
    subject &&
    markup`<p class="where"><strong>LIVE</strong> campaign ${subject.campaign} in “${subject.lab}”</p>`;
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${title} – labloop</title>
<style>${{ markup: STYLE }}</style>
</head>
<body>
<main>
${[where, ...parts]}
</main>
</body>
</html>
`.markup;
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c1c1c; --paper: #fff; --faint: #595959; --line: #c4c4c4; --act: #1f5f8b; --on-act: #fff; --alert: #a3001b }
@media (prefers-color-scheme: dark) { :root { --ink: #ececec; --paper: #161616; --faint: #a8a8a8; --line: #4a4a4a; --act: #8cc4ea; --on-act: #10222e; --alert: #ff8f8f } }
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.45 system-ui, sans-serif; overflow-wrap: anywhere }
main { max-width: 36rem; margin: 0 auto; padding: 1rem 1rem 3rem }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 1rem 0 1.2rem; white-space: pre-line }
.where { color: var(--faint); font-size: .9rem; margin: 0 } .where strong { color: var(--alert); border: 2px solid; border-radius: 4px; padding: 0 .35em; margin-right: .3em }
form { display: grid; gap: .7rem; margin: 0 0 1.2rem }
button, input { font: inherit; width: 100%; min-height: 3rem; padding: .6rem .9rem; border-radius: 8px; overflow-wrap: anywhere }
button { border: 1px solid var(--act); background: var(--act); color: var(--on-act); font-weight: 600; cursor: pointer }
input { border: 1px solid var(--line); background: transparent; color: inherit }
button:focus-visible, input:focus-visible { outline: 3px solid var(--ink); outline-offset: 2px }
label { color: var(--faint); font-size: .9rem }
dl { border-top: 1px solid var(--line); margin: 1.2rem 0; padding-top: .6rem } dt { color: var(--faint); font-size: .85rem } dd { margin: 0 0 .6rem }
.wrong { color: var(--alert); font-weight: 600 } code { font: .92em ui-monospace, monospace }
`;

/** What a browser may do with a page: show it in its own style, and send its form back to where it came from. */
export const CONTENT_POLICY: string = [
  "default-src 'none'",
  `style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'`,
  "img-src data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");
