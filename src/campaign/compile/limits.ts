import type { Unit } from "../../base/unit.ts";
import type { OutcomeLimit } from "../../experiment/design/task/outcome-limit.ts";
import type { WrittenCampaign } from "../schema/campaign-schema.ts";
import type { FaultCollector } from "./faults.ts";
import { noMeasurement } from "./goal.ts";
import { readIn } from "./values.ts";

/** What measurements should keep; what is wrong with it goes to the faults. */
export function compileLimits(
  faults: FaultCollector,
  { limits = {} }: Pick<WrittenCampaign, "limits">,
  units: ReadonlyMap<string, Unit>,
): OutcomeLimit[] {
  return Object.entries(limits).flatMap(([measurement, { min, max }]): OutcomeLimit[] => {
    const path = ["limits", measurement];
    const unit = units.get(measurement);
    if (unit === undefined) {
      noMeasurement(faults, path, measurement, units);
      return [];
    }
    const atLeast = min === undefined ? undefined : readIn(faults, [...path, "min"], min, unit);
    const atMost = max === undefined ? undefined : readIn(faults, [...path, "max"], max, unit);
    if (min === undefined && max === undefined)
      faults.add("campaign.bad-goal", path, "this limit has no end", "give it min, max or both");
    if (atLeast !== undefined && atMost !== undefined && atLeast >= atMost)
      faults.add(
        "campaign.empty-range",
        path,
        `no result of "${measurement}" keeps this limit: min is not below max`,
        "exchange min and max",
      );
    return [
      {
        measurement,
        ...(atLeast === undefined ? {} : { atLeast }),
        ...(atMost === undefined ? {} : { atMost }),
      },
    ];
  });
}
