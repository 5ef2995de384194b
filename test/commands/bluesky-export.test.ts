import { describe, expect, it } from "vitest";
import { eventModelProblems, haveEventModel, SCHEMA_OF } from "../support/event-model.ts";
import { jsonLines, labloop, testFolder } from "../support/labloop.ts";

describe("the Bluesky export of whole campaigns", () => {
  it.skipIf(!haveEventModel()).each(["colour-match", "enzyme"])(
    "of examples/%s is valid document by document",
    (example) => {
      const folder = testFolder();
      labloop(folder, "run", `examples/${example}/campaign.yaml`, "--simulate", "--quiet");
      const { stdout, status } = labloop(folder, "export", "--format", "bluesky", "--quiet");
      expect(status).toBe(0);
      const documents = jsonLines<[string, Record<string, unknown>]>(stdout);
      expect(eventModelProblems(documents)).toEqual([]);
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
