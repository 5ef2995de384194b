import { type AddressInfo, connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { type ReplyHost, replyServer } from "./reply-server.ts";

const TOKEN = "a".repeat(32);
const question = {
  name: "question.1",
  text: "Change the vial",
  since: 0,
  standing: { kind: "open" },
} as const;
const link = { person: "ada", since: 0, question: "question.1", until: 1000 };

/** A server of links, and what it says to a caller that sends this and nothing more, until it hangs up. */
async function toldTo(text: string, host: Partial<ReplyHost> = {}): Promise<string> {
  const server = replyServer(
    {
      subject: { campaign: "c-1", lab: "bench", zone: "UTC" },
      now: () => 0,
      find: (token) => (token === TOKEN ? { kind: "open", link, question } : { kind: "unknown" }),
      reply: async () => ({ kind: "waits" }),
      ...host,
    },
    { head: 20, whole: 40, idle: 20, look: 5 },
  );
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  onTestFinished(() => void server.close());
  return new Promise((resolve) => {
    let said = "";
    const socket = connect((server.address() as AddressInfo).port, "127.0.0.1", () => socket.write(text));
    socket.setEncoding("utf8").on("data", (part: string) => {
      said += part;
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(said));
  });
}

const HEAD = `POST /${TOKEN} HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-www-form-urlencoded\r\n`;

describe("a caller that takes its time", () => {
  it("is hung up on when the head of its call doesn't come to an end", async () => {
    expect(await toldTo("GET / HTTP/1.1\r\nhost: x\r\nx-slow: ")).toMatch(/^HTTP\/1\.1 408/);
  });

  it("is hung up on when the form that it announced doesn't come, and nothing is answered", async () => {
    let isAnswered = false;
    const said = await toldTo(`${HEAD}content-length: 11\r\n\r\nanswer=d`, {
      reply: async () => {
        isAnswered = true;
        return { kind: "waits" };
      },
    });
    expect(said).not.toMatch(/^HTTP\/1\.1 2/);
    expect(isAnswered).toBe(false);
  });
});

describe("a mistake of labloop's", () => {
  it("is told without what it was", async () => {
    const reply = (): never => {
      throw new Error("the password is 1234");
    };
    const said = await toldTo(`${HEAD}content-length: 11\r\n\r\nanswer=done`, { reply });
    expect(said).toMatch(/^HTTP\/1\.1 500/);
    expect(said).toContain("labloop questions");
    expect(said).not.toContain("1234");
  });
});
