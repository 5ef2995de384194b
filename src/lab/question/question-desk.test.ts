import { describe, expect, it } from "vitest";
import type { LoopEvent, RaisedAlarm } from "../../loop/event.ts";
import type { AskPerson } from "../ask-person.ts";
import { virtualTime } from "../virtual-time.ts";
import { QuestionDesk } from "./question-desk.ts";

const NEVER: AskPerson = () => new Promise(() => {});

/** What happens to questions that are put at a desk where Ada sits. */
function rig(ask: AskPerson) {
  const happened: string[] = [];
  const raised: RaisedAlarm[] = [];
  const runtime = {
    raise: (alarm: RaisedAlarm) => {
      raised.push(alarm);
      happened.push(`${alarm.alarm} raised: ${alarm.cause}`);
    },
    clear: (alarm: string) => happened.push(`${alarm} cleared`),
  };
  const tell = (event: LoopEvent): void => {
    if (event.type === "question.answered") happened.push(`${event.by}: ${event.answer}`);
  };
  const clock = virtualTime(0);
  const roles = { safety: ["cy"] };
  const desk = new QuestionDesk({
    ask,
    operator: "ada",
    roles,
    priority: "high",
    clock,
    runtime: () => runtime,
    tell,
  });
  return { desk, happened, raised };
}

const answered = (answer: string, by: string, about = "Change the vial") =>
  ({ request: "answer", question: "question.1", about, answer, by }) as const;

describe("a question to a person", () => {
  it("is an alarm until it is answered, and it is kept who did", async () => {
    const { desk, happened } = rig(async () => "done");
    expect(await desk.ask("Change the vial", true)).toBe("done");
    expect(happened).toEqual(["question.1 raised: Change the vial", "ada: done", "question.1 cleared"]);
  });

  it("that needs no answer is none", async () => {
    const { desk, happened } = rig(async () => "shown");
    await desk.ask("It begins", false);
    expect(happened).toEqual([]);
  });

  it("that is taken back is over, even if it is never answered", () => {
    const { desk, happened } = rig(NEVER);
    const back = new AbortController();
    void desk.ask("Change the vial", true, undefined, back.signal);
    back.abort();
    expect(happened).toEqual(["question.1 raised: Change the vial", "question.1 cleared"]);
    expect(desk.answer(answered("done", "bo"))).toBe(false);
  });

  it("is answered from elsewhere, and the first answer counts", async () => {
    let withdrawn = false;
    const { desk, happened } = rig((_, __, ___, signal) => {
      signal?.addEventListener("abort", () => {
        withdrawn = true;
      });
      return new Promise(() => {});
    });
    const asked = desk.ask("Change the vial", true, ["done", "not done"]);
    expect(desk.answer(answered("perhaps", "bo"))).toBe(false);
    expect(desk.answer(answered("done", "bo", "Close the valve"))).toBe(false);
    expect(desk.answer(answered("done", "bo"))).toBe(true);
    expect(await asked).toBe("done");
    expect(desk.answer(answered("not done", "cy"))).toBe(false);
    expect(happened.slice(1)).toEqual(["bo: done", "question.1 cleared"]);
    expect(withdrawn).toBe(true);
  });

  it("is answered by those alone who may, by name or by role", async () => {
    let isAsked = false;
    const { desk, raised } = rig(async () => {
      isAsked = true;
      return "done";
    });
    let who = "";
    const onAnswer = (by: string): void => {
      who = by;
    };
    const asked = desk.ask("Change the vial", true, undefined, undefined, { by: ["safety"], onAnswer });
    expect(isAsked).toBe(false);
    expect(raised[0]?.say).toContain("only safety may");
    expect(desk.answer(answered("done", "bo"))).toBe(false);
    expect(desk.answer(answered("done", "cy"))).toBe(true);
    expect(await asked).toBe("done");
    expect(who).toBe("cy");
  });

  it("has the file's answer when nobody gives one in time", async () => {
    const { desk, happened, raised } = rig(NEVER);
    const otherwise = { answer: "refuse", after: 60_000 };
    expect(await desk.ask("May it begin?", true, ["approve", "refuse"], undefined, { otherwise })).toBe(
      "refuse",
    );
    expect(happened.slice(1)).toEqual(["nobody in time: refuse", "question.1 cleared"]);
    expect(raised[0]?.question).toEqual({
      answers: ["approve", "refuse"],
      until: 60_000,
      otherwise: "refuse",
    });
  });
});
