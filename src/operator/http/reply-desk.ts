import type { Server } from "node:http";
import { type Cancel, type Clock, sleep } from "../../base/clock.ts";
import type { Fault } from "../../base/fault.ts";
import type { ReplyPolicy } from "../../lab/notify/notify-policy.ts";
import { onWall } from "../../lab/notify/on-wall.ts";
import { mayAnswer, type Roles } from "../../lab/question/may-answer.ts";
import { foldQuestions, type KnownQuestion, type QuestionBook } from "../../lab/question/question-book.ts";
import { questionNumber } from "../../lab/question/question-name.ts";
import type { RunningCampaign } from "../../lab/running-campaign.ts";
import type { LoopEvent, Notification } from "../../loop/event.ts";
import type { MessageLink } from "../notify/message-link.ts";
import { cannotListen } from "./cannot-listen.ts";
import { type Found, ReplyLinks } from "./reply-links.ts";
import type { PageSubject } from "./reply-page.ts";
import { type Replied, type ReplyHost, replyServer } from "./reply-server.ts";

/** What takes answers by links is made of. */
export interface ReplyDeskOptions {
  readonly policy: ReplyPolicy;
  readonly roles: Roles;
  readonly clock: Clock;
  readonly subject: PageSubject;
  /** Digests of links that earlier processes of the campaign gave. */
  readonly former?: Iterable<string>;
}

/** The campaign whose questions are answered. */
type Campaign = Pick<RunningCampaign, "request" | "findings">;

/** The alarm that links can't be answered. */
const ALARM = "replies.unreachable";
/** Milliseconds after which it is tried again to listen. */
const AGAIN = 10_000;
/** Milliseconds in which an answer is written down, unless the database is in trouble. */
const WRITTEN = 10_000;
/** Milliseconds for which the last pages may still go out. */
const LAST_PAGES = 1000;
/** Questions of one message that get a link; a message of ntfy has 4096 bytes. */
const MOST_LINKS = 4;

/** Gives links to people with their messages, and takes the answers that come by them, while a campaign runs. */
export class ReplyDesk implements ReplyHost {
  readonly subject: PageSubject;
  readonly #options: ReplyDeskOptions;
  readonly #links: ReplyLinks;
  readonly #server: Server;
  readonly #waiting = new Set<() => void>();
  readonly #campaign: Promise<Campaign>;
  #give: (campaign: Campaign) => void = () => undefined;
  #book: QuestionBook = {};
  #again: Cancel | undefined;
  #isClosed = false;

  constructor(options: ReplyDeskOptions) {
    this.#options = options;
    this.subject = options.subject;
    this.#links = new ReplyLinks(options.former);
    this.#server = replyServer(this);
    // A campaign that is over doesn't wait for calls.
    this.#server.unref();
    this.#campaign = new Promise((resolve) => {
      this.#give = resolve;
    });
  }

  /**
   * Begins to listen, and tries again and again where that fails.
   *
   * @returns why it failed at first
   */
  async open(): Promise<Fault | undefined> {
    const fault = await this.#listen();
    if (fault === undefined) return undefined;
    this.#later();
    void this.#campaign.then(({ findings }) => {
      if (this.#server.listening || this.#isClosed) return;
      const { message: cause, advice: say = "" } = fault;
      findings.raise({ alarm: ALARM, source: "finding", priority: "low", cause, say, readings: [] });
    });
    return fault;
  }

  /** Takes answers to the campaign that has begun. */
  attach(campaign: Campaign): void {
    this.#give(campaign);
  }

  /** Follows the questions of the campaign. */
  observe(event: LoopEvent, at: number): void {
    const book = foldQuestions(this.#book, event, at);
    if (book === this.#book) return;
    this.#book = book;
    for (const look of this.#waiting) look();
  }

  /** The links of a message to a person: one for each question in it that they may answer. */
  links({ about }: Notification, person: string): readonly MessageLink[] {
    if (!this.#server.listening) return [];
    const { roles } = this.#options;
    return about
      .flatMap(({ name }) => this.#openQuestion(name) ?? [])
      .filter(({ by }) => mayAnswer(roles, by, person))
      .slice(0, MOST_LINKS)
      .map((question) => this.#link(question, person));
  }

  now(): number {
    return this.#options.clock.now();
  }

  find(token: string): Found {
    return this.#links.find(token, this.#book, this.now());
  }

  async reply({ link, question }: Extract<Found, { kind: "open" }>, answer: string): Promise<Replied> {
    const { person } = link;
    const { request } = await this.#campaign;
    const about = { question: question.name, about: question.text };
    await request({ request: "answer", by: person, ...about, answer, via: "link" });
    const after = await this.#closed(question);
    if (after === undefined) return { kind: "waits" };
    if (after.since !== question.since) return { kind: "other", found: { kind: "former" } };
    const found = { kind: "closed", link, question: after } as const;
    const { standing } = after;
    const isTheirs = standing.kind === "answered" && standing.via === "link" && standing.by === person;
    return { kind: isTheirs && standing.answer === answer ? "counts" : "other", found };
  }

  /** Ends: no link can be used any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#again?.();
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => {
      this.#server.close(resolve);
    });
    const cut = setTimeout(() => this.#server.closeAllConnections(), LAST_PAGES);
    await closed;
    clearTimeout(cut);
  }

  #openQuestion(name: string): KnownQuestion | undefined {
    const question = Object.hasOwn(this.#book, name) ? this.#book[name] : undefined;
    return question?.standing.kind === "open" ? question : undefined;
  }

  #link({ name, since, until: latest = Infinity }: KnownQuestion, person: string): MessageLink {
    const { url, valid } = this.#options.policy;
    const until = Math.min(Math.floor(this.now()) + valid, latest);
    const { token, digest } = this.#links.make({ person, question: name, since, until });
    const says = `Answer ${questionNumber(name)} as ${person}, once, until ${onWall(until, this.subject.zone)}. Keep the link to yourself:`;
    return { question: name, url: `${url}/${token}`, until, digest, says };
  }

  /** Waits until a question isn't open any more; undefined where that takes too long. */
  async #closed({ name, since }: KnownQuestion): Promise<KnownQuestion | undefined> {
    const over = new AbortController();
    const changed = new Promise<KnownQuestion>((resolve) => {
      const look = (): void => {
        const question = this.#book[name];
        if (question === undefined || (question.since === since && question.standing.kind === "open")) return;
        resolve(question);
      };
      this.#waiting.add(look);
      over.signal.addEventListener("abort", () => this.#waiting.delete(look), { once: true });
      look();
    });
    const late = sleep(this.#options.clock, WRITTEN, over.signal).then(
      () => undefined,
      () => undefined,
    );
    try {
      return await Promise.race([changed, late]);
    } finally {
      over.abort();
    }
  }

  async #listen(): Promise<Fault | undefined> {
    const { policy } = this.#options;
    const { host, port } = policy;
    try {
      await new Promise<void>((resolve, reject) => {
        this.#server.once("error", reject);
        this.#server.listen({ host, port }, () => {
          this.#server.off("error", reject);
          resolve();
        });
      });
      return undefined;
    } catch (error) {
      return cannotListen(policy, error as NodeJS.ErrnoException);
    }
  }

  #later(): void {
    if (this.#isClosed) return;
    this.#again = this.#options.clock.at(this.now() + AGAIN, () => void this.#retry());
  }

  async #retry(): Promise<void> {
    if ((await this.#listen()) !== undefined) return this.#later();
    if (this.#isClosed) return void this.#server.close();
    (await this.#campaign).findings.clear(ALARM);
  }
}
