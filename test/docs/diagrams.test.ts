import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { labloop, testFolder } from "../support/labloop.ts";

it.each(["campaign", "experiment"])(
  "the docs show the machine of a %s as `labloop diagram` prints it",
  (machine) => {
    const page = readFileSync("docs/explanations/how-the-loop-works.md", "utf8");
    const { stdout, status } = labloop(testFolder(), "diagram", machine);
    expect(status).toBe(0);
    expect(page).toContain(`\`\`\`mermaid\n${stdout.trim()}\n\`\`\``);
  },
);
