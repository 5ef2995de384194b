import { expect, it } from "vitest";
import { StartLine } from "./start-line.ts";

it("all begin in their order, however they came", async () => {
  const line = new StartLine(["a", "b"], () => undefined);
  const begun: string[] = [];
  const begin = async (id: string): Promise<void> => {
    if ((await line.ready(id)) === undefined) begun.push(id);
  };
  await Promise.all([begin("b"), begin("a")]);
  expect(begun).toEqual(["a", "b"]);
});

it("none begins where one can't, and each is told which", async () => {
  let went = false;
  const line = new StartLine(["a", "b", "c"], () => {
    went = true;
  });
  const early = line.ready("a");
  expect(went).toBe(false);
  line.giveUp("b");
  const late = line.ready("c");
  for (const fault of await Promise.all([early, late]))
    expect(fault).toMatchObject({
      code: "campaign.not-together",
      message: expect.stringContaining("campaign b "),
    });
  expect(went).toBe(true);
});
