import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emulatedTwin } from "../commands/emulated-twin.ts";
import { freePort } from "../support/free-port.ts";
import { followed, jsonLines, labloopIn, replaced, testFolder } from "../support/labloop.ts";
import { httpSink, mailSink } from "../support/message-sinks.ts";

const EXAMPLE = "examples/flow-reaction";
const SECRET = "correct-horse-battery";

interface Event {
  readonly event: string;
  readonly time: string;
  readonly to?: string | readonly string[];
  readonly title?: string;
  readonly text?: string;
  readonly simulated?: boolean;
  readonly alarm?: string;
}

describe("a rehearsal in a lab that tells people", () => {
  it("shows what would be sent, sends nothing, and goes the same way twice", async () => {
    const folder = testFolder();
    const sink = await mailSink();
    copyFileSync(join(EXAMPLE, "campaign.yaml"), join(folder, "campaign.yaml"));
    const process = "  settings: { delay: 60 s }\n";
    const fault = "  faults: [{ at: 1 h, instrument: bath, fault: overheat }]\n";
    const lab = replaced(readFileSync(join(EXAMPLE, "lab.yaml"), "utf8"), {
      [process]: `${process}${fault}`,
    });
    const told = `people:
  contacts: { ada: { email: ada@lab.example } }
notify:
  mail: { server: "127.0.0.1:${sink.port}", from: labloop@lab.example, encryption: none }
  rules:
    - { on: [alarm], to: [ada], repeat: 10 min }
    - { on: [done], to: [ada] }
`;
    writeFileSync(join(folder, "lab.yaml"), `${lab}${told}`);
    const run = ["dry-run", "campaign.yaml", "--json", "--quiet"] as const;
    const { stdout } = await labloopIn(folder, ...run);
    const events = jsonLines<Event>(stdout);
    const queued = events.filter(({ event }) => event === "notification.queued");
    expect(queued.every(({ simulated }) => simulated)).toBe(true);
    expect(queued[0]).toMatchObject({ to: ["ada"], title: expect.stringContaining("bath-warm") });
    expect(queued[0]?.text).toMatch(/Type: labloop alarms acknowledge bath-warm \S+/);
    expect(queued.some(({ title }) => title?.startsWith("critical: bath-hot"))).toBe(true);
    expect(queued.at(-1)?.title).toContain("has ended: interlock");
    expect(sink.mails).toHaveLength(0);
    const again = await labloopIn(folder, ...run, { LABLOOP_DB: "another.db" });
    expect(again.stdout).toBe(stdout);
    expect((await labloopIn(folder, "verify")).status).toBe(0);
  });

  it("warns that a server of messages doesn't answer, and runs all the same", async () => {
    const folder = testFolder();
    copyFileSync(join(EXAMPLE, "campaign.yaml"), join(folder, "campaign.yaml"));
    const port = await freePort();
    const told = `people: { contacts: { ada: { ntfy: { topic: "http://127.0.0.1:${port}/bench" } } } }
notify: { rules: [{ on: [done], to: [ada] }] }
`;
    writeFileSync(join(folder, "lab.yaml"), `${readFileSync(join(EXAMPLE, "lab.yaml"), "utf8")}${told}`);
    const { stderr, status } = await labloopIn(folder, "dry-run", "campaign.yaml");
    expect(stderr).toContain(`127.0.0.1:${port} can't be reached`);
    expect(stderr).toContain("[notify.unreachable]");
    expect(stderr).toContain("would tell ada:");
    expect(status).toBe(0);
    expect((await labloopIn(folder, "validate", "campaign.yaml")).stderr).not.toContain("notify.unreachable");
  });
});

describe("a campaign on instruments", () => {
  const CAMPAIGN = `labloop: 1
name: wait
lab: lab.yaml
seed: 1
parameters: { x: { min: 0, max: 1 } }
procedure: [{ wait: 1 s }, { measure: bath.read, as: now, within: 1 min }]
measurements: { t: { expression: now.temperature, unit: degC, noise: 1 K } }
goal: { maximise: t }
budget: { experiments: 2 }
`;

  it("isn't held up by a server that hangs, while others are told, and keeps no secret", async () => {
    const folder = testFolder();
    const { address } = await emulatedTwin(folder, "julabo/circulator", "--tcp", "0");
    const hung = await httpSink(() => undefined);
    let ended: () => void = () => undefined;
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const sink = await httpSink((response) => {
      if (sink.calls.at(-1)?.body.includes("has ended")) ended();
      response.end();
    });
    writeFileSync(join(folder, "campaign.yaml"), CAMPAIGN);
    writeFileSync(
      join(folder, "lab.yaml"),
      `labloop: 1
name: bench
instruments: { bath: { driver: julabo/circulator, connect: { tcp: "${address}" } } }
# The room has 22 degC.
alarms: { readings: { warm: { watch: bath.temperature, max: 10 degC, priority: low, say: open the window } } }
people:
  contacts:
    ada: { ntfy: { topic: "${sink.url}/bench", token_env: LABLOOP_TEST_TOKEN } }
    bo: { webhook: { url: "${hung.url}/hook", secret_env: LABLOOP_TEST_TOKEN } }
notify: { rules: [{ on: [alarm, done], to: [ada, bo] }] }
`,
    );
    const { events, lines } = await followed<Event>(
      folder,
      ["run", "campaign.yaml", "--live"],
      async ({ event }, signal) => {
        if (event !== "campaign.concluded") return;
        await end;
        signal("SIGKILL");
      },
      { LABLOOP_TEST_TOKEN: SECRET },
    );
    const at = (type: string): number => Date.parse(events.find(({ event }) => event === type)?.time ?? "");
    // Two waits of a second; the server that hangs would hold it up for half a minute.
    expect(at("campaign.concluded") - at("campaign.started")).toBeLessThan(15_000);
    expect(hung.calls.length).toBeGreaterThan(0);
    expect(events).toContainEqual(expect.objectContaining({ event: "notification.sent", to: "ada" }));
    expect(events.some(({ event, to }) => event === "notification.sent" && to === "bo")).toBe(false);
    const warm = sink.calls.map(({ body }) => JSON.parse(body) as { title: string; message: string });
    expect(warm[0]?.title).toMatch(/^low: warm/);
    expect(warm[0]?.message).toContain("Do: open the window");
    expect(lines.join("")).not.toContain(SECRET);
    expect(readFileSync(join(folder, "labloop.db")).includes(SECRET)).toBe(false);
  });
});

describe("labloop notify test", () => {
  it("tells of each way to each person what came of it", async () => {
    const folder = testFolder();
    const mail = await mailSink();
    const hook = await httpSink((response) => response.writeHead(401).end());
    writeFileSync(join(folder, "token"), `${SECRET}\n`, { mode: 0o600 });
    writeFileSync(
      join(folder, "lab.yaml"),
      `labloop: 1
name: bench
instruments: {}
people:
  contacts:
    ada: { email: ada@lab.example }
    bo: { webhook: { url: "${hook.url}", secret_file: token } }
notify:
  mail: { server: "127.0.0.1:${mail.port}", from: labloop@lab.example, encryption: none }
  rules: [{ on: [trip], to: [ada] }]
`,
    );
    const all = await labloopIn(folder, "notify", "test", "lab.yaml");
    expect(all.stdout).toMatch(/sent\s+ada\s+email/);
    expect(all.stdout).toMatch(/failed\s+bo\s+webhook\s+127.0.0.1:\d+ answers 401/);
    expect(all.status).toBe(1);
    expect(mail.mails[0]).toContain("tries whether messages come to you");
    const one = await labloopIn(folder, "notify", "test", "lab.yaml", "ada");
    expect(one.status).toBe(0);
    const nobody = await labloopIn(folder, "notify", "test", "lab.yaml", "adda");
    expect(nobody.stderr).toContain('did you mean "ada"? [notify.nobody]');
    expect(`${all.stdout}${all.stderr}`).not.toContain(SECRET);
  });
});
