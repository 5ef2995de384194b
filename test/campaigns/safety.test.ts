import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Observer } from "../../src/lab/observer.ts";
import type { EventOf, LoopEvent } from "../../src/loop/event.ts";
import { openDatabase } from "../../src/record/database.ts";
import { load, run } from "../faults/storage/rig.ts";
import { jsonLines, labloopIn, replaced, testFolder } from "../support/labloop.ts";

const VIAL = `
envelopes:
  vial:
    adds: [cyan.dispense.volume, magenta.dispense.volume, yellow.dispense.volume, water.dispense.volume]
    takes: [waste.withdraw.volume]
    max: 3 mL
`;

/** A folder with the colour-match campaign of six experiments, and rules in its files. */
function bench(rules: { readonly lab?: string; readonly campaign?: string }): string {
  const folder = testFolder();
  const example = (file: string): string => readFileSync(join("examples/colour-match", file), "utf8");
  const campaign = replaced(example("campaign.yaml"), { "experiments: 40": "experiments: 6" });
  writeFileSync(join(folder, "campaign.yaml"), `${campaign}${rules.campaign ?? ""}`);
  writeFileSync(join(folder, "lab.yaml"), `${example("lab.yaml")}${rules.lab ?? ""}`);
  return folder;
}

/** Runs the campaign of a folder in this process, and gives what happened. */
async function happened(folder: string, ask: Observer["ask"]): Promise<LoopEvent[]> {
  const database = await openDatabase(join(folder, "labloop.db"));
  const events: LoopEvent[] = [];
  try {
    const onEntry: Observer["onEntry"] = (_, event) => events.push(event);
    await run(await load(join(folder, "campaign.yaml")), database, { ask, onEntry });
  } finally {
    await database.close();
  }
  return events;
}

function of<T extends LoopEvent["type"]>(events: readonly LoopEvent[], type: T): EventOf<T>[] {
  return events.filter((event): event is EventOf<T> => event.type === type);
}

const REHEARSED: Observer["ask"] = async () => "simulated";

describe("a campaign in a lab with rules of safety", () => {
  it("is refused by validate when no experiment of it would be allowed, with the rule's place", async () => {
    const folder = bench({ lab: VIAL.replace("3 mL", "2500 uL") });
    const { status, stderr } = await labloopIn(folder, "validate", "campaign.yaml");
    expect(status).not.toBe(0);
    expect(stderr).toMatch(
      /lab\.yaml:\d+:\d+: no experiment of this campaign would be allowed: .* it would bring "vial" to 3000 uL, above 2500 uL/,
    );
  });

  it("is warned by validate when some settings would be refused", async () => {
    const rule =
      "forbidden: { much: { these: [cyan.dispense], when: cyan.dispense.volume > 1 mL, why: it stains } }\n";
    const { status, stderr } = await labloopIn(bench({ lab: rule }), "validate", "campaign.yaml");
    expect(status).toBe(0);
    expect(stderr).toMatch(
      /warning: lab\.yaml:\d+:\d+: \d+ of \d+ settings that were tried would be refused/,
    );
  });

  it("begins no experiment that would break a rule, and tries no refused setting again", async () => {
    const rule =
      "forbidden: { much: { these: [cyan.dispense], when: cyan.dispense.volume > 500 uL, why: it stains } }\n";
    const events = await happened(bench({ lab: `${VIAL}${rule}` }), REHEARSED);
    const refused = of(events, "experiment.reviewed").filter((event) => event.refused.length > 0);
    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(refused.flatMap((event) => event.refused.map(({ code }) => code)))).toEqual(
      new Set(["experiment.forbidden"]),
    );
    const doses = of(events, "action.finished").filter(({ instrument }) => instrument === "cyan");
    expect(doses).toHaveLength(6);
    expect(doses.every((event) => Number(event.arguments["volume"]) <= 500)).toBe(true);
    const settings = of(events, "suggestion.made").flatMap(({ suggestions }) =>
      suggestions.map(({ setting }) => JSON.stringify(setting)),
    );
    expect(new Set(settings).size).toBe(settings.length);
    expect(of(events, "action.failed")).toEqual([]);
  });

  it("asks a person, keeps who said what, and goes on with others after a refusal", async () => {
    const rules = "approval: { dark: { when: cyan + magenta > 1 mL, why: it is too dark to measure } }\n";
    const questions: string[] = [];
    const events = await happened(bench({ campaign: rules }), async (question) => {
      questions.push(question);
      // What isn't understood is asked again.
      return ["what?", " Refuse ", "approve"][Math.min(questions.length - 1, 2)] as string;
    });
    const answered = of(events, "experiment.reviewed").filter((event) => event.approvals !== undefined);
    expect(questions.length).toBe(answered.length + 1);
    expect(questions[1]).toBe(questions[0]);
    expect(answered.map(({ approvals }) => approvals?.[0]?.answer)).toEqual(
      answered.map((_, i) => (i === 0 ? "refuse" : "approve")),
    );
    const [first] = answered;
    expect(first?.approvals?.[0]).toMatchObject({
      rule: "dark",
      why: "it is too dark to measure",
      by: process.env["USER"] ?? "operator",
    });
    expect(first?.refused).toMatchObject([{ code: "experiment.not-approved" }]);
    const acted = new Set(of(events, "action.finished").map(({ experiment }) => experiment));
    expect(acted.has(first?.experiment ?? 0)).toBe(false);
    expect(acted.size).toBe(6);
  });

  it("goes the same way twice in a rehearsal, and tells which questions would have woken somebody", async () => {
    const rules =
      "approval: { first: { first: experiment, why: w }, far: { outside: explored, margin: 5 %, why: w } }\n";
    const folder = bench({ lab: VIAL, campaign: rules });
    const run1 = await labloopIn(folder, "dry-run", "campaign.yaml", "--json", "--quiet");
    const run2 = await labloopIn(folder, "dry-run", "campaign.yaml", "--json", "--quiet", {
      LABLOOP_DB: "another.db",
    });
    expect(run2.stdout).toBe(run1.stdout);
    const asked = jsonLines<{ event: string; approvals?: unknown }>(run1.stdout).find(
      ({ approvals }) => approvals !== undefined,
    );
    expect(asked).toMatchObject({ approvals: [{ rule: "first", answer: "approve", by: "simulated" }] });
    const shown = await labloopIn(folder, "show", "--experiment", "1");
    expect(shown.stdout).toContain(
      'approval     rule "first" would have woken a person: it is the first experiment',
    );
    const verified = await labloopIn(folder, "verify");
    expect(verified.status).toBe(0);
  });
});
