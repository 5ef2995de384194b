import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseExpression } from "../../src/base/expression/parse.ts";
import { isUnitProblem, parseUnit } from "../../src/base/unit.ts";
import { campaignSchema } from "../../src/campaign/schema/campaign-schema.ts";
import { labSchema } from "../../src/lab/lab-schema.ts";
import { FAULT_NAMES } from "../../src/lab/scheduled-faults.ts";
import { labloopIn, testFolder } from "../support/labloop.ts";

interface JsonSchema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly required?: readonly string[];
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
}

interface Names {
  /** The schema behind a reference, once: steps hold steps. */
  readonly definitions: Map<string, JsonSchema>;
  /** What a free name is called at some paths, "<name>" elsewhere. */
  readonly free: Readonly<Record<string, string>>;
}

/** The keys of a schema as the reference writes them: `parameters.<name>.min`, `procedure[].do`. */
function keysOf(schema: JsonSchema, names: Names, path = ""): string[] {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split("/").at(-1) as string;
    const found = names.definitions.get(name);
    names.definitions.delete(name);
    return found === undefined ? [] : keysOf(found, names, path);
  }
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const at = path === "" ? key : `${path}.${key}`;
    return [at, ...keysOf(value, names, at)];
  });
  const { additionalProperties: others, items } = schema;
  const each = typeof others === "object" ? others : undefined;
  return [
    ...own,
    ...(each === undefined ? [] : keysOf(each, names, `${path}.${names.free[path] ?? "<name>"}`)),
    ...(items === undefined ? [] : keysOf(items, names, `${path}[]`)),
    ...(schema.anyOf ?? []).flatMap((way) => keysOf(way, names, path)),
  ];
}

function schemaKeys(schema: z.ZodType, free: Names["free"] = {}): { keys: string[]; required: string[] } {
  const json = z.toJSONSchema(schema, { unrepresentable: "any" }) as JsonSchema;
  const definitions = new Map(Object.entries(json.$defs ?? {}));
  // One goal and several have the same keys; lists of branches hold the same steps as the procedure.
  const keys = keysOf(json, { definitions, free }).filter((key) => !key.startsWith("goal[]"));
  return { keys: [...new Set(keys)].sort(), required: [...(json.required ?? [])].sort() };
}

function documented(page: string): { keys: string[]; required: string[] } {
  const rows = [...page.matchAll(/^\| `([^`]+)`( \\\*)? +\|.*\|.*\|$/gm)].map((row) => ({
    key: row[1] as string,
    required: row[2] !== undefined,
  }));
  return {
    keys: rows.map(({ key }) => key).sort(),
    required: rows.flatMap(({ key, required }) => (required && !/[.[]/.test(key) ? [key] : [])).sort(),
  };
}

function read(page: string): string {
  return readFileSync(join("docs/reference", page), "utf8");
}

/** The first whole file that a page shows. */
function wholeFile(page: string): string {
  const [, text] = /```yaml\n(labloop: 1\n[\s\S]*?)```/.exec(read(page)) ?? [];
  if (text === undefined) throw new Error(`${page} shows no whole file`);
  return text;
}

describe("docs/reference/campaign-file.md", () => {
  it("has every key of the schema, and no other", () => {
    expect(documented(read("campaign-file.md"))).toEqual(schemaKeys(campaignSchema));
  });

  it("shows a file that is good, without a warning", async () => {
    const folder = testFolder();
    writeFileSync(join(folder, "campaign.yaml"), wholeFile("campaign-file.md"));
    writeFileSync(join(folder, "lab.yaml"), readFileSync("examples/colour-match/lab.yaml"));
    const { status, stderr } = await labloopIn(folder, "validate", "campaign.yaml");
    expect(stderr).toMatch(/^campaign\.yaml: good\./);
    expect(status).toBe(0);
  });

  it("has every function of the expression language, and no other", () => {
    const [, row = ""] = /^\| functions +\| (.*)\|$/m.exec(read("campaign-file.md")) ?? [];
    const functions = [...row.matchAll(/`(\w+)`/g)].map((match) => match[1] as string).sort();
    const refused = parseExpression("unheardofinanylanguage(1)");
    const known = refused.kind === "problem" ? (/known are (.*)$/.exec(refused.message)?.[1] ?? "") : "";
    expect(functions).toEqual(known.split(", ").sort());
  });

  it("has units that labloop knows", () => {
    const section = /## Quantities([\s\S]*?)Units are joined/.exec(read("campaign-file.md"))?.[1] ?? "";
    const units = [...section.matchAll(/^\|[^|]+\|(.*)\|$/gm)].flatMap((row) =>
      [...(row[1] as string).matchAll(/`([^`]+)`/g)].map((match) => match[1] as string),
    );
    expect(units.length).toBeGreaterThan(70);
    expect(units.filter((unit) => isUnitProblem(parseUnit(unit)))).toEqual([]);
    expect(new Set(units).size).toBe(units.length);
  });
});

describe("docs/reference/lab-file.md", () => {
  it("has every fault of a rehearsal", () => {
    const [, section = ""] = read("lab-file.md").split("## Faults in a rehearsal");
    const named = new Set([...section.matchAll(/`([a-z]+)`/g)].map((match) => match[1] as string));
    expect(FAULT_NAMES.filter((name) => !named.has(name))).toEqual([]);
  });

  it("has every key of the schema, and no other", () => {
    const free = { "instruments.<name>.limits": "<limit>" };
    const { keys, required } = schemaKeys(labSchema, free);
    expect(documented(read("lab-file.md"))).toEqual({ keys, required });
  });

  it("shows a file whose instruments can be listed", async () => {
    const folder = testFolder();
    writeFileSync(join(folder, "lab.yaml"), wholeFile("lab-file.md"));
    const { status, stdout } = await labloopIn(folder, "instruments", "lab.yaml");
    expect(stdout).toContain("volume to move (0 to 5000 uL)");
    expect(status).toBe(0);
  });
});
