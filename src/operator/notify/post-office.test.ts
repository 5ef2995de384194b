import { connect, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { freePort } from "../../../test/support/free-port.ts";
import { httpSink, mailSink, textOfMail } from "../../../test/support/message-sinks.ts";
import type { Clock } from "../../base/clock.ts";
import type { Channel } from "../../lab/notify/notify-policy.ts";
import type { DeliveryOutcome } from "../../lab/notify/post.ts";
import { SystemClock } from "../../lab/system-clock.ts";
import type { Notification } from "../../loop/event.ts";
import { PostOffice } from "./post-office.ts";
import { sender } from "./send.ts";
import { signature } from "./send-webhook.ts";
import { unreachableServers } from "./unreachable.ts";

const SECRET = "correct horse battery staple";

const notification: Notification = {
  number: 7,
  rule: 0,
  about: [{ name: "bath-hot", since: 0, priority: "critical" }],
  to: ["ada"],
  priority: "critical",
  title: "critical: bath-hot – the bath is at 95 °C",
  text: "What: the bath is at 95 °C\nDo: close the valve\nType: labloop alarms acknowledge bath-hot c-1",
};

afterEach(() => vi.unstubAllEnvs());

/** A clock on which pauses are over at once, and which keeps how long they were. */
class HastyClock implements Clock {
  readonly pauses: number[] = [];
  #now = 1_900_000_000_000;

  now(): number {
    return this.#now;
  }

  at(at: number, due: () => void): () => void {
    const timer = setImmediate(() => {
      this.pauses.push(at - this.#now);
      this.#now = Math.max(this.#now, at);
      due();
    });
    return () => clearImmediate(timer);
  }

  touch(): void {
    // Nothing waits for it.
  }

  external<T>(work: Promise<T>): Promise<T> {
    return work;
  }
}

function email(port: number, login = false): Channel {
  const mail = { host: "127.0.0.1", port, from: "labloop@lab.example", encryption: "none" } as const;
  const password = login ? { env: "LABLOOP_TEST_MAIL" } : {};
  return {
    kind: "email",
    address: "ada@lab.example",
    mail: { ...mail, password, ...(login && { user: "labloop" }) },
  };
}

/** What comes of a message to somebody who is reached on these ways. */
async function delivered(
  channels: readonly Channel[],
  { clock = new HastyClock(), longest = 30_000 }: { clock?: HastyClock; longest?: number } = {},
): Promise<{ outcomes: readonly DeliveryOutcome[]; pauses: readonly number[] }> {
  const outcomes: DeliveryOutcome[] = [];
  const office = new PostOffice({
    policy: { people: { ada: channels }, rules: [] },
    clock,
    campaign: "c-1",
    lab: "bench",
    send: sender("lab.yaml", new SystemClock(), longest),
  });
  office.put(notification, (outcome) => outcomes.push(outcome));
  await office.close(new AbortController().signal);
  return { outcomes, pauses: clock.pauses };
}

describe("mail", () => {
  it("has what is to be known, and an id by which a second copy can be told", async () => {
    const sink = await mailSink();
    const { outcomes } = await delivered([email(sink.port)]);
    expect(outcomes).toEqual([
      { type: "notification.sent", number: 7, to: "ada", channel: "email", tries: 1 },
    ]);
    expect(sink.mails).toHaveLength(1);
    expect(sink.mails[0]).toContain("Message-ID: <c-1.7@labloop>");
    expect(sink.mails[0]).toContain("labloop alarms acknowledge bath-hot c-1");
  });

  it("is tried again while a server wants it later, and comes once", async () => {
    let asked = 0;
    const sink = await mailSink({
      onRcptTo: (_, __, taken) => {
        asked += 1;
        if (asked < 4) taken(Object.assign(new Error("greylisted"), { responseCode: 451 }));
        else taken();
      },
    });
    const { outcomes, pauses } = await delivered([email(sink.port)]);
    expect(outcomes).toMatchObject([{ type: "notification.sent", tries: 4 }]);
    expect(pauses).toEqual([1000, 2000, 4000]);
    expect(sink.mails).toHaveLength(1);
  });

  it("is not tried again when a server refuses it for good", async () => {
    const sink = await mailSink({
      onRcptTo: (_, __, taken) => taken(Object.assign(new Error("no such user"), { responseCode: 550 })),
    });
    const { outcomes } = await delivered([email(sink.port)]);
    expect(outcomes).toMatchObject([
      { type: "notification.failed", tries: 1, fault: { code: "notify.not-sent" } },
    ]);
    expect(sink.mails).toHaveLength(0);
  });

  it("is given up after an hour at a port where nobody listens", async () => {
    const { outcomes, pauses } = await delivered([email(await freePort())]);
    expect(outcomes).toMatchObject([{ type: "notification.failed" }]);
    expect(JSON.stringify(outcomes)).toContain("can't be reached");
    expect(Math.max(...pauses)).toBe(300_000);
    const waited = pauses.reduce((sum, each) => sum + each, 0);
    expect(waited).toBeLessThanOrEqual(3_600_000);
    expect(waited).toBeGreaterThan(3_300_000);
  });

  it("is not held up for ever by a server that says nothing", async () => {
    const open = new Set<Socket>();
    const server = createServer((socket) => open.add(socket.on("error", () => undefined)));
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    onTestFinished(() => {
      for (const socket of open) socket.destroy();
      server.close();
    });
    const { port } = server.address() as { port: number };
    const { outcomes } = await delivered([email(port)], { longest: 5 });
    expect(outcomes).toMatchObject([{ type: "notification.failed" }]);
    expect(JSON.stringify(outcomes)).toContain("takes too long");
  });

  it("has its password told to nobody else, whatever the server says of it", async () => {
    vi.stubEnv("LABLOOP_TEST_MAIL", SECRET);
    const seen: unknown[] = [];
    const sink = await mailSink({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ password }, _, taken) => {
        seen.push(password);
        taken(new Error(`wrong password ${password}`));
      },
    });
    const { outcomes } = await delivered([email(sink.port, true)]);
    expect(seen).toEqual([SECRET]);
    expect(outcomes).toMatchObject([{ type: "notification.failed", tries: 1 }]);
    expect(JSON.stringify(outcomes)).not.toContain(SECRET);
  });

  it("isn't sent without its password", async () => {
    const { outcomes } = await delivered([email(await freePort(), true)]);
    expect(outcomes).toMatchObject([{ tries: 1, fault: { code: "lab.no-password" } }]);
  });
});

describe("ntfy", () => {
  it("gets title, priority, tags and the command to copy, with the token in a header", async () => {
    vi.stubEnv("LABLOOP_TEST_NTFY", SECRET);
    const sink = await httpSink();
    const channel = {
      kind: "ntfy",
      server: sink.url,
      topic: "bench",
      token: { env: "LABLOOP_TEST_NTFY" },
    } as const;
    const { outcomes } = await delivered([channel]);
    expect(outcomes).toMatchObject([{ type: "notification.sent", channel: "ntfy" }]);
    const [call] = sink.calls;
    expect(call?.headers.authorization).toBe(`Bearer ${SECRET}`);
    expect(JSON.parse(call?.body ?? "")).toEqual({
      topic: "bench",
      title: notification.title,
      message: notification.text,
      priority: 5,
      tags: ["rotating_light"],
      actions: [
        { action: "copy", label: "Copy the command", value: "labloop alarms acknowledge bath-hot c-1" },
      ],
    });
  });

  it("is tried again after errors of the server, and not after a refusal", async () => {
    const sink = await httpSink((response, n) => response.writeHead(n < 3 ? 500 : 200).end());
    const channel = { kind: "ntfy", server: sink.url, topic: "bench", token: {} } as const;
    expect((await delivered([channel])).outcomes).toMatchObject([{ type: "notification.sent", tries: 3 }]);
    const strict = await httpSink((response) => response.writeHead(403).end(SECRET));
    const { outcomes } = await delivered([{ ...channel, server: strict.url }]);
    expect(outcomes).toMatchObject([{ type: "notification.failed", tries: 1 }]);
    expect(JSON.stringify(outcomes)).not.toContain(SECRET);
  });
});

describe("a webhook", () => {
  const channel = (url: string): Channel => ({
    kind: "webhook",
    url: `${url}/lab`,
    secret: { env: "LABLOOP_TEST_HOOK" },
  });

  it("is called with a signature over time and body", async () => {
    vi.stubEnv("LABLOOP_TEST_HOOK", SECRET);
    const sink = await httpSink();
    await delivered([channel(sink.url)]);
    const [call] = sink.calls;
    const timestamp = String(call?.headers["x-labloop-timestamp"]);
    expect(Math.abs(Date.now() / 1000 - Number(timestamp))).toBeLessThan(60);
    expect(call?.headers["x-labloop-signature"]).toBe(
      `sha256=${signature(SECRET, timestamp, call?.body ?? "")}`,
    );
    expect(JSON.parse(call?.body ?? "")).toMatchObject({
      id: "c-1.7",
      priority: "critical",
      campaign: "c-1",
    });
    expect(`${JSON.stringify(call?.headers)}${call?.body}`).not.toContain(SECRET);
  });

  it("follows no redirection, and waits for no answer that doesn't come", async () => {
    vi.stubEnv("LABLOOP_TEST_HOOK", SECRET);
    const other = await httpSink();
    const moved = await httpSink((response) => response.writeHead(307, { location: other.url }).end());
    expect((await delivered([channel(moved.url)])).outcomes).toMatchObject([{ type: "notification.failed" }]);
    expect(other.calls).toHaveLength(0);
    const silent = await httpSink(() => undefined);
    const { outcomes } = await delivered([channel(silent.url)], { longest: 5 });
    expect(outcomes).toMatchObject([{ type: "notification.failed" }]);
  });
});

describe("a message with links", () => {
  const link = {
    question: "question.1",
    url: "https://lab.example/a1",
    until: 5,
    digest: "d1",
    says: "Answer 1:",
  };

  /** What comes of a message that asks something, to somebody who is reached on these ways. */
  async function asked(channels: readonly Channel[]): Promise<readonly DeliveryOutcome[]> {
    const outcomes: DeliveryOutcome[] = [];
    const office = new PostOffice({
      policy: { people: { ada: channels }, rules: [] },
      clock: new HastyClock(),
      campaign: "c-1",
      lab: "bench",
      send: sender("lab.yaml", new SystemClock()),
      links: (_, person) => (person === "ada" ? [link] : []),
    });
    office.put(notification, (outcome) => outcomes.push(outcome));
    await office.close(new AbortController().signal);
    return outcomes;
  }

  it("has them at the end of its text, in a program's JSON, and as buttons on a phone", async () => {
    vi.stubEnv("LABLOOP_TEST_HOOK", SECRET);
    const [mail, sink] = [await mailSink(), await httpSink()];
    const ntfy = { kind: "ntfy", server: sink.url, topic: "bench", token: {} } as const;
    await asked([email(mail.port), ntfy]);
    expect(textOfMail(mail.mails[0] as string)).toMatch(/Answer 1:\r?\nhttps:\/\/lab\.example\/a1\s*$/);
    expect(JSON.parse(sink.calls[0]?.body ?? "")).toMatchObject({
      message: `${notification.text}\n\nAnswer 1:\nhttps://lab.example/a1`,
      actions: [
        { action: "view", label: "Answer 1", url: "https://lab.example/a1" },
        { action: "copy", label: "Copy the command" },
      ],
    });
    await asked([{ kind: "webhook", url: sink.url, secret: { env: "LABLOOP_TEST_HOOK" } }]);
    expect(JSON.parse(sink.calls[1]?.body ?? "")).toMatchObject({
      links: [{ question: "question.1", url: "https://lab.example/a1", until: 5 }],
    });
  });

  it("has nothing of them journaled but their digests, whether it is sent or not", async () => {
    const mail = await mailSink();
    const refused = await mailSink({
      onRcptTo: (_, __, taken) => taken(Object.assign(new Error("no"), { responseCode: 550 })),
    });
    for (const { port } of [mail, refused]) {
      const outcomes = await asked([email(port)]);
      expect(outcomes).toMatchObject([{ links: ["d1"] }]);
      expect(JSON.stringify(outcomes)).not.toContain("https");
    }
  });
});

describe("a post office", () => {
  it("brings a message on one way while another one hangs, and ends when nobody waits any more", async () => {
    const silent = await httpSink(() => undefined);
    const sink = await mailSink();
    const outcomes: DeliveryOutcome[] = [];
    let tell: () => void = () => undefined;
    const first = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const hung = { kind: "ntfy", server: silent.url, topic: "bench", token: {} } as const;
    const clock = new SystemClock();
    const office = new PostOffice({
      policy: { people: { ada: [hung, email(sink.port)] }, rules: [] },
      clock,
      campaign: "c-1",
      lab: "bench",
      send: sender("lab.yaml", clock),
    });
    office.put(notification, (outcome) => {
      outcomes.push(outcome);
      tell();
    });
    await first;
    expect(outcomes).toMatchObject([{ type: "notification.sent", channel: "email" }]);
    expect(office.underWay).toBe(1);
    const failed = await office.close(AbortSignal.abort());
    expect(failed).toMatchObject([{ to: "ada", channel: "ntfy" }]);
  });
});

describe("servers of messages", () => {
  it("are told when they don't answer", async () => {
    const sink = await httpSink();
    const [host = "", port = ""] = new URL(sink.url).host.split(":");
    // The sink is there before it is looked for.
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), host, () => resolve(void socket.destroy()));
    });
    const dead = await freePort();
    const there = { kind: "webhook", url: sink.url, secret: {} } as const;
    const found = await unreachableServers({ people: { ada: [there, email(dead)] }, rules: [] });
    expect(found).toMatchObject([{ code: "notify.unreachable" }]);
    expect(found[0]?.message).toContain(`127.0.0.1:${dead}`);
  });
});
