import { describe, expect, it } from "vitest";
import { z } from "zod";
import { describeFault } from "../../base/fault.ts";
import { campaignSchema } from "../schema/campaign-schema.ts";
import { checkSchema } from "./check-schema.ts";
import { parseSourceFile } from "./source-file.ts";

const shape = z.strictObject({
  name: z.string(),
  count: z.int().min(1).max(9).optional(),
  colour: z.enum(["red", "green"]).optional(),
  amount: z.union([z.string(), z.number()]).optional(),
  parts: z
    .array(
      z.union([
        z.strictObject({ wait: z.string(), always: z.boolean().optional() }),
        z.strictObject({ move: z.string(), by: z.number() }),
      ]),
    )
    .min(1)
    .optional(),
});

function told(yaml: string, schema: z.ZodType = shape): string[] {
  const parsed = parseSourceFile("a.yaml", yaml);
  if (parsed.kind === "faults") throw new Error("the test's file can't be read");
  const checked = checkSchema(parsed.source, schema);
  return checked.kind === "data"
    ? []
    : checked.faults.map((fault) => describeFault(fault).split("\n").join(" "));
}

describe("a file that is checked against its schema", () => {
  it("gives its data when all is well", () => {
    expect(told("name: x\nparts: [{ wait: 1 s }, { move: up, by: 3 }]\n")).toEqual([]);
  });

  it.each([
    ["count: 1\n", 'a.yaml:1:1: the file has no "name"   → add "name:" [file.missing-key]'],
    ["nmae: x\n", 'a.yaml:1:1: "nmae" is no key of the file   → did you mean "name"? [file.unknown-key]'],
    ["name: x\ncount: 0\n", 'a.yaml:2:8: "count" has to be at least 1'],
    ["name: x\ncount: 10\n", 'a.yaml:2:8: "count" has to be at most 9'],
    ["name: x\ncount: 1.5\n", 'a.yaml:2:8: "count" has to be a whole number'],
    ["name: x\ncolour: gren\n", 'a.yaml:2:9: "colour" has to be "red" or "green"   → did you mean "green"?'],
    ["name: x\namount: [1]\n", 'a.yaml:2:9: "amount" has to be a number, or a text such as "300 uL"'],
    ["name: x\nparts: []\n", 'a.yaml:2:8: "parts" needs at least 1 entry'],
    ["name: x\nparts: wait\n", 'a.yaml:2:8: "parts" has to be a list'],
    ["name: x\nparts: [wait]\n", 'a.yaml:2:9: "parts[0]" has to be a set of names with values'],
    ["name: x\nparts: [{ move: up }]\n", 'a.yaml:2:9: "parts[0]" has no "by"'],
    [
      "name: x\nparts: [{ wiat: 1 s }]\n",
      'a.yaml:2:11: "wiat" is no key of "parts[0]"   → did you mean "wait"?',
    ],
    ["name: x\nparts: [{ turn: 3 }]\n", "   → it is told by one of these keys: wait, move"],
    ["name: x\nparts: [{ wait: 1 s, by: 3 }]\n", '"by" can\'t stand beside "wait" in "parts[0]"'],
  ])("tells one thing: %j", (yaml, message) => {
    const found = told(yaml);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(message);
  });

  it("tells everything at once", () => {
    expect(told("naem: x\ncount: many\ncolour: 5\n")).toHaveLength(3);
  });

  it("looks no further into a file of another format", () => {
    expect(told("labloop: 3\nwhatever: true\n", campaignSchema)).toEqual([
      "a.yaml:1:10: this file has format 3, but this version of labloop reads format 1   → run it with the version of labloop that it was written for [file.other-version]",
    ]);
  });
});
