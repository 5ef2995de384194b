import { request as call } from "node:http";
import { connect, createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "../../../test/support/free-port.ts";
import { HandClock } from "../../../test/support/hand-clock.ts";
import type { AskTerms } from "../../lab/ask-person.ts";
import type { AlarmRaising } from "../../lab/notify/reachable.ts";
import { QuestionDesk } from "../../lab/question/question-desk.ts";
import type { LoopEvent, Notification, PersonRequest } from "../../loop/event.ts";
import { ReplyDesk } from "./reply-desk.ts";

const BEGIN = Date.UTC(2030, 0, 1, 18);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

interface Rig {
  readonly desk: ReplyDesk;
  readonly clock: HandClock;
  readonly port: number;
  /** What was journaled. */
  readonly journal: LoopEvent[];
  /** Puts a question, and gives what is answered. */
  ask(text: string, answers?: readonly string[], terms?: AskTerms): Promise<string>;
  /** A link for somebody in a message about the questions that wait. */
  link(person?: string): string | undefined;
  /** Answers at the terminal of labloop. */
  answer(request: Omit<PersonRequest, "request">): boolean;
}

interface RigOptions {
  readonly port?: number;
  readonly former?: readonly string[];
  /** Has what is asked for be journaled: at once by default. */
  readonly written?: (write: () => void) => void;
}

/** A desk of links beside a desk of questions at which nobody sits. */
async function rig({ port, former = [], written = (write) => write() }: RigOptions = {}): Promise<Rig> {
  const clock = new HandClock(BEGIN);
  const listening = port ?? (await freePort());
  const desk = new ReplyDesk({
    policy: { host: "127.0.0.1", port: listening, url: `http://127.0.0.1:${listening}/labloop`, valid: HOUR },
    roles: { safety: ["ada"] },
    clock,
    subject: { campaign: "c-1", lab: "bench <2>", zone: "UTC" },
    former,
  });
  const journal: LoopEvent[] = [];
  const dispatch = (event: LoopEvent): void =>
    written(() => {
      journal.push(event);
      desk.observe(event, clock.now());
    });
  const findings: AlarmRaising = {
    raise: (alarm) => dispatch({ type: "alarm.raised", ...alarm }),
    clear: (alarm) => dispatch({ type: "alarm.cleared", alarm, readings: [] }),
  };
  const questions = new QuestionDesk({
    ask: () => new Promise(() => undefined),
    operator: "operator",
    roles: { safety: ["ada"] },
    priority: "high",
    clock,
    runtime: () => findings,
    tell: dispatch,
  });
  await desk.open();
  desk.attach({ request: async (request) => questions.answer(request), findings });
  onTestFinished(() => desk.close());
  const about = (): Notification["about"] =>
    journal.flatMap((event) =>
      event.type === "alarm.raised" ? [{ name: event.alarm, since: clock.now(), priority: "high" }] : [],
    );
  return {
    desk,
    clock,
    port: listening,
    journal,
    ask: (text, answers, terms) => questions.ask(text, true, answers, undefined, terms),
    link: (person = "ada") => desk.links(message(about()), person)[0]?.url,
    answer: (request) => questions.answer({ request: "answer", ...request }),
  };
}

function message(about: Notification["about"]): Notification {
  return { number: 1, rule: 0, about, to: ["ada"], priority: "high", title: "", text: "" };
}

interface Page {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

async function opened(url: string, init: RequestInit = {}): Promise<Page> {
  const response = await fetch(url, init);
  return { status: response.status, text: await response.text(), headers: response.headers };
}

function posted(url: string, answer: string): Promise<Page> {
  return opened(url, { method: "POST", body: new URLSearchParams({ answer }) });
}

const CHOICES = ["approve", "refuse"];

describe("the page of a link", () => {
  it("shows campaign, lab, question, terms and answers, and answers nothing however often it is looked at", async () => {
    const { ask, link, journal } = await rig();
    const otherwise = { answer: "refuse", after: 30 * MINUTE };
    void ask("May it go\nto <90 °C>?", CHOICES, { otherwise });
    const url = link() as string;
    for (const method of ["GET", "HEAD", "GET"]) expect((await opened(url, { method })).status).toBe(200);
    expect((await opened(url, { method: "HEAD" })).text).toBe("");
    const { text, headers } = await opened(`${url}?answer=approve`);
    for (const part of [
      "<strong>LIVE</strong> campaign c-1 in “bench &lt;2&gt;”",
      "May it go\nto &lt;90 °C&gt;?",
      "since 2030-01-01 18:00 (UTC)",
      "until 2030-01-01 18:30 (UTC); then “refuse” counts",
      "as ada, once",
      '<button name="answer" value="approve">approve</button>',
    ])
      expect(text).toContain(part);
    expect(text).not.toMatch(/<script|https?:|\son\w+=/);
    expect(headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]+='; .*form-action 'self'/,
    );
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("cache-control")).toBe("no-store");
    expect(journal).toHaveLength(1);
  });

  it("has a field for words where there are no answers to choose from", async () => {
    const { ask, link } = await rig();
    const asked = ask("Change the vial");
    const url = link() as string;
    expect((await opened(url)).text).toContain("until somebody answers");
    expect((await posted(url, " \u0000\n")).status).toBe(422);
    expect((await posted(url, "x".repeat(501))).status).toBe(422);
    expect((await posted(url, "it\u001b[31m leaks\n a bit ")).status).toBe(200);
    expect(await asked).toBe("it [31m leaks  a bit");
  });
});

describe("an answer by a link", () => {
  it("counts once, in the name of whom the link was for, and uses up every link of its question", async () => {
    const { ask, link, journal } = await rig();
    const asked = ask("May it begin?", CHOICES);
    const [ada, again, bo] = [link() as string, link() as string, link("bo") as string];
    expect(new Set([ada, again, bo]).size).toBe(3);
    const thanks = await posted(ada, "approve");
    expect(thanks.status).toBe(200);
    expect(thanks.text).toContain("Thank you, ada: “approve” counts.");
    expect(await asked).toBe("approve");
    expect(journal[1]).toEqual({
      type: "question.answered",
      question: "question.1",
      text: "May it begin?",
      answer: "approve",
      by: "ada",
      via: "link",
    });
    for (const url of [ada, again, bo])
      for (const page of [await opened(url), await posted(url, "refuse")]) {
        expect(page.status).toBe(410);
        expect(page.text).toContain("This question is answered");
        expect(page.text).toContain("“approve”");
        expect(page.text).toContain("ada, by a link");
      }
    expect(journal.filter(({ type }) => type === "question.answered")).toHaveLength(1);
  });

  it("counts once when two come at the same time", async () => {
    const { ask, link, journal } = await rig();
    void ask("May it begin?", CHOICES);
    const [ada, bo] = [link("ada") as string, link("bo") as string];
    const pages = await Promise.all([posted(ada, "approve"), posted(bo, "refuse"), posted(ada, "refuse")]);
    expect(pages.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(pages.filter(({ status }) => status === 410)).toHaveLength(2);
    expect(journal.filter(({ type }) => type === "question.answered")).toHaveLength(1);
  });

  it("isn't said to count before it is written down", async () => {
    const held: (() => void)[] = [];
    let isHeld = false;
    let hold: () => void = () => undefined;
    const answered = new Promise<void>((resolve) => {
      hold = resolve;
    });
    const { ask, link, clock } = await rig({
      written: (write) => {
        if (!isHeld) return write();
        held.push(write);
        hold();
      },
    });
    void ask("May it begin?", CHOICES);
    const url = link() as string;
    isHeld = true;
    const first = posted(url, "approve");
    await answered;
    clock.advance(10_000);
    const uncertain = await first;
    expect(uncertain.status).toBe(503);
    expect(uncertain.text).toContain("Not certain yet");
    isHeld = false;
    for (const write of held) write();
    expect((await opened(url)).text).toContain("“approve”");
  });

  it("is refused where it is none of the answers, and the link can still be used", async () => {
    const { ask, link } = await rig();
    const asked = ask("May it begin?", CHOICES);
    const url = link() as string;
    const wrong = await posted(url, "perhaps");
    expect(wrong.status).toBe(422);
    expect(wrong.text).toContain("Nothing is answered yet");
    const twice = { method: "POST", body: new URLSearchParams("answer=approve&answer=refuse") };
    expect((await opened(url, twice)).status).toBe(422);
    expect((await posted(url, "refuse")).status).toBe(200);
    expect(await asked).toBe("refuse");
  });

  it("comes too late when somebody answered elsewhere, or nobody did in time", async () => {
    const { ask, link, answer, clock } = await rig();
    void ask("Change the vial");
    const first = link() as string;
    expect(answer({ question: "question.1", about: "Change the vial", answer: "done", by: "cy" })).toBe(true);
    await expect.poll(async () => (await opened(first)).status).toBe(410);
    expect((await posted(first, "done")).text).toContain("cy, at a terminal");
    const asked = ask("Is the gas off?", undefined, { otherwise: { answer: "assumed", after: MINUTE } });
    const second = link() as string;
    clock.advance(MINUTE);
    expect(await asked).toBe("assumed");
    const late = await posted(second, "done");
    expect(late.status).toBe(410);
    expect(late.text).toContain("“assumed”");
    expect(late.text).toContain("nobody in time");
  });

  it("comes too late when the time of the link is over, and the page says how to answer then", async () => {
    const { ask, link, clock, journal } = await rig();
    void ask("May it begin?", CHOICES);
    const url = link() as string;
    clock.advance(HOUR);
    for (const page of [await opened(url), await posted(url, "approve")]) {
      expect(page.status).toBe(410);
      expect(page.text).toContain("could be used until 2030-01-01 19:00 (UTC)");
      expect(page.text).toContain("labloop answer c-1 1 ");
    }
    expect(journal).toHaveLength(1);
    expect((await posted(link() as string, "approve")).status).toBe(200);
  });
});

describe("a link", () => {
  it("is given to those alone who may answer", async () => {
    const { ask, link } = await rig();
    void ask("Is the gas off?", undefined, { by: ["safety"] });
    expect(link("bo")).toBeUndefined();
    expect((await posted(link("ada") as string, "done")).status).toBe(200);
    expect(link("ada")).toBeUndefined();
  });

  it("that an earlier process gave says that it is over", async () => {
    const before = await rig();
    void before.ask("Change the vial");
    const [given] = before.desk.links(message([{ name: "question.1", since: 0, priority: "high" }]), "ada");
    await before.desk.close();
    const after = await rig({ port: before.port, former: [given?.digest as string] });
    void after.ask("Change the vial");
    const page = await posted(given?.url as string, "done");
    expect(page.status).toBe(410);
    expect(page.text).toContain("labloop was started again");
    expect(after.journal).toHaveLength(1);
    const url = after.link() as string;
    after.desk.observe({ type: "campaign.resumed", by: "ada", inDoubt: [] }, BEGIN);
    expect((await opened(url)).text).toContain("isn’t asked any more");
  });
});

describe("a call that is no answer", () => {
  it("gets nothing where there is no link, and says the same to all of them", async () => {
    const { port } = await rig();
    const base = `http://127.0.0.1:${port}`;
    const unknown = await opened(`${base}/labloop/${"a".repeat(32)}`);
    expect(unknown.status).toBe(404);
    for (const path of ["/", "/favicon.ico", "/labloop/__proto__", `/${"a".repeat(31)}%41`, "/..%2f..%2fx"])
      expect(await opened(`${base}${path}`)).toMatchObject({ status: 404, text: unknown.text });
  });

  it("of another method or kind is refused", async () => {
    const { ask, link, journal } = await rig();
    void ask("Change the vial");
    const url = link() as string;
    for (const method of ["PUT", "DELETE", "OPTIONS", "PATCH"]) {
      const { status, headers } = await opened(url, { method });
      expect(status).toBe(405);
      expect(headers.get("allow")).toBe("GET, HEAD, POST");
    }
    expect((await opened(url, { method: "POST", body: '{"answer":"done"}' })).status).toBe(415);
    expect(journal).toHaveLength(1);
  });

  it("with a huge body is told so and hung up on, whether it says beforehand how long it is or not", async () => {
    const { ask, link, journal } = await rig();
    void ask("Change the vial");
    const url = link() as string;
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const body = `answer=${"x".repeat(1_000_000)}`;
    for (const headers of [{ ...form, "content-length": body.length }, form]) {
      const status = await new Promise((resolve, reject) => {
        const sent = call(url, { method: "POST", headers }, (response) => {
          resolve(response.statusCode);
          response.resume();
        });
        sent.on("error", reject);
        sent.write(body.slice(0, 100_000));
        // The rest never comes.
        onTestFinished(() => void sent.destroy());
      });
      expect(status).toBe(413);
    }
    expect(journal).toHaveLength(1);
    expect((await posted(url, "done")).status).toBe(200);
  });

  it("that is no HTTP, or breaks off, harms nothing", async () => {
    const { ask, link, port } = await rig();
    void ask("Change the vial");
    const url = link() as string;
    const head = `POST ${new URL(url).pathname} HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n`;
    const garbage = ["\u0000\u0001\u0002", "GET / HTTP/9.9\r\n\r\n", `${head}content-length: -5\r\n\r\n`];
    const all = [
      ...garbage,
      `${head}content-length: 10\r\n\r\nansw`,
      `GET /${"x".repeat(20_000)} HTTP/1.1\r\n\r\n`,
    ];
    for (const text of all)
      await new Promise<void>((resolve) => {
        const socket = connect(port, "127.0.0.1", () => socket.end(text));
        socket.on("error", () => undefined);
        socket.on("close", () => resolve());
        socket.resume();
      });
    expect((await opened(url)).status).toBe(200);
  });

  it("that tries one link after the other has to wait, alone of those behind a server in front", async () => {
    const { ask, link, port, clock } = await rig();
    void ask("Change the vial");
    const url = link() as string;
    const from = (address: string): RequestInit => ({
      headers: { "x-forwarded-for": `10.0.0.1, ${address}` },
    });
    const guess = (i: number): string => `http://127.0.0.1:${port}/${String(i).padStart(32, "0")}`;
    for (let i = 0; i < 20; i++) expect((await opened(guess(i), from("192.0.2.7"))).status).toBe(404);
    const limited = await opened(guess(20), from("192.0.2.7"));
    expect(limited.status).toBe(429);
    expect(limited.headers.get("retry-after")).toBe("60");
    expect((await opened(url, from("192.0.2.7"))).status).toBe(429);
    expect((await opened(url, from("192.0.2.8"))).status).toBe(200);
    clock.advance(MINUTE);
    expect((await opened(url, from("192.0.2.7"))).status).toBe(200);
  });
});

describe("a port that another program has", () => {
  it("is an alarm, messages have no link, and both end when the port is free", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => {
      other.listen(0, "127.0.0.1", resolve);
    });
    const { port } = other.address() as { port: number };
    const { ask, link, clock, journal } = await rig({ port });
    void ask("Change the vial");
    expect(journal[0]).toMatchObject({
      type: "alarm.raised",
      alarm: "replies.unreachable",
      cause: expect.stringContaining(`can't listen at 127.0.0.1:${port} (another program has the port)`),
      say: expect.stringContaining("notify.replies.listen"),
    });
    expect(link()).toBeUndefined();
    await new Promise((resolve) => {
      other.close(resolve);
    });
    await expect
      .poll(() => {
        clock.advance(10_000);
        return journal.at(-1);
      })
      .toMatchObject({ type: "alarm.cleared", alarm: "replies.unreachable" });
    expect((await posted(link() as string, "done")).status).toBe(200);
  });
});
