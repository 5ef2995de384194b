import { existsSync, readdirSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { type Fault, nearestName } from "../base/fault.ts";
import type { AnyDriver, AnySimulator, ProcessDefinition } from "../instrument/index.ts";

/** A module that was loaded, or why not. */
export type Loaded<T> =
  | { readonly kind: "loaded"; readonly value: T }
  /** `absent`: there is none, rather than one that is broken. */
  | { readonly kind: "failed"; readonly fault: Fault; readonly absent?: true };

/** Loads a driver by vendor and model, package, or path from the lab file. */
export function loadDriver(name: string, labFile: string): Promise<Loaded<AnyDriver>> {
  return load<AnyDriver>(name, labFile, "driver", [`labloop/drivers/${name}`, name]);
}

/** Loads the simulated instrument that plays a driver's instrument. */
export function loadSimulator(name: string, labFile: string): Promise<Loaded<AnySimulator>> {
  return load<AnySimulator>(name, labFile, "simulator", [`labloop/simulators/instruments/${name}`, name]);
}

/** Loads a simulated process. */
export function loadProcess(name: string, labFile: string): Promise<Loaded<ProcessDefinition>> {
  return load<ProcessDefinition>(name, labFile, "process", [`labloop/simulators/processes/${name}`, name]);
}

async function load<T>(
  name: string,
  labFile: string,
  what: "driver" | "simulator" | "process",
  places: readonly string[],
): Promise<Loaded<T>> {
  const path = resolve(dirname(labFile), name);
  const candidates = name.startsWith(".") ? [pathToFileURL(path).href] : places;
  if (name.startsWith(".") && !existsSync(path)) return missing(name, what);
  for (const candidate of candidates) {
    try {
      const module = (await import(candidate)) as Readonly<Record<string, unknown>>;
      const value = module[what];
      if (value !== undefined) return { kind: "loaded", value: value as T };
      return absent(`lab.no-${what}`, `"${name}" exports no \`${what}\``, `export const ${what} = …`);
    } catch (error) {
      if (!isMissing(error, candidate)) {
        const text = error instanceof Error ? error.message : String(error);
        return failed(`lab.no-${what}`, `"${name}" can't be loaded: ${text}`, "mend the module");
      }
    }
  }
  return missing(name, what);
}

function isMissing(error: unknown, candidate: string): boolean {
  const { code, message } = error as { code?: string; message?: string };
  // Test runners resolve modules themselves and give no code.
  const none =
    code === "ERR_MODULE_NOT_FOUND" ||
    code === "ERR_PACKAGE_PATH_NOT_EXPORTED" ||
    /Cannot find (module|package)|Failed to (resolve|load)|Missing "/.test(message ?? "");
  const [, missed] = /Cannot find package '([^']+)'/.exec(message ?? "") ?? [];
  if (missed !== undefined && candidate.startsWith(`${missed}/`)) return true;
  return none && (message ?? "").includes(candidate.split("/").at(-1) ?? candidate);
}

function missing<T>(name: string, what: "driver" | "simulator" | "process"): Loaded<T> {
  const known = included(what);
  const near = nearestName(name, known);
  return absent(
    `lab.no-${what}`,
    `there is no ${what} "${name}"`,
    near === undefined ? `with labloop come: ${known.join(", ")}` : `did you mean "${near}"?`,
  );
}

/** Sources and build have these at the same distance. */
const PLACES = {
  driver: { folder: "../../drivers", depth: 2 },
  simulator: { folder: "../../simulators/instruments", depth: 2 },
  process: { folder: "../../simulators/processes", depth: 1 },
} as const;

/** Names of the drivers, simulators or processes that come with labloop. */
export function included(what: keyof typeof PLACES): string[] {
  const { folder, depth } = PLACES[what];
  const root = fileURLToPath(new URL(folder, import.meta.url));
  const first = folders(root);
  const names =
    depth === 1
      ? first
      : first.flatMap((vendor) => folders(`${root}/${vendor}`).map((model) => `${vendor}/${model}`));
  return names.filter((name) => ["ts", "js"].some((end) => existsSync(`${root}/${name}/index.${end}`)));
}

function folders(path: string): string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

function absent<T>(code: string, message: string, advice: string): Loaded<T> {
  return { kind: "failed", fault: { code, message, advice }, absent: true };
}

function failed<T>(code: string, message: string, advice: string): Loaded<T> {
  return { kind: "failed", fault: { code, message, advice } };
}
