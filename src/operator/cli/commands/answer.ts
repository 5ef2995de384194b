import { hostname } from "node:os";
import type { LabDescription } from "../../../lab/lab-description.ts";
import { isDriven } from "../../../lab/ownership.ts";
import { mayAnswer } from "../../../lab/question/may-answer.ts";
import { openQuestions } from "../../../lab/question/open-questions.ts";
import type { PutQuestion } from "../../../lab/question/question-book.ts";
import { questionName, questionNumber } from "../../../lab/question/question-name.ts";
import type { CampaignRow, Store } from "../../../record/store.ts";
import { CliError } from "../cli-error.ts";
import { describeTime } from "../describe.ts";
import { EXIT } from "../exit-code.ts";
import { person } from "../follow.ts";
import { findCampaign, withDatabase } from "../session.ts";
import { entriesOf, readCampaign } from "../stored-campaign.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";
import { requestInTurn } from "./request.ts";

/** `labloop questions`: what campaigns that run want to know. */
export async function questions(id: string | undefined, options: CommonOptions): Promise<number> {
  const terminal = openTerminal(options);
  return withDatabase(options, async (store) => {
    const rows =
      id === undefined ? (await store.campaigns()).filter(isDriven) : [await findCampaign(store, id)];
    let count = 0;
    for (const row of rows) {
      const { zone } = await labOf(store, row);
      for (const each of openQuestions(await entriesOf(store, row))) {
        count += 1;
        if (terminal.json) terminal.emit({ event: "question", campaign: row.id, ...each });
        else for (const line of describe(row, each, zone)) terminal.print(line);
      }
    }
    if (count === 0) terminal.say("nobody is asked anything");
    return EXIT.concluded;
  });
}

/** `labloop answer`: answers a question of a campaign that another process runs; the first answer counts. */
export async function answer(words: readonly string[], options: CommonOptions): Promise<number> {
  const terminal = openTerminal(options);
  const { id, number, text } = parse(words);
  const { row, question } = await withDatabase(options, async (store) => {
    const found = await findCampaign(store, id, isDriven);
    const asked = chosen(found, openQuestions(await entriesOf(store, found)), number);
    const { roles } = await labOf(store, found);
    if (!mayAnswer(roles, asked.by, person()))
      throw bad(
        `${person()} may not answer ${asked.name}`,
        `${asked.by?.join(", ")} may, by the login at ${hostname()} or by a role of the lab file`,
      );
    return { row: found, question: asked };
  });
  const given = question.answers?.find((each) => each === text.trim().toLowerCase()) ?? text.trim();
  if (given === "" || (question.answers !== undefined && !question.answers.includes(given)))
    throw bad(
      `"${text}" is no answer to ${question.name}: ${question.text}`,
      `answer with ${wanted(question)}`,
    );
  terminal.say(`${question.text}  ${terminal.paint("bold", given)}`);
  const asked = { request: "answer", question: question.name, about: question.text, answer: given } as const;
  return requestInTurn([asked], row.key, options);
}

interface Words {
  readonly id: string | undefined;
  readonly number: number | undefined;
  readonly text: string;
}

/** The answer comes last, the number of the question before it, the campaign first. */
function parse(words: readonly string[]): Words {
  if (words.length > 3)
    throw bad("there are too many words", 'put the answer into quotation marks: labloop answer 2 "not done"');
  const before = words.slice(0, -1);
  const last = before.at(-1);
  const number = last !== undefined && /^\d+$/.test(last) ? Number(last) : undefined;
  if (words.length === 3 && number === undefined)
    throw bad(`"${last}" is no number of a question`, "see `labloop questions`");
  const id = number === undefined ? last : before.at(-2);
  return { id, number, text: words.at(-1) ?? "" };
}

function chosen(row: CampaignRow, open: readonly PutQuestion[], number: number | undefined): PutQuestion {
  const [only] = open;
  if (number === undefined && only !== undefined && open.length === 1) return only;
  const found = number === undefined ? undefined : open.find(({ name }) => name === questionName(number));
  if (found !== undefined) return found;
  const numbers = open.map(({ name }) => questionNumber(name));
  throw new CliError({
    code: "campaign.no-question",
    message:
      open.length === 0
        ? `campaign ${row.key} asks nothing, or it is answered already`
        : number === undefined
          ? `campaign ${row.key} asks several things`
          : `campaign ${row.key} has no open question ${number}`,
    advice:
      open.length === 0
        ? "see `labloop questions`"
        : `say which one: ${numbers.join(", ")}; see \`labloop questions\``,
  });
}

function bad(message: string, advice: string): CliError {
  return new CliError({ code: "cli.bad-answer", message, advice });
}

function describe({ key }: CampaignRow, question: PutQuestion, zone: string): string[] {
  const { name, text, since, by, until, otherwise } = question;
  const number = questionNumber(name);
  return [
    `${key}  question ${number}, since ${describeTime(since, zone)}: ${text}`,
    ...(by === undefined ? [] : [`  only ${by.join(", ")} may answer`]),
    ...(until === undefined ? [] : [`  from ${describeTime(until, zone)} on "${otherwise}" counts`]),
    `  → labloop answer ${key} ${number} "…"   (${wanted(question)})`,
  ];
}

function wanted({ answers }: PutQuestion): string {
  return answers?.join(", ") ?? "done, or whatever there is to say";
}

function unreadable({ key }: CampaignRow): CliError {
  return new CliError({
    code: "record.altered",
    message: `the files of campaign ${key} can't be read any more`,
    advice: `see \`labloop verify ${key}\``,
  });
}

async function labOf(store: Store, row: CampaignRow): Promise<LabDescription> {
  const stored = await readCampaign(store, row);
  if (stored.kind === "faults") throw unreadable(row);
  return stored.loaded.lab;
}
