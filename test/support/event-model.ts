import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";

/** JSON schemas of the event model, as its own repository has them. */
const FOLDER = process.env["EVENT_MODEL_SCHEMAS"] ?? "../shared/data/event-model-schemas";

/** Name of the schema of each kind of document that labloop writes. */
export const SCHEMA_OF: Readonly<Record<string, string>> = {
  start: "run_start",
  descriptor: "event_descriptor",
  event: "event",
  stop: "run_stop",
};

/** Whether the schemas are there to check by. */
export function haveEventModel(): boolean {
  return existsSync(FOLDER);
}

/** What the schemas of the event model find wrong in documents; a kind without a schema is wrong too. */
export function eventModelProblems(documents: readonly (readonly [string, object])[]): string[] {
  const validators = compileAll();
  return documents.flatMap(([kind, document]) => {
    const validate = validators.get(SCHEMA_OF[kind] ?? "");
    if (validate === undefined) return [`there is no schema for "${kind}"`];
    return validate(document) ? [] : [`${kind}: ${JSON.stringify(validate.errors)}`];
  });
}

function compileAll(): Map<string, ValidateFunction> {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".json"));
  return new Map(
    files.map((file) => {
      const schema = JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as object;
      return [file.replace(".json", ""), ajv.compile(schema)];
    }),
  );
}
