import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { jsonLines, labloop, testFolder } from "../support/labloop.ts";

/** JSON schemas of the event model, as its own repository has them. */
const SCHEMAS = process.env["EVENT_MODEL_SCHEMAS"] ?? "../shared/data/event-model-schemas";

const SCHEMA_OF: Readonly<Record<string, string>> = {
  start: "run_start",
  descriptor: "event_descriptor",
  event: "event",
  stop: "run_stop",
};

function validators(): Map<string, ValidateFunction> {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  const files = readdirSync(SCHEMAS).filter((file) => file.endsWith(".json"));
  return new Map(
    files.map((file) => {
      const schema = JSON.parse(readFileSync(join(SCHEMAS, file), "utf8")) as object;
      return [file.replace(".json", ""), ajv.compile(schema)];
    }),
  );
}

describe("the Bluesky export of whole campaigns", () => {
  it.skipIf(!existsSync(SCHEMAS)).each(["colour-match", "enzyme"])(
    "of examples/%s is valid document by document",
    (example) => {
      const folder = testFolder();
      labloop(folder, "run", `examples/${example}/campaign.yaml`, "--simulate", "--quiet");
      const { stdout, status } = labloop(folder, "export", "--format", "bluesky", "--quiet");
      expect(status).toBe(0);
      const documents = jsonLines<[string, Record<string, unknown>]>(stdout);
      const byKind = validators();
      const wrong = documents.flatMap(([kind, document]) => {
        const validate = byKind.get(SCHEMA_OF[kind] ?? "");
        if (validate === undefined) return [`there is no schema for "${kind}"`];
        return validate(document) ? [] : [`${kind}: ${JSON.stringify(validate.errors)}`];
      });
      expect(wrong).toEqual([]);
      expect(new Set(documents.map(([kind]) => kind))).toEqual(new Set(Object.keys(SCHEMA_OF)));
      expect(keysWithDots(documents)).toEqual([]);
    },
  );
});

/** Names of data keys that the event model forbids. */
function keysWithDots(documents: readonly [string, Record<string, unknown>][]): string[] {
  return documents.flatMap(([kind, document]) => {
    const keys = kind === "descriptor" ? document["data_keys"] : kind === "event" ? document["data"] : {};
    return Object.keys(keys as object).filter((key) => /[./]/.test(key));
  });
}
