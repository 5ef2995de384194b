import { existsSync, readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CliError } from "../../cli-error.ts";
import { EXIT } from "../../exit-code.ts";
import { type CommonOptions, openTerminal } from "../../terminal.ts";
import { type DriverNames, driverText, subjectText, testText, twinText } from "./driver-template.ts";

/** `labloop instruments new`: writes a driver that works, with a twin and tests that pass, to begin from. */
export async function create(id: string, options: CommonOptions): Promise<number> {
  const terminal = openTerminal(options);
  const [, vendor, model] = /^([a-z0-9][a-z0-9-]*)\/([a-z0-9][a-z0-9-]*)$/.exec(id) ?? [];
  if (vendor === undefined || model === undefined)
    throw new CliError({
      code: "cli.bad-name",
      message: `"${id}" is no vendor and model`,
      advice: "write both in small letters, digits and hyphens, such as acme/widget",
    });
  const inside = isLabloop();
  const files = inside ? insideFiles({ vendor, model }) : outsideFiles({ vendor, model });
  const there = Object.keys(files).filter((file) => existsSync(file));
  if (there.length > 0)
    throw new CliError({
      code: "cli.file-there",
      message: `${there.join(", ")} is there already, and nothing was written`,
      advice: "choose another name, or remove it",
    });
  for (const [file, text] of Object.entries(files)) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { flag: "wx" });
    terminal.print(file);
  }
  terminal.say(
    inside
      ? `\`npx biome check --write drivers simulators test && npm test -- ${vendor}\` tries it; docs/tutorials/write-a-driver.md leads on`
      : `\`node --test drivers/${vendor}/${model}\` tries it; in a lab file it is \`driver: ./drivers/${vendor}/${model}/index.mjs\``,
  );
  return EXIT.concluded;
}

/** Whether the present folder is a checkout of labloop itself. */
function isLabloop(): boolean {
  if (!existsSync("package.json")) return false;
  const { name } = JSON.parse(readFileSync("package.json", "utf8")) as { name?: unknown };
  return name === "labloop";
}

function insideFiles({ vendor, model }: DriverNames): Record<string, string> {
  const names = { vendor, model };
  return {
    [join("drivers", vendor, model, "index.ts")]: driverText(names, "typescript"),
    [join("simulators", "instruments", vendor, model, "index.ts")]: twinText(names, "typescript"),
    [join("test", "contract", "subjects", `${vendor}.${model}.ts`)]: subjectText(names),
  };
}

function outsideFiles({ vendor, model }: DriverNames): Record<string, string> {
  const folder = join("drivers", vendor, model);
  const names = { vendor, model };
  return {
    [join(folder, "index.mjs")]: driverText(names, "javascript"),
    [join(folder, "twin.mjs")]: twinText(names, "javascript"),
    [join(folder, "contract.test.mjs")]: testText(),
  };
}
