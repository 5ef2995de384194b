import { suggest } from "../../base/suggest.ts";
import type { WrittenCampaign } from "../schema/campaign-schema.ts";
import type { WrittenStep } from "../schema/step-schema.ts";
import { action } from "./action-name.ts";
import type { FaultCollector } from "./faults.ts";
import type { InstrumentCatalogue } from "./instrument-catalogue.ts";

/** Checks that every role names an instrument of the lab, and that some step uses it. */
export function checkRoles(
  faults: FaultCollector,
  file: WrittenCampaign,
  catalogue: InstrumentCatalogue,
  steps: readonly WrittenStep[],
): void {
  const used = new Set(steps.flatMap(rolesOf));
  for (const [role, instrument] of Object.entries(file.instruments ?? {})) {
    const path = ["instruments", role];
    if (!Object.hasOwn(catalogue, instrument))
      faults.add(
        "campaign.no-instrument",
        path,
        `the lab has no instrument "${instrument}"`,
        suggest(instrument, Object.keys(catalogue), "its instruments"),
      );
    else if (!used.has(role))
      faults.warn(
        "campaign.unused",
        path,
        `no step uses the role "${role}"`,
        "take it out, or name it in the procedure",
      );
  }
}

function rolesOf(step: WrittenStep): string[] {
  if ("do" in step) return [action(step.do).role];
  if ("measure" in step) return [action(step.measure).role];
  if ("hold" in step) return [...[step.hold].flat(), ...step.steps.flatMap(rolesOf)];
  const inner = [
    ...("poll" in step ? step.poll : []),
    ...("steps" in step ? step.steps : []),
    ...("else" in step ? (step.else ?? []) : []),
    ...("parallel" in step ? step.parallel.flat() : []),
  ];
  return inner.flatMap(rolesOf);
}
