import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emulatedTwin } from "../commands/emulated-twin.ts";
import { freePort } from "../support/free-port.ts";
import { type Ended, followed, jsonLines, labloopIn, testFolder } from "../support/labloop.ts";
import { httpSink, mailSink, textOfMail } from "../support/message-sinks.ts";

interface Event {
  readonly event: string;
  readonly alarm?: string;
  readonly cause?: string;
  readonly text?: string;
  readonly answer?: string;
  readonly by?: string;
  readonly via?: string;
  readonly to?: string;
  readonly links?: readonly string[];
}

const CAMPAIGN = `labloop: 1
name: ask
lab: lab.yaml
seed: 1
parameters: { x: { min: 0, max: 1 } }
procedure:
  - { note: Is the gas off, confirm: true, by: [safety] }
  - { measure: bath.read, as: now, within: 1 min }
measurements: { t: { expression: now.temperature, unit: degC, noise: 1 K } }
goal: { maximise: t }
budget: { experiments: 1 }
`;

interface Bench {
  readonly folder: string;
  readonly port: number;
  /** The links in all mails so far. */
  links(): string[];
}

/** A lab that asks ada, who may answer, by mail, and bo, who may not. */
async function bench(replies: (port: number) => string): Promise<Bench> {
  const folder = testFolder();
  const { address } = await emulatedTwin(folder, "julabo/circulator", "--tcp", "0");
  const [port, sink] = [await freePort(), await mailSink()];
  const hook = await httpSink();
  writeFileSync(join(folder, "campaign.yaml"), CAMPAIGN);
  writeFileSync(
    join(folder, "lab.yaml"),
    `labloop: 1
name: bench
instruments: { bath: { driver: julabo/circulator, connect: { tcp: "${address}" } } }
people:
  roles: { safety: [ada] }
  contacts:
    ada: { email: ada@lab.example }
    bo: { webhook: { url: "${hook.url}", secret_env: LABLOOP_TEST_HOOK } }
notify:
  mail: { server: "127.0.0.1:${sink.port}", from: labloop@lab.example, encryption: none }
${replies(port)}
  rules: [{ on: [question], to: [ada, bo] }]
`,
  );
  const links = (): string[] =>
    sink.mails.flatMap((mail) => textOfMail(mail).match(/^http:\/\/127\.0\.0\.1\S+$/gm) ?? []);
  return { folder, port, links };
}

const RUN = ["run", "campaign.yaml", "--live"] as const;
const SECRET = { LABLOOP_TEST_HOOK: "correct-horse-battery" };

function posted(url: string, answer: string): Promise<Response> {
  return fetch(url, { method: "POST", body: new URLSearchParams({ answer }) });
}

function isSent({ event, to }: Event): boolean {
  return event === "notification.sent" && to === "ada";
}

describe("a question of a campaign on instruments", () => {
  it("is answered once by the link in a mail, and the link stands nowhere else", async () => {
    const { folder, links } = await bench((port) => `  replies: { listen: "127.0.0.1:${port}" }`);
    const seen: unknown[] = [];
    const { events, lines, status } = await followed<Event>(
      folder,
      RUN,
      async (event) => {
        if (!isSent(event)) return;
        const [url = ""] = links();
        const shown = await fetch(url);
        const page = await shown.text();
        seen.push(shown.status, page.includes("Is the gas off"), page.includes("in “bench”"));
        seen.push((await labloopIn(folder, "questions")).stdout.includes("Is the gas off"));
        const answered = await posted(url, "it is off");
        seen.push(answered.status, (await answered.text()).includes("Thank you, ada"));
      },
      SECRET,
    );
    expect(status).toBe(0);
    expect(seen).toEqual([200, true, true, true, 200, true]);
    expect(events.filter(({ event }) => event === "question.answered")).toMatchObject([
      { text: "Is the gas off", answer: "it is off", by: "ada", via: "link" },
    ]);
    expect(events.find(isSent)?.links).toEqual([expect.stringMatching(/^[\da-f]{64}$/)]);
    const told = events.find(({ event, to }) => event === "notification.sent" && to === "bo");
    expect(told).not.toHaveProperty("links");
    const token = links()[0]?.split("/").at(-1) as string;
    const exported = await labloopIn(folder, "export", "--format", "json");
    expect(exported.stdout).toContain("question.answered");
    for (const text of [exported.stdout, lines.join("\n")]) expect(text).not.toContain(token);
    expect(readFileSync(join(folder, "labloop.db")).includes(token)).toBe(false);
    const { stdout } = await labloopIn(folder, "verify", "--json", "--quiet");
    expect(jsonLines(stdout)[0]).toMatchObject({ intact: true });
    await labloopIn(folder, "report", "--out", "report.html");
    const report = readFileSync(join(folder, "report.html"), "utf8");
    expect(report).toContain("by ada by a link");
    expect(report).not.toContain(token);
  });

  it("comes with another link after a crash, and the link from before is over", async () => {
    const { folder, links } = await bench((port) => `  replies: { listen: "127.0.0.1:${port}" }`);
    await followed<Event>(folder, RUN, (event, signal) => isSent(event) && signal("SIGKILL"), SECRET);
    const [before = ""] = links();
    const seen: unknown[] = [];
    const { events, status } = await followed<Event>(
      folder,
      ["resume"],
      async (event) => {
        if (!isSent(event)) return;
        for (const old of [await fetch(before), await posted(before, "done")])
          seen.push(old.status, (await old.text()).includes("labloop was started again"));
        seen.push((await posted(links().at(-1) as string, "done")).status);
      },
      SECRET,
    );
    expect(status).toBe(0);
    expect(links()).toHaveLength(2);
    expect(seen).toEqual([410, true, 410, true, 200]);
    expect(events).toContainEqual(
      expect.objectContaining({ event: "question.answered", by: "ada", via: "link" }),
    );
  });

  it("goes on without a link where another program has the port, and that is an alarm", async () => {
    const { folder, port, links } = await bench((free) => `  replies: { listen: "127.0.0.1:${free}" }`);
    const other = createServer();
    await new Promise<void>((resolve) => {
      other.listen(port, "127.0.0.1", resolve);
    });
    let sent = false;
    const { events } = await followed<Event>(
      folder,
      RUN,
      (event, signal) => {
        if (!isSent(event)) return;
        sent = true;
        signal("SIGKILL");
      },
      SECRET,
    );
    other.close();
    expect(sent).toBe(true);
    expect(links()).toEqual([]);
    expect(events).toContainEqual(
      expect.objectContaining({
        event: "alarm.raised",
        alarm: "replies.unreachable",
        cause: expect.stringContaining(`127.0.0.1:${port} (another program has the port)`),
      }),
    );
  });

  it("has no link, and nothing listens, where the lab file has no section for it", async () => {
    const { folder, port, links } = await bench(() => "");
    let refused = "";
    let answered: Ended | undefined;
    const { events } = await followed<Event>(
      folder,
      RUN,
      async (event, signal) => {
        if (!isSent(event)) return;
        refused = await fetch(`http://127.0.0.1:${port}/`).then(
          () => "it listens",
          (error: Error) => String((error.cause as NodeJS.ErrnoException).code),
        );
        answered = await labloopIn(folder, "answer", "done");
        signal("SIGKILL");
      },
      SECRET,
    );
    expect(refused).toBe("ECONNREFUSED");
    expect(answered?.stderr).toContain("may not answer");
    expect(links()).toEqual([]);
    expect(events.find(isSent)).not.toHaveProperty("links");
  });
});
