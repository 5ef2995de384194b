import { fc, it as prop } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { benchInstrument } from "../../../bench/loop/instant-lab.ts";
import { benchRules } from "../../../test/support/safety-bench.ts";
import { quantityType } from "../../base/expression/dimension.ts";
import type { Expression } from "../../base/expression/expression.ts";
import { unitOf } from "../../base/unit.ts";
import type { Setting } from "../../hypothesis/parameter.ts";
import type { Instrument } from "../../instrument/index.ts";
import type { PerformCommand } from "../../loop/command.ts";
import type { Approval, LoopEvent } from "../../loop/event.ts";
import type { Plan } from "../../loop/plan.ts";
import { virtualTime } from "../virtual-time.ts";
import { Guard } from "./guard.ts";

const ML = unitOf("mL");
const NOW = new AbortController().signal;
const VALUES = new Map([["t", quantityType(unitOf("1").dimension)]]);
const PARAMETERS = [
  { kind: "continuous", name: "t", unit: "1", minimum: 0, maximum: 10, scale: "linear" },
  { kind: "categorical", name: "solvent", choices: ["water", "hexane"] },
] as const;

const VIAL = `
envelopes:
  vial: { adds: [acid.dispense.volume, base-2.dispense.volume], takes: [waste.withdraw.volume], max: 10 mL, why: it spills }
`;
const TOGETHER = "forbidden: { salt: { these: [acid.dispense, base-2.dispense], why: they react } }";

interface Given {
  readonly plan?: Plan;
  /** What the bath's thermometer shows; nothing when undefined. */
  readonly shows?: () => number | undefined;
  readonly answers?: (question: string) => Approval["answer"];
}

/** A guard, what it asked, and doors that it keeps. */
function rig(yaml: string, { plan = [], shows = () => 20, answers = () => "approve" }: Given = {}) {
  const { rules, part } = benchRules(
    yaml,
    new Map([...VALUES, ["solvent", { kind: "text", choices: ["water", "hexane"] } as const]]),
  );
  expect(part.told()).toEqual([]);
  const asked: string[] = [];
  const bath: Instrument = {
    ...benchInstrument(),
    read: async () => {
      const value = shows();
      return value === undefined
        ? { kind: "failed", fault: { code: "instrument.no-answer", message: "no answer" } }
        : { kind: "value", value };
    },
  };
  const guard = new Guard({
    rules,
    definition: { parameters: PARAMETERS, constants: {}, plan },
    roles: { oven: "bath" },
    instruments: { bath },
    clock: virtualTime(0),
    approve: async (question) => {
      asked.push(question);
      return { answer: answers(question), by: "ada" };
    },
  });
  let count = 0;
  const command = (role: string, action: string, given: PerformCommand["arguments"]): PerformCommand => {
    count += 1;
    const about = { kind: "perform", experiment: 1, effect: "once", within: 1000 } as const;
    return { ...about, id: `1.${count}`, role, action, arguments: given };
  };
  const permit = (of: PerformCommand): Promise<string> =>
    guard.permit(of, { t: 1, solvent: "water" }, NOW).then((fault) => fault?.message ?? "may begin");
  return {
    guard,
    asked,
    command,
    permit,
    /** Asks to begin an action of so many mL, and ends it when it may. */
    acts: async (
      role: string,
      action: string,
      volume: number,
      ends: Ending = "finished",
    ): Promise<string> => {
      const of = command(role, action, { volume });
      const said = await permit(of);
      if (said === "may begin") guard.observe(ended(of, ends));
      return said;
    },
  };
}

type Ending = "finished" | "unknown" | "none";

function ended(
  { id, experiment, role, action, arguments: given }: PerformCommand,
  ending: Ending,
): LoopEvent {
  const about = { command: id, experiment, instrument: role, action, arguments: given } as const;
  const fault = { code: "instrument.alarm", message: "stalled" };
  return ending === "finished"
    ? { type: "action.finished", ...about, readings: {} }
    : { type: "action.failed", ...about, fault, effect: ending };
}

function dose(role: string, text: string, action = "dispense"): Plan[number] {
  const expression: Expression =
    text === "reading"
      ? { kind: "name", at: 0, name: "probe.volume" }
      : text === "t"
        ? ({
            kind: "binary",
            operator: "*",
            at: 0,
            left: { kind: "name", at: 0, name: "t" },
            right: { kind: "number", at: 0, value: 1, unit: ML },
          } as const)
        : ({ kind: "number", at: 0, value: Number(text), unit: ML } as const);
  const volume = { kind: "number", expression, unit: ML } as const;
  const step = { role, action, effect: "once", arguments: { volume }, readings: {}, within: 1000 } as const;
  return { kind: "action", step, always: false };
}

describe("an envelope at the door", () => {
  it("refuses the action that would leave it, and counts what was withdrawn", async () => {
    const { acts } = rig(VIAL);
    expect(await acts("acid", "dispense", 6)).toBe("may begin");
    expect(await acts("base-2", "dispense", 5)).toBe(
      'base-2.dispense did not begin: it would bring "vial" to 11 mL, above 10 mL: it spills',
    );
    expect(await acts("waste", "withdraw", 3)).toBe("may begin");
    expect(await acts("base-2", "dispense", 5)).toBe("may begin");
  });

  it("is never emptier than empty", async () => {
    const { acts } = rig(VIAL);
    await acts("waste", "withdraw", 50);
    expect(await acts("acid", "dispense", 11)).toContain("to 11 mL");
  });

  it("counts what is under way, and what may have been done", async () => {
    const { acts, command, permit } = rig(VIAL);
    expect(await permit(command("acid", "dispense", { volume: 6 }))).toBe("may begin");
    expect(await acts("base-2", "dispense", 5)).toContain("to 11 mL");
    await acts("base-2", "dispense", 3, "unknown");
    await acts("waste", "withdraw", 9, "unknown");
    expect(await acts("base-2", "dispense", 2)).toContain("to 11 mL");
  });

  it("counts nothing that certainly wasn't done", async () => {
    const { acts } = rig(VIAL);
    await acts("acid", "dispense", 6, "none");
    expect(await acts("acid", "dispense", 10)).toBe("may begin");
  });

  it("lets a command that is given again begin", async () => {
    const { command, permit } = rig(VIAL);
    const again = command("acid", "dispense", { volume: 6 });
    expect([await permit(again), await permit(again)]).toEqual(["may begin", "may begin"]);
  });

  const action = fc.record({
    role: fc.constantFrom("acid", "base-2", "waste"),
    volume: fc.double({ min: 0, max: 6, noNaN: true }),
    ends: fc.constantFrom<Ending>("finished", "unknown", "none"),
  });
  prop.prop([fc.array(action, { maxLength: 40 })])(
    "is never left, whatever is asked for",
    async (actions) => {
      const { acts } = rig(VIAL);
      let [most, surely] = [0, 0];
      for (const { role, volume, ends } of actions) {
        const said = await acts(role, role === "waste" ? "withdraw" : "dispense", volume, ends);
        const done = said === "may begin" && ends !== "none";
        if (role === "waste") {
          expect(said).toBe("may begin");
          if (ends === "finished")
            [most, surely] = [Math.max(0, most - volume), Math.max(0, surely - volume)];
        } else {
          // What can be in the vial at most decides, and nothing that fits is refused.
          expect(said === "may begin").toBe(most + volume <= 10 * (1 + 1e-9));
          if (done) most += volume;
          if (done && ends === "finished") surely += volume;
        }
        expect(surely).toBeLessThanOrEqual(10 * (1 + 1e-8));
      }
    },
  );
});

describe("a forbidden combination at the door", () => {
  it("refuses the second of two, and takes a dispense of nothing for none", async () => {
    const { acts } = rig(TOGETHER);
    expect(await acts("acid", "dispense", 0)).toBe("may begin");
    expect(await acts("base-2", "dispense", 1)).toBe("may begin");
    expect(await acts("acid", "dispense", 0)).toBe("may begin");
    expect(await acts("acid", "dispense", 1)).toBe(
      'acid.dispense did not begin: "salt" forbids it in one experiment with base-2.dispense: they react',
    );
    expect(await acts("base-2", "dispense", 1)).toBe("may begin");
  });

  it("refuses what is forbidden while a property is beyond a level, or can't be read", async () => {
    let shows: number | undefined = 20;
    const yaml =
      "forbidden: { hot: { these: [acid.dispense], when: oven.temperature > 50 degC, why: it boils } }";
    const { acts } = rig(yaml, { shows: () => shows });
    expect(await acts("acid", "dispense", 1)).toBe("may begin");
    shows = 51;
    expect(await acts("acid", "dispense", 1)).toContain(
      "forbids it while oven.temperature > 50 degC: it boils",
    );
    expect(await acts("base-2", "dispense", 1)).toBe("may begin");
    shows = undefined;
    expect(await acts("acid", "dispense", 1)).toContain("that can't be told now");
  });

  it("goes by what an instrument was last asked for in the experiment", async () => {
    const yaml =
      "forbidden: { hot: { these: [acid.dispense], when: bath.heat.to > 50 degC or t > 5, why: it boils } }";
    const { acts, command, permit, guard } = rig(yaml);
    expect(await acts("acid", "dispense", 1)).toBe("may begin");
    const heat = command("oven", "heat", { to: 60, mode: "fast" });
    await permit(heat);
    guard.observe(ended(heat, "finished"));
    expect(await acts("acid", "dispense", 1)).toContain("forbids it while bath.heat.to > 50 degC");
  });
});

describe("a review", () => {
  const setting = (t: number, solvent = "water"): Setting => ({ t, solvent });

  it("refuses an experiment whose fifth action would leave an envelope, at its first", async () => {
    const plan = [
      dose("acid", "4"),
      dose("base-2", "4"),
      dose("waste", "7", "withdraw"),
      dose("acid", "5"),
      dose("base-2", "t"),
    ];
    const { guard } = rig(VIAL, { plan });
    expect(await guard.review(1, setting(4))).toEqual({ refused: [] });
    expect((await guard.review(2, setting(5))).refused).toMatchObject([
      {
        code: "experiment.over-envelope",
        message:
          'action 5 of the experiment, base-2.dispense: it would bring "vial" to 11 mL, above 10 mL: it spills',
        place: { file: "campaign.yaml", line: 3 },
      },
    ]);
  });

  it("refuses a combination where the setting makes it one", async () => {
    const { guard } = rig(TOGETHER, { plan: [dose("acid", "1"), dose("base-2", "t")] });
    expect((await guard.review(1, setting(0))).refused).toEqual([]);
    expect((await guard.review(2, setting(1))).refused).toMatchObject([{ code: "experiment.forbidden" }]);
  });

  it("asks about the first of its kind once, also of a batch, and not again after a refusal's others", async () => {
    const yaml = "approval: { new: { first: solvent, why: look at it } }";
    const { guard, asked } = rig(yaml);
    const suggestions = [setting(1), setting(2), setting(3, "hexane")].map((each) => {
      return { setting: each, reasons: { method: "random", predicted: {}, perHypothesis: [] } as const };
    });
    guard.observe({ type: "suggestion.made", command: "decide.1", decision: 1, suggestions });
    const reviews = suggestions.map(async ({ setting: of }, i) => {
      const reviewed = await guard.review(i + 1, of);
      guard.observe({ type: "experiment.reviewed", command: `${i}`, experiment: i + 1, ...reviewed });
      return reviewed.approvals?.map(({ rule, answer, by, what }) => [rule, answer, by, what]);
    });
    expect(await Promise.all(reviews)).toEqual([
      [["new", "approve", "ada", "solvent water is used for the first time"]],
      undefined,
      [["new", "approve", "ada", "solvent hexane is used for the first time"]],
    ]);
    expect(asked).toHaveLength(2);
  });

  it("refuses what a person refuses, and says who", async () => {
    const yaml = "approval: { hot: { when: t > 5, why: it is a risk } }";
    const { guard, asked } = rig(yaml, { answers: () => "refuse" });
    expect(await guard.review(1, setting(4))).toEqual({ refused: [] });
    guard.observe({ type: "experiment.reviewed", command: "1", experiment: 1, refused: [] });
    const { refused, approvals } = await guard.review(2, setting(6));
    expect(refused).toMatchObject([
      { code: "experiment.not-approved", message: 'ada did not approve of it: rule "hot": t > 5' },
    ]);
    expect(approvals).toEqual([
      { rule: "hot", why: "it is a risk", what: "t > 5", answer: "refuse", by: "ada" },
    ]);
    expect(asked).toEqual(['may experiment 2 begin? Rule "hot": t > 5: it is a risk']);
  });

  it("asks when an action of it is a hazard, or may be one", async () => {
    const yaml = "approval: { much: { when: acid.dispense.volume > 5 mL, why: w } }";
    const { guard, asked } = rig(yaml, { plan: [dose("acid", "t")] });
    guard.observe({
      type: "experiment.reviewed",
      command: "1",
      experiment: 1,
      ...(await guard.review(1, setting(5))),
    });
    expect(asked).toEqual([]);
    await guard.review(2, setting(6));
    expect(asked).toHaveLength(1);
    const open = rig(yaml, { plan: [dose("acid", "reading")] });
    await open.guard.review(1, setting(1));
    expect(open.asked).toHaveLength(1);
  });

  it("leaves to the door what a reading decides", async () => {
    const plan = [dose("acid", "1"), dose("base-2", "reading")];
    const { guard, acts } = rig(`${VIAL}${TOGETHER}`, { plan });
    expect(await guard.review(1, setting(1))).toEqual({ refused: [] });
    await acts("acid", "dispense", 1);
    expect(await acts("base-2", "dispense", 0)).toBe("may begin");
    expect(await acts("base-2", "dispense", 20)).toContain("to 21 mL");
  });

  it("asks outside of the explored ranges, with their margin", async () => {
    const yaml = "approval: { far: { outside: explored, margin: 50 %, why: w } }";
    const { guard, asked } = rig(yaml);
    for (const [i, t] of [4, 6].entries())
      guard.observe({
        type: "measurement.recorded",
        command: `${i}`,
        experiment: i,
        setting: setting(t),
        values: {},
        unusable: [],
      });
    const review = async (experiment: number, t: number): Promise<void> => {
      const reviewed = await guard.review(experiment, setting(t));
      guard.observe({ type: "experiment.reviewed", command: "r", experiment, ...reviewed });
    };
    await review(1, 7);
    await review(2, 3);
    expect(asked).toEqual([]);
    await review(3, 7.1);
    expect(asked).toEqual([
      'may experiment 3 begin? Rule "far": t 7.1 is outside of 4 to 6, which was explored: w',
    ]);
  });
});
