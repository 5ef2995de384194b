import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { addressOf } from "./address-of.ts";
import { readBody } from "./read-body.ts";
import { readReply } from "./read-reply.ts";
import { type Found, TOKEN } from "./reply-links.ts";
import {
  CONTENT_POLICY,
  closedPage,
  type PageSubject,
  plainPage,
  questionPage,
  thanksPage,
} from "./reply-page.ts";
import { Tries } from "./tries.ts";

type FoundOpen = Extract<Found, { readonly kind: "open" }>;

/** What became of an answer. */
export type Replied =
  /** It counts, and is written down. */
  | { readonly kind: "counts"; readonly found: Extract<Found, { readonly kind: "closed" }> }
  /** Another one counts, or the question is over. */
  | { readonly kind: "other"; readonly found: Exclude<Found, { readonly kind: "unknown" | "open" }> }
  /** Nobody knows yet whether it counts. */
  | { readonly kind: "waits" };

/** What a server of links needs of the campaign. */
export interface ReplyHost {
  readonly subject: PageSubject;
  /** Milliseconds since 1970. */
  now(): number;
  find(token: string): Found;
  /** Gives an answer, and waits until one is written down. */
  reply(found: FoundOpen, answer: string): Promise<Replied>;
}

/** Bytes of a form: the longest answer, with every character as long as it can get. */
const MOST_BYTES = 16_384;
/** Milliseconds that a caller may take. */
interface CallTimes {
  /** For the head of a call. */
  readonly head: number;
  /** For all of it. */
  readonly whole: number;
  /** Between two calls. */
  readonly idle: number;
  /** How often it is looked whether somebody takes longer. */
  readonly look: number;
}

/** A phone with a bad connection is given some seconds; the calls are short. */
const USUAL_TIMES: CallTimes = { head: 10_000, whole: 15_000, idle: 5000, look: 1000 };
/** Callers at a time; a phone opens a few lines. */
const MOST_CALLERS = 100;
/** Bytes of a head. */
const MOST_HEAD = 8192;
/** Milliseconds for which a caller that sent too much may read why it is hung up on. */
const FAREWELL = 500;

const FORM = "application/x-www-form-urlencoded";

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether the line is closed behind it, with whatever still comes. */
  readonly last?: true;
}

/** Serves the pages of links. A look at a page answers nothing; only its form does. */
export function replyServer(host: ReplyHost, times: CallTimes = USUAL_TIMES): Server {
  const tries = new Tries(() => host.now());
  const server = createServer(
    {
      headersTimeout: times.head,
      requestTimeout: times.whole,
      keepAliveTimeout: times.idle,
      connectionsCheckingInterval: times.look,
      maxHeaderSize: MOST_HEAD,
    },
    (request, response) => {
      // A caller that goes away is none of the campaign's business.
      request.on("error", () => undefined);
      response.on("error", () => undefined);
      answerTo(host, tries, request)
        .catch(() => failed())
        .then((answer) => send(request, response, answer))
        .catch(() => response.destroy());
    },
  );
  server.maxConnections = MOST_CALLERS;
  return server;
}

async function answerTo(host: ReplyHost, tries: Tries, request: IncomingMessage): Promise<Answer> {
  const { method = "" } = request;
  const address = addressOf(request);
  if (tries.isOver(address)) return tooOften();
  if (!METHODS.includes(method)) return wrongMethod();
  const token = (request.url ?? "").split("?")[0]?.split("/").at(-1) ?? "";
  if (!TOKEN.test(token)) return nothingHere();
  const found = host.find(token);
  switch (found.kind) {
    case "unknown":
      tries.spend(address);
      return nothingHere();
    case "open":
      return method === "POST"
        ? taken(host, request, token)
        : { status: 200, body: questionPage(host.subject, found) };
    default:
      return { status: 410, body: closedPage(host.subject, found), ...(method === "POST" && { last: true }) };
  }
}

const METHODS = ["GET", "HEAD", "POST"];

async function taken(host: ReplyHost, request: IncomingMessage, token: string): Promise<Answer> {
  const { subject } = host;
  const kind = request.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (kind !== FORM) return wrongKind();
  const body = await readBody(request, MOST_BYTES);
  if (body.kind === "too large") return tooLarge();
  // While the form came in, somebody else may have answered.
  const found = host.find(token);
  if (found.kind === "unknown") return nothingHere();
  if (found.kind !== "open") return { status: 410, body: closedPage(subject, found) };
  const answer = readReply(body.text, found.question.answers);
  if (answer === undefined) return { status: 422, body: questionPage(subject, found, true) };
  const replied = await host.reply(found, answer);
  switch (replied.kind) {
    case "counts":
      return { status: 200, body: thanksPage(subject, replied.found, answer) };
    case "other":
      return { status: 410, body: closedPage(subject, replied.found) };
    case "waits":
      return notYet();
  }
}

function nothingHere(): Answer {
  return {
    status: 404,
    body: plainPage("There is nothing here", "Open the link as it stands in the message."),
  };
}

function wrongMethod(): Answer {
  const body = plainPage("Not like that", "This address is opened in a browser.");
  return { status: 405, body, headers: { allow: METHODS.join(", ") }, last: true };
}

function wrongKind(): Answer {
  const body = plainPage("Not like that", "An answer comes from the form of this page. Nothing is answered.");
  return { status: 415, body, last: true };
}

function tooLarge(): Answer {
  const body = plainPage("Too much", "An answer is shorter than that. Nothing is answered.");
  return { status: 413, body, last: true };
}

function tooOften(): Answer {
  const body = plainPage("Too often", "Links that don't exist were tried from here. Come back in a minute.");
  return { status: 429, body, headers: { "retry-after": "60" }, last: true };
}

function notYet(): Answer {
  const body = plainPage(
    "Not certain yet",
    "labloop has not written down an answer so far. Open the link of the message again to see what counts.",
  );
  return { status: 503, body, headers: { "retry-after": "10" } };
}

function failed(): Answer {
  const body = plainPage("That went wrong", "Answer at a terminal, see `labloop questions`.");
  return { status: 500, body, last: true };
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status, body, headers = {}, last } = answer;
  const bytes = Buffer.from(body);
  response.writeHead(status, {
    ...HEADERS,
    ...headers,
    "content-length": bytes.length,
    ...(last && { connection: "close" }),
  });
  response.end(request.method === "HEAD" ? undefined : bytes);
  if (!last) return;
  // What still comes is thrown away, for a moment: a line that is cut at once takes the answer with it.
  request.resume();
  const cut = setTimeout(() => request.destroy(), FAREWELL);
  request.once("close", () => clearTimeout(cut));
}

const HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": CONTENT_POLICY,
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "x-robots-tag": "noindex, nofollow",
};
