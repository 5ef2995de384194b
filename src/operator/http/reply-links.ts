import { createHash, randomBytes } from "node:crypto";
import type { KnownQuestion, QuestionBook } from "../../lab/question/question-book.ts";

/** Bytes of chance in a link: nobody guesses 192 bits. */
const BYTES = 24;
/** Links that are known at a time; older ones are forgotten before they could fill the memory. */
const MOST = 10_000;

/** What may be a token: base64url of so many bytes. */
export const TOKEN: RegExp = /^[\w-]{32}$/;

/** Whom a link was given to, and for what. */
export interface ReplyLink {
  /** Name of a contact. */
  readonly person: string;
  /** When its question was put, milliseconds since 1970; after a restart another one may have its name. */
  readonly since: number;
  /** Such as "question.3". */
  readonly question: string;
  /** Milliseconds since 1970 until which it can be used. */
  readonly until: number;
}

/** What a token leads to. */
export type Found =
  | { readonly kind: "unknown" }
  /** It was given by an earlier process that ran the campaign. */
  | { readonly kind: "former" }
  /** It can be answered. */
  | { readonly kind: "open"; readonly link: ReplyLink; readonly question: KnownQuestion }
  /** The time of the link is over, not that of the question. */
  | { readonly kind: "late"; readonly link: ReplyLink; readonly question: KnownQuestion }
  /** The question is answered or over. */
  | { readonly kind: "closed"; readonly link: ReplyLink; readonly question: KnownQuestion };

/** A token that was just made; it goes into one message, and is kept nowhere. */
export interface MadeToken {
  readonly token: string;
  readonly digest: string;
}

/** The links of a campaign by the digests of their tokens. */
export class ReplyLinks {
  readonly #links = new Map<string, ReplyLink>();
  readonly #former: ReadonlySet<string>;

  /** @param former - digests of links that earlier processes gave */
  constructor(former: Iterable<string> = []) {
    this.#former = new Set(former);
  }

  /** Makes the token of a link. */
  make(link: ReplyLink): MadeToken {
    const token = randomBytes(BYTES).toString("base64url");
    const digest = digestOf(token);
    this.#links.set(digest, link);
    for (const oldest of this.#links.keys()) {
      if (this.#links.size <= MOST) break;
      this.#links.delete(oldest);
    }
    return { token, digest };
  }

  /**
   * What a token leads to. It is looked up by its digest, so that the time it takes says nothing about tokens that are
   * nearly right.
   *
   * @param now - milliseconds since 1970
   */
  find(token: string, book: QuestionBook, now: number): Found {
    const digest = digestOf(token);
    const link = this.#links.get(digest);
    if (link === undefined) return { kind: this.#former.has(digest) ? "former" : "unknown" };
    const question = book[link.question];
    if (question === undefined || question.since !== link.since) return { kind: "former" };
    if (question.standing.kind !== "open") return { kind: "closed", link, question };
    return { kind: now >= link.until ? "late" : "open", link, question };
  }
}

/** SHA-256, hexadecimal. */
function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}
