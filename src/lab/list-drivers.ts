import { fileURLToPath } from "node:url";
import type { AnyDriver } from "../instrument/index.ts";
import { included, loadDriver } from "./driver-registry.ts";

/** The drivers that come with labloop, by vendor and model. */
export async function listDrivers(): Promise<AnyDriver[]> {
  const here = fileURLToPath(import.meta.url);
  const loaded = await Promise.all(included("driver").map((name) => loadDriver(name, here)));
  return loaded.flatMap((each) => (each.kind === "loaded" ? [each.value] : []));
}
