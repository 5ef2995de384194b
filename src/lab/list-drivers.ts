import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { AnyDriver } from "../instrument/index.ts";
import { loadDriver } from "./driver-registry.ts";

/** Sources and build have the drivers at the same distance. */
const DRIVERS = fileURLToPath(new URL("../../drivers", import.meta.url));

/** The drivers that come with labloop, by vendor and model. */
export async function listDrivers(): Promise<AnyDriver[]> {
  const names = folders(DRIVERS).flatMap((vendor) =>
    folders(`${DRIVERS}/${vendor}`).map((model) => `${vendor}/${model}`),
  );
  const loaded = await Promise.all(names.map((name) => loadDriver(name, DRIVERS)));
  return loaded.flatMap((each) => (each.kind === "loaded" ? [each.value] : []));
}

function folders(path: string): string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
