import { describe, expect, it } from "vitest";
import type { RaisedAlarm } from "../../loop/event.ts";
import { raisingQuestions } from "./question.ts";

/** What happens to a question that is put with an alarm. */
function rig(answer: (text: string) => Promise<string>) {
  const happened: string[] = [];
  const runtime = {
    raise: ({ alarm, cause }: RaisedAlarm) => happened.push(`${alarm} raised: ${cause}`),
    clear: (alarm: string) => happened.push(`${alarm} cleared`),
  };
  const ask = raisingQuestions(answer, () => runtime, "high");
  return { ask, happened };
}

describe("a question to a person", () => {
  it("is an alarm until it is answered", async () => {
    const { ask, happened } = rig(async () => "done");
    expect(await ask("Change the vial", true)).toBe("done");
    expect(happened).toEqual(["question.1 raised: Change the vial", "question.1 cleared"]);
  });

  it("that needs no answer is none", async () => {
    const { ask, happened } = rig(async () => "shown");
    await ask("It begins", false);
    expect(happened).toEqual([]);
  });

  it("that is taken back is over, even if it is never answered", () => {
    const { ask, happened } = rig(() => new Promise(() => {}));
    const back = new AbortController();
    void ask("Change the vial", true, undefined, back.signal);
    back.abort();
    expect(happened).toEqual(["question.1 raised: Change the vial", "question.1 cleared"]);
  });
});
