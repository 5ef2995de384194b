import type { FaultCollector } from "../../campaign/compile/faults.ts";
import { type LabResource, type LabResources, numbersTo } from "../../campaign/compile/lab-resources.ts";
import type { WrittenLab } from "../lab-schema.ts";

/** What of a lab experiments can take for a while, or share. */
export function readResources(faults: FaultCollector, file: WrittenLab): LabResources {
  const resources: Record<string, LabResource> = {};
  for (const [name, written] of Object.entries(file.resources ?? {})) {
    if (Object.hasOwn(file.instruments, name))
      faults.add(
        "lab.bad-resource",
        ["resources", name],
        `"${name}" is an instrument already, which experiments can hold as it is`,
        "take it out here, or choose another name",
      );
    resources[name] = {
      places: typeof written.places === "number" ? numbersTo(written.places) : written.places,
      setup: written.setup ?? [],
      cleanUp: written.clean_up ?? [],
    };
  }
  const channels = Object.entries(file.instruments).flatMap(([name, { at_once: channel }]) =>
    channel === undefined ? [] : [[name, channel] as const],
  );
  return { resources, channels: Object.fromEntries(channels) };
}
