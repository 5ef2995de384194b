import { writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { emulatedTwin } from "../commands/emulated-twin.ts";
import { type Ended, followed, jsonLines, labloopIn, testFolder } from "../support/labloop.ts";

interface Event {
  readonly event: string;
  readonly alarm?: string;
  readonly source?: string;
  readonly question?: unknown;
  readonly answer?: string;
  readonly by?: string;
}

/** A campaign of one experiment whose procedure begins with questions. */
function campaign(questions: string): string {
  return `labloop: 1
name: ask
lab: lab.yaml
seed: 1
parameters: { x: { min: 0, max: 1 } }
procedure:
${questions}
  - { measure: bath.read, as: now, within: 1 min }
measurements: { t: { expression: now.temperature, unit: degC, noise: 1 K } }
goal: { maximise: t }
budget: { experiments: 1 }
`;
}

async function bench(questions: string, people = ""): Promise<string> {
  const folder = testFolder();
  const { address } = await emulatedTwin(folder, "julabo/circulator", "--tcp", "0");
  writeFileSync(join(folder, "campaign.yaml"), campaign(questions));
  writeFileSync(
    join(folder, "lab.yaml"),
    `labloop: 1
name: bench
instruments: { bath: { driver: julabo/circulator, connect: { tcp: "${address}" } } }
${people}`,
  );
  return folder;
}

describe("questions of a campaign on instruments", () => {
  it("are listed and answered from another terminal, and answered by the file when nobody does", async () => {
    const folder = await bench(
      `  - { note: Change the vial, confirm: true }
  - { note: Is the door shut, confirm: true, within: 1 s, otherwise: assumed }`,
    );
    const said: Ended[] = [];
    const { events, status } = await followed<Event>(
      folder,
      ["run", "campaign.yaml", "--live"],
      async ({ event, alarm }) => {
        if (event !== "alarm.raised" || alarm !== "question.1") return;
        said.push(await labloopIn(folder, "questions"));
        said.push(await labloopIn(folder, "answer", "7", "done"));
        said.push(await labloopIn(folder, "answer", "1", "it leaks a bit"));
        said.push(await labloopIn(folder, "answer", "1", "done"));
      },
    );
    expect(status).toBe(0);
    const [list, wrong, right, late] = said;
    expect(list?.stdout).toMatch(/question 1, since .*: Change the vial\n {2}→ labloop answer ask-\w+ 1 "…"/);
    expect(wrong?.stderr).toMatch(/has no open question 7|asks nothing/);
    expect(wrong?.status).toBe(2);
    expect(right?.stderr).toContain("answer: accepted by the process that runs");
    expect(late?.status).not.toBe(0);
    const answers = events.filter(({ event }) => event === "question.answered");
    expect(answers).toMatchObject([
      { question: "question.1", answer: "it leaks a bit", by: userInfo().username },
      { question: "question.2", answer: "assumed", by: "nobody in time" },
    ]);
    const { stdout } = await labloopIn(folder, "verify", "--json", "--quiet");
    expect(jsonLines(stdout)[0]).toMatchObject({ intact: true });
  });

  it("are answered by those alone who may", async () => {
    const folder = await bench(
      "  - { note: Is the gas off, confirm: true, by: [safety], within: 3 s, otherwise: assumed }",
      "people: { roles: { safety: [somebody-else] } }\n",
    );
    let refused: Ended | undefined;
    const { events } = await followed<Event>(
      folder,
      ["run", "campaign.yaml", "--live"],
      async ({ event, alarm }) => {
        if (event === "alarm.raised" && alarm === "question.1")
          refused = await labloopIn(folder, "answer", "done");
      },
    );
    expect(refused?.stderr).toContain("may not answer question.1");
    expect(refused?.stderr).toContain("[cli.bad-answer]");
    expect(events).toContainEqual(expect.objectContaining({ answer: "assumed", by: "nobody in time" }));
  });

  it("are refused by validate when nobody could answer, or their time means nothing", async () => {
    const folder = testFolder();
    const lab =
      "labloop: 1\nname: b\ninstruments: { bath: { driver: julabo/circulator } }\npeople: { roles: { safety: [bo] } }\n";
    writeFileSync(join(folder, "lab.yaml"), lab);
    const told = async (question: string): Promise<string> => {
      writeFileSync(join(folder, "campaign.yaml"), campaign(`  - { note: Look, ${question} }`));
      return (await labloopIn(folder, "validate", "campaign.yaml")).stderr;
    };
    expect(await told("confirm: true, by: [safty]")).toContain(
      'did you mean "safety"? [campaign.bad-question]',
    );
    expect(await told("confirm: true, within: 1 min")).toContain("write `otherwise`");
    expect(await told("by: [bo]")).toContain("nobody answers a remark that needs no answer");
    expect(await told("confirm: true, by: [bo], within: 1 min, otherwise: done")).toContain("good.");
    const asked = async (failures: string): Promise<string> => {
      const text = campaign("  - { note: Look }");
      writeFileSync(
        join(folder, "campaign.yaml"),
        `${text}failures: { on_failure: ask, asked: ${failures} }\n`,
      );
      return (await labloopIn(folder, "validate", "campaign.yaml")).stderr;
    };
    expect(await asked("{ within: 1 min }")).toContain("write `in_doubt` or `on_failure`");
    expect(await asked("{ on_failure: discard }")).toContain("write `within`");
    expect(await asked("{ by: [cy], within: 1 min, on_failure: discard }")).toContain(
      "no such person or role",
    );
    expect(await asked("{ by: [bo], within: 1 min, on_failure: discard }")).toContain("good.");
  });
});
