import { hash } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import type { Fault } from "../base/fault.ts";
import { type Campaign, compileCampaign } from "../campaign/compile/campaign.ts";
import { compileConstants } from "../campaign/compile/constants.ts";
import { FaultCollector } from "../campaign/compile/faults.ts";
import { settingsToTry } from "../campaign/compile/reach.ts";
import { settingScope } from "../campaign/compile/space.ts";
import { checkSchema } from "../campaign/file/check-schema.ts";
import { readLinkedTables } from "../campaign/file/linked-tables.ts";
import { parseSourceFile, type SourceFile } from "../campaign/file/source-file.ts";
import { campaignSchema, type WrittenCampaign } from "../campaign/schema/campaign-schema.ts";
import { stepSchema, type WrittenStep } from "../campaign/schema/step-schema.ts";
import { withEarlierTables } from "../campaign/strategy/earlier-results.ts";
import type { Window } from "../campaign/window/window.ts";
import type { Problem } from "../experiment/design/task/problem.ts";
import type { WindowRules } from "../loop/definition.ts";
import { forecast } from "../loop/forecast.ts";
import { byTheirNames, describeLab, type LabDescription } from "./lab-description.ts";
import { labSchema, type WrittenFault, type WrittenLab } from "./lab-schema.ts";
import { USUAL_START } from "./lab-time.ts";
import { checkAnswerers } from "./question/check-answerers.ts";
import { readTextFile } from "./read-text-file.ts";
import { checkRules } from "./safety/check-rules.ts";
import { readRules } from "./safety/read-rules.ts";
import { joinedRules, type SafetyRules } from "./safety/rules.ts";
import { checkSupplies } from "./stock/check-supplies.ts";
import { type CampaignWindows, campaignWindows } from "./window/campaign-windows.ts";

/** A campaign with its lab, read and checked in full. */
export interface LoadedCampaign {
  /** Derived from the files and the seed. */
  readonly id: string;
  readonly campaign: Campaign;
  readonly lab: LabDescription;
  /** Rules of safety of the lab and of the campaign. */
  readonly rules: SafetyRules;
  /** When experiments may happen; at any time when there is none. */
  readonly windows: readonly Window[];
  /** The texts of the files, by their part. */
  readonly texts: Readonly<Record<string, string>>;
}

/** A campaign, or everything that is wrong with its files. */
export type CampaignLoading =
  | { readonly kind: "loaded"; readonly loaded: LoadedCampaign }
  | { readonly kind: "faults"; readonly faults: readonly Fault[] };

/**
 * The files of a campaign; `steps` are what the module of a procedure returned, as JSON, and tables go by the name that
 * the campaign file gives them.
 */
export type FilePart = "campaign" | "lab" | "steps" | `table ${string}` | `holidays ${string}`;

/** Where a campaign is read from. */
export interface CampaignSource {
  readonly file: string;
  /** Takes the place of the lab file that the campaign names. */
  readonly labFile?: string;
  /** Takes the place of the campaign's seed. */
  readonly seed?: number;
  /** Gives the text of a file; from the disk by default, from the journal when a campaign is resumed. */
  readonly read?: (file: string, part: FilePart) => Promise<string>;
  /** What a rehearsal changes of the lab's simulation. */
  readonly rehearsal?: Rehearsal;
}

/** What a rehearsal changes of a lab's simulation. */
export interface Rehearsal {
  /** When it begins: a time of day, or a day with a time, on the lab's wall. */
  readonly start?: string;
  /** What goes wrong besides what the lab file says. */
  readonly faults?: readonly WrittenFault[];
}

/** Reads a campaign and its lab, and checks both. */
export async function loadCampaign(source: CampaignSource): Promise<CampaignLoading> {
  const read = source.read ?? readTextFile;
  const campaign = await readChecked(source.file, () => read(source.file, "campaign"), campaignSchema);
  if (campaign.kind === "faults") return campaign;
  const labFile = source.labFile ?? resolve(dirname(source.file), campaign.data.lab ?? "lab.yaml");
  const besideLab = (file: string): Promise<string> =>
    read(resolve(dirname(labFile), file), `holidays ${file}`);
  const lab = await loadLab(shown(labFile), () => read(labFile, "lab"), besideLab, source.rehearsal);
  if (lab.kind === "faults")
    return {
      kind: "faults",
      faults: lab.faults.map((fault) => ({ place: campaign.source.placeOf(["lab"]), ...fault })),
    };
  const steps = await stepsOf(campaign.source, campaign.data, source.read);
  if (steps.kind === "faults") return steps;
  const folder = dirname(source.file);
  const linked = await readLinkedTables(campaign.source, campaign.data, (file) =>
    read(resolve(folder, file), `table ${file}`),
  );
  if (linked.kind === "faults") return linked;
  const compiled = compileCampaign({
    source: campaign.source,
    file: campaign.data,
    steps: steps.steps,
    catalogue: lab.lab.catalogue,
    shared: lab.lab.resources,
    tables: linked.tables,
    ...(source.seed === undefined ? {} : { seed: source.seed }),
  });
  if (compiled.kind === "faults") return compiled;
  const { definition } = compiled.campaign;
  const known = withEarlierTables(definition.problem, campaign.data.earlier ?? [], linked.tables);
  if (known.kind === "faults") return known;
  const safety = safetyOf(campaign.source, campaign.data, compiled.campaign, lab.lab);
  if (safety.kind === "faults") return safety;
  const windows = windowsOf(campaign.source, campaign.data, compiled.campaign, lab.lab);
  if (windows.kind === "faults") return windows;
  const fromModule = "module" in campaign.data.procedure;
  const tables = Object.entries(linked.texts).map(([file, text]) => [`table ${file}`, text] as const);
  const holidays = Object.entries(lab.lab.windows.holidays).map(
    ([file, text]) => [`holidays ${file}`, text] as const,
  );
  const texts = {
    campaign: campaign.source.text,
    lab: lab.text,
    ...(fromModule ? { steps: JSON.stringify(steps.steps) } : {}),
    ...Object.fromEntries(tables),
    ...Object.fromEntries(holidays),
  };
  const { seed, name } = compiled.campaign;
  const parts = [texts.campaign, texts.lab, steps.steps, seed, ...tables, ...holidays];
  const digest = hash("sha256", JSON.stringify(parts), "hex");
  return {
    kind: "loaded",
    loaded: {
      id: `${name}-${digest.slice(0, 8)}`,
      campaign: {
        ...withProblem(compiled.campaign, known.problem, windows.rules),
        warnings: safety.warnings,
      },
      lab: lab.lab,
      rules: safety.rules,
      windows: windows.windows,
      texts,
    },
  };
}

type Safety =
  | { readonly kind: "safety"; readonly rules: SafetyRules; readonly warnings: readonly Fault[] }
  | { readonly kind: "faults"; readonly faults: readonly Fault[] };

/** The rules of safety of a campaign file and its lab, tried on settings of the campaign. */
function safetyOf(
  source: SourceFile,
  file: WrittenCampaign,
  campaign: Campaign,
  lab: LabDescription,
): Safety {
  const faults = new FaultCollector(source);
  const own = byTheirNames(lab.instruments);
  const roles = Object.entries(file.instruments ?? {}).flatMap(([role, name]) => {
    const named = own[name];
    return named === undefined ? [] : [[role, named] as const];
  });
  const { parameters } = campaign.definition.experiment;
  const values = settingScope(compileConstants(faults, file), parameters);
  const instruments = { ...own, ...Object.fromEntries(roles) };
  const rules = joinedRules(lab.rules, readRules({ faults, source, file, instruments, values }));
  if (faults.faults.length > 0) return { kind: "faults", faults: faults.faults };
  const { people } = lab;
  const places = {
    procedure: source.placeOf(["procedure"]),
    failures: source.placeOf(["failures", "asked"]),
  };
  const unanswerable = checkAnswerers(people, campaign.definition, rules.approval, places);
  if (unanswerable.length > 0) return { kind: "faults", faults: unanswerable };
  const checked = checkRules(rules, campaign);
  return checked.faults.length > 0
    ? { kind: "faults", faults: checked.faults }
    : {
        kind: "safety",
        rules,
        warnings: [...campaign.warnings, ...checked.warnings, ...checkSupplies(lab.supplies, campaign)],
      };
}

type Windows =
  | ({ readonly kind: "windows" } & CampaignWindows)
  | { readonly kind: "faults"; readonly faults: readonly Fault[] };

/** When the experiments of a campaign may happen, from now on and as its simulation begins. */
function windowsOf(
  source: SourceFile,
  file: WrittenCampaign,
  campaign: Campaign,
  lab: LabDescription,
): Windows {
  const faults = new FaultCollector(source);
  const { experiment, problem } = campaign.definition;
  const longest = (): number => {
    const settings = problem.candidates ?? settingsToTry(problem.space);
    return Math.min(...settings.map((setting) => forecast(experiment, setting).longest));
  };
  const windows = campaignWindows(faults, file.window, campaign, lab, longest, lab.start);
  return faults.faults.length > 0
    ? { kind: "faults", faults: faults.faults }
    : { kind: "windows", ...windows };
}

function withProblem(campaign: Campaign, problem: Problem, window: WindowRules | undefined): Campaign {
  return { ...campaign, definition: { ...campaign.definition, problem, ...(window && { window }) } };
}

/** A lab file, or everything that is wrong with it. */
export type LabLoading =
  | { readonly kind: "lab"; readonly lab: LabDescription; readonly text: string }
  | { readonly kind: "faults"; readonly faults: readonly Fault[] };

/** Reads a lab file and checks it. */
export async function loadLab(
  file: string,
  read: () => Promise<string> = () => readTextFile(file),
  beside: (other: string) => Promise<string> = (other) => readTextFile(resolve(dirname(file), other)),
  rehearsal: Rehearsal = {},
): Promise<LabLoading> {
  const checked = await readChecked(file, read, labSchema);
  if (checked.kind === "faults") return checked;
  const described = await describeLab(checked.source, rehearsed(checked.data, rehearsal), beside);
  return described.kind === "faults"
    ? described
    : { kind: "lab", lab: described.lab, text: checked.source.text };
}

/** A lab as it is rehearsed. */
function rehearsed(lab: WrittenLab, { start, faults = [] }: Rehearsal): WrittenLab {
  if (start === undefined && faults.length === 0) return lab;
  const { simulation = {} } = lab;
  // A time of day is meant on the day on which the simulation begins anyhow.
  const day = (simulation.start ?? USUAL_START).slice(0, 11);
  const begin =
    start === undefined
      ? simulation.start
      : /^\d{1,2}:\d{2}$/.test(start)
        ? `${day}${start.padStart(5, "0")}`
        : start;
  return {
    ...lab,
    simulation: {
      ...simulation,
      ...(begin !== undefined && { start: begin }),
      faults: [...(simulation.faults ?? []), ...faults],
    },
  };
}

/** A path as a person would type it here. */
function shown(file: string): string {
  const near = relative(process.cwd(), file);
  return near.length < file.length ? near : file;
}

type Read<T> =
  | { readonly kind: "read"; readonly source: SourceFile; readonly data: T }
  | { readonly kind: "faults"; readonly faults: readonly Fault[] };

async function readChecked<T>(
  file: string,
  read: () => Promise<string>,
  schema: z.ZodType<T>,
): Promise<Read<T>> {
  let text: string;
  try {
    text = await read();
  } catch (error) {
    return { kind: "faults", faults: [unreadable(file, error)] };
  }
  const parsed = parseSourceFile(file, text);
  if (parsed.kind === "faults") return parsed;
  const checked = checkSchema(parsed.source, schema);
  return checked.kind === "faults" ? checked : { kind: "read", source: parsed.source, data: checked.data };
}

function unreadable(file: string, error: unknown): Fault {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") {
    return {
      code: "file.missing",
      message: `there is no file "${file}"`,
      advice: "look at the path, or begin with `labloop init`",
    };
  }
  const why =
    code === "EISDIR"
      ? "it is a folder"
      : code === "EACCES"
        ? "this user may not read it"
        : (error as Error).message;
  return {
    code: "file.unreadable",
    message: `"${file}" can't be read: ${why}`,
    advice: "look at the path and its rights",
  };
}

type Steps =
  | { readonly kind: "steps"; readonly steps: readonly WrittenStep[] }
  | { readonly kind: "faults"; readonly faults: readonly Fault[] };

/** The steps of the file, or those that the function `procedure` of a module returns. */
async function stepsOf(
  source: SourceFile,
  file: WrittenCampaign,
  read: CampaignSource["read"],
): Promise<Steps> {
  if (!("module" in file.procedure)) return { kind: "steps", steps: file.procedure };
  // A campaign goes on with the steps that it began with, whatever has become of the module.
  if (read !== undefined)
    return { kind: "steps", steps: stepSchema.array().parse(JSON.parse(await read(source.file, "steps"))) };
  const faults = new FaultCollector(source);
  const { module } = file.procedure;
  const path = ["procedure", "module"];
  try {
    const loaded = (await import(pathToFileURL(resolve(dirname(source.file), module)).href)) as {
      procedure?: unknown;
    };
    if (typeof loaded.procedure !== "function") {
      faults.add(
        "campaign.bad-module",
        path,
        `"${module}" exports no function \`procedure\``,
        "export function procedure() { return [ …steps ]; }",
      );
      return { kind: "faults", faults: faults.faults };
    }
    const steps: unknown = await (loaded.procedure as () => unknown)();
    const checked = checkSteps(module, steps);
    if (checked.kind === "steps") return checked;
    for (const { message, advice } of checked.faults)
      faults.add("campaign.bad-module", path, `what "${module}" returns is no procedure: ${message}`, advice);
  } catch (error) {
    if (!existsSync(resolve(dirname(source.file), module))) {
      faults.add(
        "campaign.bad-module",
        path,
        `there is no module "${module}"`,
        "look at the path; it begins at the campaign file",
      );
      return { kind: "faults", faults: faults.faults };
    }
    const text = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
    const typescript =
      module.endsWith(".ts") && (error as { code?: string }).code === "ERR_UNKNOWN_FILE_EXTENSION";
    faults.add(
      "campaign.bad-module",
      path,
      `"${module}" can't be loaded: ${text}`,
      typescript
        ? "this version of Node.js reads no TypeScript: use Node.js 24, or compile the module to .js"
        : "mend the module",
    );
  }
  return { kind: "faults", faults: faults.faults };
}

/** Checks what a module returned like the steps of a file. */
function checkSteps(module: string, steps: unknown): Steps {
  const parsed = parseSourceFile(module, JSON.stringify({ procedure: steps ?? null }, null, 2));
  if (parsed.kind === "faults") return parsed;
  const checked = checkSchema(parsed.source, z.object({ procedure: stepSchema.array().min(1) }));
  return checked.kind === "faults" ? checked : { kind: "steps", steps: checked.data.procedure };
}
