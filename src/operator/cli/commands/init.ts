import { existsSync, readdirSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { cancel, intro, isCancel, outro, select, text } from "@clack/prompts";
import { type Document, parseDocument } from "yaml";
import { listSerialPorts, type SerialPortInfo } from "../../../instrument/transport/serial-ports.ts";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-code.ts";
import { packageRoot } from "../package-root.ts";
import { type CommonOptions, openTerminal, type Terminal } from "../terminal.ts";
import { wholeNumber } from "../whole-number.ts";
import { schemaText } from "./schema.ts";

interface InitOptions extends CommonOptions {
  readonly template?: string;
  readonly name?: string;
  readonly experiments?: string;
}

/** What a person chose. */
interface Wishes {
  readonly folder: string;
  readonly template: string;
  readonly name: string;
  readonly experiments: number | undefined;
  /** Serial port for each instrument that was given one. */
  readonly ports: Readonly<Record<string, string>>;
}

const NAME = /^[a-z0-9][a-z0-9-]*$/;

/** `labloop init`: writes a first campaign with its lab, from an example; asks on a terminal, else takes options. */
export async function init(folder: string | undefined, options: InitOptions): Promise<number> {
  const terminal = openTerminal(options);
  const complete = options.template !== undefined && options.name !== undefined;
  if (!complete && !process.stdin.isTTY)
    throw new CliError({
      code: "cli.no-terminal",
      message: "nobody can be asked here",
      advice: `say \`labloop init ${folder ?? "my-campaign"} --template ${templates()[0]} --name my-campaign\``,
    });
  const wishes = complete ? wishesOf(folder, options) : await ask(folder, options);
  if (wishes === undefined) {
    cancel("nothing was written");
    return EXIT.stoppedByPerson;
  }
  await write(terminal, wishes);
  return EXIT.concluded;
}

function templates(): string[] {
  const examples = join(packageRoot(), "examples");
  return readdirSync(examples).filter((name) => existsSync(join(examples, name, "campaign.yaml")));
}

function wishesOf(folder: string | undefined, options: InitOptions): Wishes {
  const { template = "", name = "" } = options;
  if (!templates().includes(template))
    throw new CliError({
      code: "cli.no-template",
      message: `there is no template "${template}"`,
      advice: `choose one of ${templates().join(", ")}`,
    });
  if (!NAME.test(name))
    throw new CliError({
      code: "cli.bad-name",
      message: `"${name}" is no name for a campaign`,
      advice: "use small letters, digits and -",
    });
  const experiments = wholeNumber("--experiments", options.experiments);
  return { folder: folder ?? name, template, name, experiments, ports: {} };
}

async function ask(folder: string | undefined, options: InitOptions): Promise<Wishes | undefined> {
  intro("labloop: a first campaign");
  const template =
    options.template ??
    (await select({
      message: "What is most like your experiment?",
      options: templates().map((value) => ({ value, label: value, hint: describeTemplate(value) })),
    }));
  if (isCancel(template)) return undefined;
  const name =
    options.name ??
    (await text({
      message: "What is the campaign called?",
      initialValue: template,
      validate: (value) => (NAME.test(value ?? "") ? undefined : "use small letters, digits and -"),
    }));
  if (isCancel(name)) return undefined;
  const place = folder ?? (await text({ message: "Into which folder?", initialValue: name }));
  if (isCancel(place)) return undefined;
  const experiments = await text({
    message: "How many experiments at most?",
    initialValue: options.experiments ?? "40",
    validate: (value) => (/^[1-9]\d*$/.test(value ?? "") ? undefined : "write a whole number above 0"),
  });
  if (isCancel(experiments)) return undefined;
  const ports = await askPorts(template);
  if (ports === undefined) return undefined;
  outro("writing the files");
  return { folder: place, template, name, experiments: Number(experiments), ports };
}

/** Asks where each serial instrument is plugged in, when this computer has serial ports. */
async function askPorts(template: string): Promise<Record<string, string> | undefined> {
  const found: readonly SerialPortInfo[] = await listSerialPorts().catch(() => []);
  const chosen: Record<string, string> = {};
  if (found.length === 0) return chosen;
  const lab = parseDocument(await readFile(join(packageRoot(), "examples", template, "lab.yaml"), "utf8"));
  const { instruments = {} } = lab.toJS() as { instruments?: Record<string, { connect?: object }> };
  for (const [name, { connect = {} }] of Object.entries(instruments)) {
    if (!("serial" in connect)) continue;
    const port = await select({
      message: `Where is ${name} plugged in?`,
      options: [
        { value: "", label: "not yet" },
        ...found.map(({ path, manufacturer }) => ({
          value: path,
          label: path,
          ...(manufacturer === undefined ? {} : { hint: manufacturer }),
        })),
      ],
    });
    if (isCancel(port)) return undefined;
    if (port !== "") chosen[name] = port;
  }
  return chosen;
}

function describeTemplate(template: string): string {
  return template === "enzyme" ? "tell rival laws apart" : "find the best setting";
}

async function write(terminal: Terminal, wishes: Wishes): Promise<void> {
  const { folder, template, name, experiments, ports } = wishes;
  const from = join(packageRoot(), "examples", template);
  const campaign = parseDocument(await readFile(join(from, "campaign.yaml"), "utf8"));
  campaign.set("name", name);
  if (experiments !== undefined) campaign.setIn(["budget", "experiments"], experiments);
  const lab = parseDocument(await readFile(join(from, "lab.yaml"), "utf8"));
  for (const [instrument, port] of Object.entries(ports))
    lab.setIn(["instruments", instrument, "connect", "serial"], port);
  const files = new Map([
    ["campaign.yaml", withSchema(campaign, "campaign")],
    ["lab.yaml", withSchema(lab, "lab")],
    [join(".labloop", "campaign.schema.json"), schemaText("campaign")],
    [join(".labloop", "lab.schema.json"), schemaText("lab")],
  ]);
  const there = ["campaign.yaml", "lab.yaml"].find((file) => existsSync(join(folder, file)));
  if (there !== undefined)
    throw new CliError({
      code: "cli.file-there",
      message: `"${join(folder, there)}" is there already; nothing was written`,
      advice: "choose another folder",
    });
  await mkdir(join(folder, ".labloop"), { recursive: true });
  for (const [file, content] of files) await writeFile(join(folder, file), content, { flag: "w" });
  const path = relative(process.cwd(), join(folder, "campaign.yaml"));
  terminal.say([...files.keys()].map((file) => join(folder, file)).join("\n"));
  terminal.say("");
  terminal.say(`next: \`labloop validate ${path}\`, then \`labloop dry-run ${path}\``);
}

/** The line by which editors find the schema. */
function withSchema(document: Document, kind: "campaign" | "lab"): string {
  return `# yaml-language-server: $schema=./.labloop/${kind}.schema.json\n${document.toString({ lineWidth: 120 })}`;
}
