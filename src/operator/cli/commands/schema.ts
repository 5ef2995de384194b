import { z } from "zod";
import { campaignSchema } from "../../../campaign/schema/campaign-schema.ts";
import { labSchema } from "../../../lab/lab-schema.ts";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-code.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";

/** `labloop schema campaign|lab`: the JSON Schema for editors. */
export async function schema(file: string, options: CommonOptions): Promise<number> {
  if (file !== "campaign" && file !== "lab") {
    throw new CliError({
      code: "cli.no-schema",
      message: `there is no schema of "${file}"`,
      advice: "write `labloop schema campaign` or `labloop schema lab`",
    });
  }
  openTerminal(options).print(schemaText(file).trimEnd());
  return EXIT.concluded;
}

/** The JSON Schema of a file as text. */
export function schemaText(file: "campaign" | "lab"): string {
  const schema = file === "campaign" ? campaignSchema : labSchema;
  const title = `labloop ${file} file`;
  return `${JSON.stringify({ title, ...z.toJSONSchema(schema, { unrepresentable: "any" }) }, null, 2)}\n`;
}
