import { z } from "zod";
import { campaignSchema } from "../../../campaign/schema/campaign-schema.ts";
import { labSchema } from "../../../lab/lab-schema.ts";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-code.ts";
import { type CommonOptions, openTerminal } from "../terminal.ts";

/** `labloop schema campaign|lab`: the JSON Schema for editors. */
export async function schema(file: string, options: CommonOptions): Promise<number> {
  const found = { campaign: campaignSchema, lab: labSchema }[file];
  if (found === undefined) {
    throw new CliError({
      code: "cli.no-schema",
      message: `there is no schema of "${file}"`,
      advice: "write `labloop schema campaign` or `labloop schema lab`",
    });
  }
  const title = file === "campaign" ? "labloop campaign file" : "labloop lab file";
  openTerminal(options).print(
    JSON.stringify({ title, ...z.toJSONSchema(found, { unrepresentable: "any" }) }, null, 2),
  );
  return EXIT.concluded;
}
